"""What the cities ask of the systems: users, terminals, counters, certificates, moves, and the calendar of all these.

Rates per resident, per member of staff and per day; the figures that follow for a city are for `topology.load`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt

from inventory.models.record import Id, Record, Showing
from inventory.quantities import Clock, Fraction

Month = Literal[
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip


class CityLoad(Record):
    """What only a city can say of itself: how many work for it."""

    staff: PositiveInt


class Load(Showing):
    """Rates from which every city's load follows.

    `users` is the share of staff that uses the core systems, `at_once` the share of users that does so at a time;
    `busiest_hour` the share of a day's transactions; `move_months` the shares of a year's moves; factors are times the
    mean business day.
    """

    business_days: int = Field(ge=1, le=366)
    opens_s: Clock = Field(alias="opens")
    closes_s: Clock = Field(alias="closes")
    users: Fraction
    at_once: Fraction
    terminals_per_user: PositiveFloat
    residents_per_counter: PositiveInt
    transactions_per_user_day: PositiveFloat
    busiest_hour: Fraction
    certificates_per_resident_year: PositiveFloat
    moves_per_resident_year: Fraction
    move_months: dict[Month, Fraction]
    monday_factor: float = Field(ge=1)
    peak_day_factor: float = Field(ge=1)
    tax_season: tuple[Month, ...] = ()
    cities: dict[Id, CityLoad]
