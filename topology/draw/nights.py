"""The nights of an estate's jobs: an ordinary one, and each on which a monthly or yearly job runs as well.

Ends are those without contention: a job starts at its release or when the last of what it waits for has ended, and
takes its most likely time.
"""

from __future__ import annotations

import dataclasses
import math

from inventory.models.batch import Job
from inventory.models.estate import EstateRecords
from inventory.volume import likely_s

NOON_S, DAY_S = 43200.0, 86400.0


@dataclasses.dataclass(frozen=True)
class Night:
    """A kind of night: the month and day that it is of, all None for an ordinary one, and the jobs that run.

    `business_day` counts the month's business days, from its end where it is negative; `takes_s` is by job.
    """

    month: int | None
    day: int | None
    business_day: int | None
    jobs: dict[str, Job]
    takes_s: dict[str, float]

    @property
    def ordinary(self) -> bool:
        """Whether nightly jobs alone run."""
        return self.day is None and self.business_day is None

    @property
    def name(self) -> str:
        """A name for files: `nightly`, `day-01`, `04-05`, `business-day-1`."""
        if self.ordinary:
            return "nightly"
        day = f"business-day-{self.business_day}" if self.day is None else f"{self.day:02d}"
        if self.month is not None:
            return f"{self.month:02d}-{day}"
        return day if self.day is None else f"day-{day}"

    def before(self, id_: str) -> tuple[str, ...]:
        """Return what a job waits for this night."""
        return tuple(name for name in self.jobs[id_].after if name in self.jobs)

    def ends_s(self) -> dict[str, float]:
        """Return when each job ends at the earliest, in seconds after noon; the jobs have no circle."""
        ends: dict[str, float] = {}
        while len(ends) < len(self.jobs):
            for id_, job in self.jobs.items():
                if id_ not in ends and all(name in ends for name in self.before(id_)):
                    begin = max([job.release_in_night_s, *(ends[name] for name in self.before(id_))])
                    ends[id_] = begin + self.takes_s[id_]
        return ends


def nights(records: EstateRecords) -> tuple[Night, ...]:
    """Return the kinds of nights, the ordinary one first; none where there are no jobs."""
    if not records.jobs:
        return ()
    kinds = {(job.month or 0, job.day or 0, job.business_day or 0) for job in records.jobs.values()}
    return tuple(_night(records, *(part or None for part in kind)) for kind in sorted(kinds | {(0, 0, 0)}))


def _night(records: EstateRecords, month: int | None, day: int | None, business_day: int | None) -> Night:
    """Return the night of a kind: every nightly job, the monthly ones of the day, the yearly ones of the date."""

    def runs(job: Job) -> bool:
        if job.calendar == "nightly":
            return True
        return (job.day, job.business_day) == (day, business_day) and job.month in {None, month}

    jobs = {id_: job for id_, job in records.jobs.items() if runs(job)}
    return Night(month, day, business_day, jobs, {id_: likely_s(records, job) for id_, job in jobs.items()})


def whole_minutes(takes_s: float) -> int:
    """Return how long something takes, for people: to the minute, at least one."""
    return max(1, round(takes_s / 60))


def slack_min(job: Job, end_s: float) -> int:
    """Return the whole minutes that a job has left before its deadline when it ends (s after noon)."""
    return math.floor((job.deadline_in_night_s - end_s) / 60)


def clock(after_noon_s: float) -> str:
    """Return a time of a night as a time of day."""
    minutes = round((after_noon_s + NOON_S) % DAY_S / 60)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
