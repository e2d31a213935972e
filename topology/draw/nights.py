"""The nights of an estate's jobs: an ordinary one, and each on which a monthly or yearly job runs as well.

Ends are those without contention: a job starts at its release or when the last of what it waits for has ended.
"""

from __future__ import annotations

import dataclasses

from inventory.models.batch import Job

NOON_S, DAY_S = 43200.0, 86400.0


@dataclasses.dataclass(frozen=True)
class Night:
    """A kind of night: the month and day that it is of, both None for an ordinary one, and the jobs that run."""

    month: int | None
    day: int | None
    jobs: dict[str, Job]

    @property
    def name(self) -> str:
        """A name for files: `nightly`, `day-01`, `04-05`."""
        if self.day is None:
            return "nightly"
        return f"day-{self.day:02d}" if self.month is None else f"{self.month:02d}-{self.day:02d}"

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
                    ends[id_] = begin + job.takes_s
        return ends


def nights(jobs: dict[str, Job]) -> tuple[Night, ...]:
    """Return the kinds of nights, the ordinary one first; none where there are no jobs."""
    if not jobs:
        return ()
    days = sorted({(0, job.day) for job in jobs.values() if job.calendar == "monthly" and job.day})
    days += sorted({(job.month, job.day) for job in jobs.values() if job.month and job.day})
    kinds = [(None, None), *((month or None, day) for month, day in days)]
    return tuple(Night(month, day, _jobs(jobs, month, day)) for month, day in kinds)


def _jobs(jobs: dict[str, Job], month: int | None, day: int | None) -> dict[str, Job]:
    """Return the jobs of a night: every nightly one, the monthly ones of the day, the yearly ones of the date."""

    def runs(job: Job) -> bool:
        if job.calendar == "nightly":
            return True
        return job.day == day and job.month in {None, month}

    return {id_: job for id_, job in jobs.items() if runs(job)}


def clock(after_noon_s: float) -> str:
    """Return a time of a night as a time of day."""
    minutes = round((after_noon_s + NOON_S) % DAY_S / 60)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
