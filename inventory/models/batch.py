"""Batch jobs of a night, a month or a year, backups, and what holds for all of them.

Leaves when they end to `simulation`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt

from inventory.models.record import Id, Named, Record, Stated, Text
from inventory.quantities import Clock, Duration, Fraction, Rate, Size, Throughput

Calendar = Literal["nightly", "monthly", "yearly"]
Nights = Literal["every", "after-business-day", "before-business-day"]
IfClosed = Literal["same-day", "next-business-day", "previous-business-day"]
Restart = Literal["rerun", "step", "hold"]
Decider = Literal["operator", "city", "nobody"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Spread(Record):
    """How a time varies: triangular between `low` and `high` times its most likely value."""

    low: float = Field(gt=0, le=1)
    high: float = Field(ge=1)


class Job(Stated):
    """A job: what it follows, from when it may run, until when it must be done, where and how long.

    Times of day count from noon to noon, so that a night is one: 22:00 comes before 05:00. `month` is that of a yearly
    job; `day` (of the month) or `business_day` (its number in the month, negative from the end) that of a monthly or
    yearly one, moved by `if_closed` where the offices are closed. `nights` says which nights a nightly job runs in.

    `takes` is the most likely time; with `forms`, a bulk form run, each form (and so each taxpayer) adds `per_form`.
    `moves` is what it sends over the circuits to its city's hall, or to the emergency counter that it `fills`; a job
    that `sends_to` the printing site sends the data of its `forms` there. `follows_day_load`: it lasts longer where the
    day was busy. `fails` is the chance of each attempt; `restart` what then happens: it runs again, goes on from the
    step (of `steps`) that failed, or is held until someone decides. `skipped_by`: who may decide to leave it out.
    """

    group: Id
    city: Id
    calendar: Calendar
    nights: Nights = "every"
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    business_day: int | None = Field(default=None, ge=-15, le=15)
    if_closed: IfClosed = "same-day"
    after: tuple[Id, ...] = ()
    release_s: Clock = Field(alias="release")
    deadline_s: Clock = Field(alias="deadline")
    takes_s: Duration = Field(alias="takes")
    forms: Id | None = None
    per_form_s: Duration = Field(default=0.0, alias="per_form")
    spread: Spread | None = None
    follows_day_load: bool = False
    runs_on: Id
    moves_bytes: Size = Field(default=0.0, alias="moves")
    sends_to: Literal["city", "printing-site"] = "city"
    fills: Id | None = None
    fails: Fraction | None = None
    restart: Restart | None = None
    steps: PositiveInt = 1
    skipped_by: Decider = "city"
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

    `rpo` is the longest time whose data may be lost, `rto` the longest until the data are back. With a `weekday` it is
    made in the night that begins on that day alone.
    """

    of: Id
    method: Literal["full", "incremental", "log"]
    at_s: Clock = Field(alias="at")
    weekday: Weekday | None = None
    generations: PositiveInt
    kept_at: Id
    size_bytes: Size = Field(alias="size")
    rpo_s: Duration = Field(alias="rpo")
    rto_s: Duration = Field(alias="rto")
    encrypted: bool


class BatchServer(Record):
    """What a machine gives its jobs: how many run at once, and what its disk reads."""

    jobs_at_once: PositiveInt
    disk_bytes_per_s: Throughput = Field(alias="disk")


class BusyDay(Named):
    """Days after which jobs that follow the day's load last `factor` times as long: a weekday or a business day."""

    weekday: Weekday | None = None
    business_day: int | None = Field(default=None, ge=-15, le=15)
    factor: float = Field(ge=1)


class OnFailure(Record):
    """What follows a failed attempt: someone notices and decides after `low` to `high`; at most so many `attempts`."""

    low_s: Duration = Field(alias="low")
    mode_s: Duration = Field(alias="mode")
    high_s: Duration = Field(alias="high")
    attempts: int = Field(ge=1, le=5)


class PrintingLine(Named):
    """The line from the data centre to the printing site, which all cities' form runs share."""

    rate_bps: Rate = Field(alias="rate")


class Batch(Record):
    """What holds for the nights of all jobs, unless a job says otherwise.

    `opens` is when the counters open and all must be done. `year` is the fiscal year (from April) whose nights are
    looked through; offices are closed as `office_days` says. `spread` is how a job varies by itself, `day_spread` how
    all jobs of a city's night vary together. `risk` is the chance of missing `opens` up to which a decision may wait.
    `run_by`, `watched_by` are the responsibilities for jobs and for the watch, `manual` the volume of the manual.
    """

    opens_s: Clock = Field(alias="opens")
    year: int = Field(ge=1990, le=2100)
    spread: Spread
    day_spread: Spread
    fails: Fraction
    restart: Restart
    on_failure: OnFailure
    risk: Fraction
    busy_days: dict[Id, BusyDay] = Field(default_factory=dict)
    servers: dict[Id, BatchServer]
    stores: dict[Id, Throughput] = Field(default_factory=dict)
    printing: PrintingLine | None = None
    run_by: Id | None = None
    watched_by: Id | None = None
    manual: Id | None = None

    @property
    def opens_in_night_s(self) -> float:
        """When the counters open, in seconds after noon."""
        return in_night(self.opens_s)


def in_night(clock_s: float) -> float:
    """Return a time of day (s after midnight) as seconds after the noon before it."""
    return (clock_s - 43200.0) % 86400.0
