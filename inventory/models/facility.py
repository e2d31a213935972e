"""Buildings from the inside: rooms, cooling, power, racks, and the hardware in them. Terms follow NetBox.

Leaves what runs on the hardware to `devices`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PositiveInt, WithJsonSchema

from inventory.models.record import Held, Id, Named, Stated, Text
from inventory.quantities import ApparentPower, Mass, Power


def _parse_day(text: Any) -> dt.date:
    """Return a day written `2020-03-31`; raise ValueError where it is none."""
    expected = "a day such as `2020-03-31`"
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)):
        raise ValueError(f"{text!r} is not a day|{expected}")
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError as error:
        raise ValueError(f"{text!r} is no day of the calendar|{expected}") from error


Day = Annotated[
    dt.date, BeforeValidator(_parse_day), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"})
]


class Room(Stated, Held):
    """A room of a site that houses racks; racks and cooling in it are its holder's."""

    site: Id


class CoolingUnit(Named):
    """An air conditioner of a room; `capacity_w` is the heat that it takes away."""

    room: Id
    capacity_w: Power = Field(alias="capacity")


class PowerSource(Stated, Held):
    """Where power comes from: the grid, a generator, or an uninterruptible supply that one of those feeds."""

    site: Id
    kind: Literal["grid", "generator", "ups"]
    capacity_va: ApparentPower = Field(alias="capacity")
    fed_by: tuple[Id, ...] = ()


class PowerFeed(Named):
    """A line from an uninterruptible supply to racks (系統 A or B)."""

    source: Id
    side: Literal["a", "b"]
    capacity_va: ApparentPower = Field(alias="capacity")


class Rack(Named):
    """A rack: its room, its height in units, its feeds, and what it may draw and carry."""

    room: Id
    units: PositiveInt = 42
    feeds: tuple[Id, ...] = Field(min_length=1, max_length=2)
    max_power_w: Power = Field(alias="max_power")
    max_load_kg: Mass = Field(alias="max_load")


class Hardware(Named):
    """A piece of equipment: where it is mounted, what it draws and weighs, whose it is, who runs it, what runs on it.

    `position` is the lowest unit that it fills, counted from the bottom. `power_w` is its draw at full load; with two
    supplies each feed must carry all of it, for the other may fail.
    """

    kind: Literal["router", "switch", "firewall", "load-balancer", "server", "storage", "ups"]
    rack: Id
    position: PositiveInt
    height: PositiveInt = 1
    power_w: Power = Field(alias="power")
    weight_kg: Mass = Field(alias="weight")
    supplies: Literal[1, 2] = 2
    carries: tuple[Id, ...] = ()
    owner: Id
    operator: Id
    contract: Id
    model: Text | None = None
    serial: Text | None = None
    installed: Day | None = None
    support_ends: Day | None = None
