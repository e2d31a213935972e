"""The nights of a year by kind, the heaviest of them, and an ordinary one: found by playing each kind, not stated."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

from inventory.models.estate import Estate
from simulation.batch.calendar import day_factor, is_made_on, nights_of_year, runs_on
from simulation.batch.layout import described
from simulation.batch.played import play
from simulation.draws import Streams
from topology.business_days import BusinessDays, business_days

Progress = Callable[[int, int], None]
Kind = tuple[tuple[str, ...], tuple[str, ...], float]
REPLICATIONS = 100


@dataclasses.dataclass(frozen=True)
class KindOfNight:
    """Nights on which the same runs after an equally busy day. `ordinary`: counters were open and will be."""

    dates: tuple[dt.date, ...]
    jobs: tuple[str, ...]
    factor: float
    ordinary: bool


def kinds_of_nights(estate: Estate) -> tuple[KindOfNight, ...]:
    """Return the kinds of the nights of the estate's year, those of most nights first."""
    batch, records = described(estate), estate.records
    days = business_days(estate.records)
    found: dict[Kind, list[dt.date]] = {}
    for date in nights_of_year(batch.year):
        jobs = tuple(sorted(id_ for id_, job in records.jobs.items() if runs_on(job, date, days)))
        backups = tuple(sorted(id_ for id_, backup in records.backups.items() if is_made_on(backup, date)))
        found.setdefault((jobs, backups, day_factor(batch, date, days)), []).append(date)
    kinds = [
        KindOfNight(tuple(dates), (*jobs, *backups), factor, _between(days, dates[0]))
        for (jobs, backups, factor), dates in found.items()
    ]
    return tuple(sorted(kinds, key=lambda kind: (-len(kind.dates), kind.dates)))


def ordinary_night(kinds: tuple[KindOfNight, ...]) -> dt.date:
    """Return the first night of the kind that comes most often between two days with open counters."""
    usual = [kind for kind in kinds if kind.ordinary] or list(kinds)
    return usual[0].dates[0]


def heaviest_nights(
    estate: Estate, count: int, seed: int, kinds: tuple[KindOfNight, ...], progress: Progress | None = None
) -> tuple[tuple[dt.date, float], ...]:
    """Return the heaviest nights of the year with their hours of work, the heaviest first; of equals the earlier.

    The heaviest has the most hours of jobs and backups on servers, in the mean of `REPLICATIONS` plays.
    """
    rated = []
    streams = Streams(seed, REPLICATIONS)
    for number, kind in enumerate(kinds):
        weight = play(estate, kind.dates[0], streams).work_h()
        rated += [(-weight, date) for date in kind.dates]
        if progress is not None:
            progress(number + 1, len(kinds))
    return tuple((date, -weight) for weight, date in sorted(rated)[:count])


def _between(days: BusinessDays, date: dt.date) -> bool:
    return days.is_open(date) and days.is_open(date + dt.timedelta(days=1))
