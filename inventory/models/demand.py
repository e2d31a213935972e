"""What the cities' work asks of servers and circuits: applications, the calendar of their load, the stations.

Rates per user and resident stay in `load`, machines in `devices` and `platform`. Leaves how long things take to
`simulation`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from inventory.models.facility import Day
from inventory.models.offices import DayOfYear
from inventory.models.record import Id, Named, Record, Showing
from inventory.quantities import Duration, Fraction, Rate, Size

Kind = Literal["transactions", "certificates", "messages"]
Hour = Literal[
    "00:00", "01:00", "02:00", "03:00", "04:00", "05:00", "06:00", "07:00", "08:00", "09:00", "10:00", "11:00",
    "12:00", "13:00", "14:00", "15:00", "16:00", "17:00", "18:00", "19:00", "20:00", "21:00", "22:00", "23:00",
]  # fmt: skip


class EveryYear(Record):
    """Days of every year, both ends included; a `first` later than `last` goes over the turn of the year."""

    first: DayOfYear
    last: DayOfYear


class Days(Record):
    """Days of one year, both ends included."""

    first: Day
    last: Day


class Season(Named):
    """Days on which some applications are asked `factor` times as much: each year's, one year's, or a month's last.

    `opens` says that those who use the applications work on these days even where the calendar has them closed.
    """

    factor: PositiveFloat
    every_year: EveryYear | None = None
    days: Days | None = None
    last_business_days: PositiveInt | None = None
    opens: bool = False

    @model_validator(mode="after")
    def _one_rule(self) -> Season:
        if sum(rule is not None for rule in (self.every_year, self.days, self.last_business_days)) != 1:
            raise ValueError("the season has no days or several kinds|one of every_year, days or last_business_days")
        return self


class Asked(Record):
    """How often something is asked of an application, and what one such request takes.

    How often: `weight` is a part of all that its city asks of this kind, beside the weights of other applications;
    `per_staff_day` counts for each member of staff instead. Times are of one core at full speed; disk operations are
    those of the database; bytes are payload between the users and the application server.
    """

    weight: PositiveFloat | None = None
    per_staff_day: PositiveFloat | None = None
    application_cpu_s: Duration = Field(alias="application_cpu")
    database_cpu_s: Duration = Field(alias="database_cpu")
    disk_operations: float = Field(ge=0)
    up_bytes: Size = Field(default=0.0, alias="up")
    down_bytes: Size = Field(default=0.0, alias="down")

    @model_validator(mode="after")
    def _one_count(self) -> Asked:
        if (self.weight is None) == (self.per_staff_day is None):
            raise ValueError("it is not said how often this is asked|one of weight or per_staff_day")
        return self


class Application(Named):
    """What users work with: a service, when in the day and year it is asked, and what of it.

    `moves` is the part of its work that follows the months' moves of residents. On `counter` applications the first day
    after closed days and the peak day of the year bear, as `load` states their factors. `calls` is its weight among the
    calls at the helpdesk.
    """

    service: Id
    profile: Id
    seasons: tuple[Id, ...] = ()
    moves: Fraction = 0.0
    counter: bool = False
    calls: float = Field(default=0.0, ge=0)
    asks: dict[Kind, Asked] = Field(min_length=1)


class Station(Named):
    """What machines of a kind can do at once; each machine is a station of its own.

    `cores` replaces the machine's own number where the record of the machine is that of a lab. `at_once` is how many
    requests it works on: threads of an application server, connections of a database; `backlog` is how many more wait
    before it refuses. `disks` work side by side, `disk_operation` is the time of one.
    """

    machines: tuple[Id, ...] = Field(min_length=1)
    cores: PositiveInt | None = None
    at_once: int = Field(ge=1, le=100_000)
    backlog: int = Field(ge=0, le=100_000)
    disks: PositiveInt
    disk_operation_s: Duration = Field(alias="disk_operation")


class BestEffort(Record):
    """The rate that a best-effort line really gives, hour by hour: a triangular distribution."""

    least_bps: Rate = Field(alias="least")
    likely_bps: Rate = Field(alias="likely")
    most_bps: Rate = Field(alias="most")


class Answering(Record):
    """The helpdesk as a station: calls per user and day, how many answer at a time, how long one call takes."""

    calls_per_user_day: PositiveFloat
    agents: PositiveInt
    handling_s: Duration = Field(alias="handling")


class Limits(Record):
    """What a planner calls full: the share of a station or circuit in use, and the response of a screen."""

    utilisation: float = Field(gt=0, le=1)
    response_s: Duration = Field(alias="response")


class Demand(Showing):
    """The interactive load of days.

    `default_day` is the day that is looked at when none is named. `closed_day` is the part of a mean business day that
    is asked while the offices are closed (weekends, holidays, `office_days`). Days of a kind differ by the coefficient
    `day_variation`. A user takes `think` between an answer and the next request; service times have the squared
    coefficient of variation `service_scv`; an answer takes `round_trips` on the circuits. What is asked grows by
    `growth` a year.
    """

    default_day: Day
    closed_day: Fraction
    day_variation: float = Field(ge=0, le=1)
    think_s: Duration = Field(alias="think")
    messages_per_transaction: float = Field(ge=0)
    service_scv: float = Field(ge=0)
    round_trips: PositiveInt
    job_cores: PositiveInt
    growth: float = Field(ge=0, le=1)
    helpdesk: Answering
    limits: Limits
    profiles: dict[Id, dict[Hour, float]] = Field(min_length=1)
    seasons: dict[Id, Season] = Field(default_factory=dict)
    applications: dict[Id, Application] = Field(min_length=1)
    stations: dict[Id, Station] = Field(min_length=1)
    best_effort: dict[Id, BestEffort] = Field(default_factory=dict)
