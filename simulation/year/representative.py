"""Representative days of a fiscal year: the heaviest by themselves, the others by strata of alike days.

The `PEAKS` days on which most is asked and the `NIGHTS` nights that send most stand for themselves. The rest, closed
and open days apart, are ordered by what is asked and cut into strata of equal size; the day of each that is nearest
to its mean stands for all of it. Weights add to the days of the year.
"""

from __future__ import annotations

import datetime as dt

from simulation.day.world import World
from simulation.demand.calendar import days_of

COUNT = 28
PEAKS, NIGHTS = 4, 3
CLOSED = 4


def representative_days(world: World, year: int, count: int = COUNT) -> list[tuple[dt.date, int]]:
    """Return days with how many days of the year each stands for, in the order of the calendar."""
    days = list(days_of(year))
    asked = {day: float(world.plant.arrivals.expected(day)[0].sum()) for day in days}
    sent = {day: world.nights.sent_bytes(day) for day in days}
    alone = sorted(days, key=lambda day: (-asked[day], day))[:PEAKS]
    alone += [day for day in sorted(days, key=lambda day: (-sent[day], day)) if day not in alone][:NIGHTS]
    rest = [day for day in days if day not in alone]
    calendar = world.plant.arrivals.calendar
    closed = [day for day in rest if not calendar.is_open(day)]
    opened = [day for day in rest if calendar.is_open(day)]
    chosen = [(day, 1) for day in alone]
    for some, strata in ((closed, CLOSED), (opened, count - PEAKS - NIGHTS - CLOSED)):
        ordered = sorted(some, key=lambda day: (asked[day], sent[day], day))
        for number in range(strata):
            stratum = ordered[len(ordered) * number // strata : len(ordered) * (number + 1) // strata]
            if stratum:
                mean = sum(asked[day] for day in stratum) / len(stratum)
                nearest = min(stratum, key=lambda day: (abs(asked[day] - mean), day))
                chosen.append((nearest, len(stratum)))
    return sorted(chosen)
