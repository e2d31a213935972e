"""Services of the design that the lab does not realise: instances, data stores, dependencies, flows and backups.

What the lab realises stays in `devices`, `network` and `batch`. Leaves the machines to `platform`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PositiveInt, WithJsonSchema

from inventory.models.record import Id, Named, Record, Stated, Text
from inventory.quantities import Clock, Duration, Size


def _listening(text: Any) -> str:
    """Return a protocol and a port; raise ValueError where the text is none."""
    match = re.fullmatch(r"(?:tcp|udp)/([1-9]\d{0,4})", str(text))
    if match is None or int(match[1]) > 65535:
        raise ValueError(f"{text!r} is not a port|a protocol and a port up to 65535, such as `tcp/443`")
    return str(text)


ListeningPort = Annotated[
    str, BeforeValidator(_listening), WithJsonSchema({"type": "string", "pattern": r"^(tcp|udp)/[1-9]\d{0,4}$"})
]
"""A protocol and a port, such as `tcp/443`."""
Mode = Literal["active-active", "active-standby", "single"]


class DataStore(Named):
    """What a service keeps; `personal` where it holds residents' or staff's data."""

    port: ListeningPort
    personal: bool


class StoreInstance(Record):
    """Where an instance keeps a store, and how large it is."""

    runs_on: tuple[Id, ...] = Field(min_length=1)
    mode: Mode
    size_bytes: Size = Field(alias="size")


class DesignedInstance(Record):
    """An instance of a service, for a city or for all: its machines, its stores, its users.

    It serves as long as `needed` of its machines do. `behind` is the pair of load balancers in front of them, `users`
    the segments whose terminals use it.
    """

    city: Id | None = None
    zone: Id
    runs_on: tuple[Id, ...] = Field(min_length=1)
    needed: PositiveInt = 1
    mode: Mode
    behind: Id | None = None
    users: tuple[Id, ...] = ()
    stores: dict[Id, StoreInstance] = Field(default={})


class DesignedService(Stated):
    """A service of the design; it is held as its group. `functions` are the business systems that it serves.

    Without what it `needs` it does not serve; without what it `uses` it serves on for a while. It reaches into the
    zones that it `administers`. `shared` says why one instance may serve all cities, `single` why one machine does.
    """

    group: Id
    functions: tuple[Id, ...] = ()
    ports: tuple[ListeningPort, ...] = Field(min_length=1)
    needs: tuple[Id, ...] = ()
    uses: tuple[Id, ...] = ()
    administers: tuple[Id, ...] = ()
    stores: dict[Id, DataStore] = Field(default={})
    shared: Text | None = None
    shared_ja: Text | None = None
    single: Text | None = None
    single_ja: Text | None = None
    instances: dict[Id, DesignedInstance] = Field(min_length=1)


class DesignedFlow(Named):
    """A flow that the design permits; the lab does not enforce it, and whatever is not in the list is denied.

    `sources` are segments, services or zones, `destination` a service or a zone. Cities keep to themselves: what is a
    city's reaches that city's instance and those of no city. `crossing` says why a flow may leave its zone.
    """

    sources: tuple[Id, ...] = Field(min_length=1)
    destination: Id
    ports: tuple[ListeningPort, ...] = Field(min_length=1)
    reason: Text
    reason_ja: Text | None = None
    crossing: Text | None = None
    crossing_ja: Text | None = None


class DesignedBackup(Stated):
    """A set of backups of the stores of services: for which city, how, when, how many are kept where.

    `rpo` and `rto` as for the backups that the lab realises.
    """

    of: tuple[Id, ...] = Field(min_length=1)
    city: Id | None = None
    method: Literal["full", "incremental", "log"]
    at_s: Clock = Field(alias="at")
    generations: PositiveInt
    kept_at: Id
    rpo_s: Duration = Field(alias="rpo")
    rto_s: Duration = Field(alias="rto")
    encrypted: bool
