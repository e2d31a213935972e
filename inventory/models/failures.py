"""What fails, how often and for how long, who repairs it, and what is promised for a year of it.

Leaves how the failures of parts become those of services to `simulation.availability`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PositiveInt, StringConstraints

from inventory.models.record import Id, Named, Record
from inventory.quantities import Clock, Duration, Fraction

EntryPath = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=80)]
"""The dotted path of an entry that can fail, such as `circuits.main-line`."""
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class FailureFigure(Named):
    """Mean time between failures and to repair of one kind of thing, or of the entries that `of` names.

    `mttr_s` counts from the arrival of the crew, or from the failure where nobody has to come (`on_site` false:
    software that is started again from afar; no crew at all: a carrier's own repair). `repair_scv` is the squared
    coefficient of variation of the time to repair (0 constant, 1 exponential). `common_cause` is the share of the
    failures that hits all circuits of the provider at once. `switch_over_s` is how long users wait until what is left
    has taken over; with the chance `switch_over_fails` somebody does it `by_hand_s`. `restore_s` is how long data take
    to come back after more disks failed than may.
    """

    mtbf_s: Duration = Field(alias="mtbf")
    mttr_s: Duration = Field(alias="mttr")
    common_cause: Fraction = 0.0
    of: tuple[EntryPath, ...] = ()
    repair_scv: float = Field(default=1.0, ge=0, le=100)
    crew: Id | None = None
    on_site: bool = True
    switch_over_s: Duration = Field(default=0.0, alias="switch_over")
    switch_over_fails: Fraction = 0.0
    by_hand_s: Duration | None = Field(default=None, alias="by_hand")
    restore_s: Duration | None = Field(default=None, alias="restore")


class RepairCrew(Named):
    """Who comes to repair: for what stands under `contracts`, how many at once, how soon, in which hours of service.

    Without `opens` and `closes` they work around the clock. Outside their hours neither the response nor the repair
    goes on.
    """

    contracts: tuple[Id, ...] = ()
    crews: PositiveInt
    response_s: Duration = Field(alias="response")
    days: Literal["every-day", "weekdays"] = "every-day"
    opens_s: Clock | None = Field(default=None, alias="opens")
    closes_s: Clock | None = Field(default=None, alias="closes")


class Hazard(Named):
    """What takes down whole sites: mean time between events, the chance that each site is lost, for how long."""

    kind: Literal["earthquake", "flood", "fire", "landslide"]
    every_s: Duration = Field(alias="every")
    hits: dict[Id, Fraction] = Field(min_length=1)
    out_for_s: Duration = Field(alias="out_for")


class MaintenanceWindow(Named):
    """Hours in which entries are switched off on purpose, one after the other, each for `lasts_s`."""

    entries: tuple[EntryPath, ...] = Field(min_length=1)
    weekday: Weekday
    at_s: Clock = Field(alias="at")
    lasts_s: Duration = Field(alias="lasts")
    every_weeks: PositiveInt


class PowerVehicle(Named):
    """A mobile power vehicle (移動電源車): the sites that it goes to, the chance that it comes, how long it takes."""

    serves: tuple[Id, ...] = Field(min_length=1)
    comes: Fraction
    arrives_s: Duration = Field(alias="arrives")


class PowerReserve(Record):
    """What a source of power has in reserve, by its id: a supply's battery, or a generator's start and fuel.

    `autonomy_s` is how long the battery lasts; `starts_within_s` how soon the generator carries the load, `start_fails`
    the chance that it does not, `fuel_for_s` how long its fuel lasts.
    """

    autonomy_s: Duration | None = Field(default=None, alias="autonomy")
    starts_within_s: Duration | None = Field(default=None, alias="starts_within")
    start_fails: Fraction = 0.0
    fuel_for_s: Duration | None = Field(default=None, alias="fuel_for")


NO_RESERVE = PowerReserve()


class HeatReserve(Record):
    """How long the hardware of a room, by its id, runs on without enough cooling."""

    too_hot_after_s: Duration = Field(alias="too_hot_after")


class DiskArray(Record):
    """The disks of a piece of hardware, by its id: how many, and how many of them may be gone without loss."""

    disks: PositiveInt
    spare_disks: int = Field(default=0, ge=0)


class AvailabilityPromise(Named):
    """A share of the hours of one year in which services are there; without `services` it is about all of them.

    `hours` are all, or those in which counters are open.
    """

    hours: Literal["all", "counter"]
    target: float = Field(gt=0, lt=1)
    services: tuple[Id, ...] = ()


class Availability(Record):
    """What years of failures are reckoned with: the calendar year whose counter hours count, and the promises.

    Counters are closed on weekends, national holidays and the estate's `office_days.closed`. They open when the load
    says so, or at `opens_s` to `closes_s` where the estate states no load. `restart_after_power_s` is how long services
    take to come back after the power did, or after the room is cool.
    """

    year: int = Field(ge=1955, le=2099)
    opens_s: Clock | None = Field(default=None, alias="opens")
    closes_s: Clock | None = Field(default=None, alias="closes")
    restart_after_power_s: Duration = Field(alias="restart_after_power")
    promises: dict[Id, AvailabilityPromise] = Field(default={})
