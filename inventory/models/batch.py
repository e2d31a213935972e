"""Batch jobs of a night, a month or a year, and backups. Leaves when they end to `simulation`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt

from inventory.models.record import Id, Stated, Text
from inventory.quantities import Clock, Duration, Size

Calendar = Literal["nightly", "monthly", "yearly"]


class Job(Stated):
    """A job: what it follows, from when it may run, until when it must be done, where and how long.

    Times of day count from noon to noon, so that a night is one: 22:00 comes before 05:00. `month` is that of a yearly
    job, `day` the day of the month of a monthly or yearly one. `moves` is what it sends over the circuits of its city,
    `fills` the emergency counter that it copies to.
    """

    group: Id
    city: Id
    calendar: Calendar
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    after: tuple[Id, ...] = ()
    release_s: Clock = Field(alias="release")
    deadline_s: Clock = Field(alias="deadline")
    takes_s: Duration = Field(alias="takes")
    runs_on: Id
    fills: Id | None = None
    moves_bytes: Size = Field(default=0.0, alias="moves")
    on_failure_ja: Text | None = None
    on_failure: Text | None = None

    @property
    def release_in_night_s(self) -> float:
        """When it may run, in seconds after noon."""
        return in_night(self.release_s)

    @property
    def deadline_in_night_s(self) -> float:
        """When it must be done, in seconds after noon."""
        return in_night(self.deadline_s)


class Backup(Stated):
    """A set of backups: of which device, how, when, how many are kept where, what may be lost and how long it takes.

    `rpo` is the longest time whose data may be lost, `rto` the longest until the data are back.
    """

    of: Id
    method: Literal["full", "incremental", "log"]
    at_s: Clock = Field(alias="at")
    generations: PositiveInt
    kept_at: Id
    size_bytes: Size = Field(alias="size")
    rpo_s: Duration = Field(alias="rpo")
    rto_s: Duration = Field(alias="rto")
    encrypted: bool


def in_night(clock_s: float) -> float:
    """Return a time of day (s after midnight) as seconds after the noon before it."""
    return (clock_s - 43200.0) % 86400.0
