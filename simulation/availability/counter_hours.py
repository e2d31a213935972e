"""When counters are open through a year: 52 whole weeks, holidays taken out, as hours to reckon availability of.

Whole weeks, so that crews' hours and windows fall on the same days in every year of a life.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from inventory.models.estate import Estate
from simulation.availability.hours import ALL_HOURS, Hours
from simulation.errors import MechanismInvalid
from topology.business_days import business_days

HOUR_S = 3600.0
WEEKS = 52
COUNTER = "counter hours"


@dataclasses.dataclass(frozen=True)
class CounterHours:
    """Opening and closing (h), the first day of the 52 weeks, and how many business days each weekday has in them."""

    opens_h: float
    closes_h: float
    begins: dt.date
    hours: Hours
    by_weekday: tuple[int, ...]

    @property
    def days(self) -> int:
        """Business days in the 52 weeks."""
        return sum(self.by_weekday)

    @property
    def per_year_h(self) -> float:
        """Counter hours in the 52 weeks."""
        return self.hours.per_period_h

    def per(self, hours: str) -> str:
        """Return a denominator in words."""
        if hours == ALL_HOURS.name:
            return "24 h × 365"
        return f"{COUNTER}: {self.days} business days × {self.closes_h - self.opens_h:g} h, 52 weeks from {self.begins}"

    def minutes(self, hours: str) -> float:
        """Return the minutes of a year in a denominator."""
        return 60 * (8760.0 if hours == ALL_HOURS.name else self.per_year_h)


def counter_hours(estate: Estate) -> CounterHours:
    """Return when an estate's counters are open; raises MechanismInvalid where it does not say."""
    stated, load = estate.records.availability, estate.records.load
    if stated is None:
        missing = f"the estate `{estate.name}` has no section `availability`, expected its year and promises"
        raise MechanismInvalid([missing])
    opens_s = load.opens_s if load else stated.opens_s
    closes_s = load.closes_s if load else stated.closes_s
    assert opens_s is not None
    assert closes_s is not None
    open_days = business_days(estate.records)
    begins = dt.date(stated.year, 1, 1)
    begins += dt.timedelta(days=-begins.weekday() % 7)
    windows, by_weekday = [], [0] * 7
    for number in range(7 * WEEKS):
        day = begins + dt.timedelta(days=number)
        if open_days.is_open(day):
            windows.append((24.0 * number + opens_s / HOUR_S, 24.0 * number + closes_s / HOUR_S))
            by_weekday[day.weekday()] += 1
    hours = Hours(COUNTER, 168.0 * WEEKS, tuple(windows))
    return CounterHours(opens_s / HOUR_S, closes_s / HOUR_S, begins, hours, tuple(by_weekday))
