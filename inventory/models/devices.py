"""Devices (routers, servers, terminals), their interfaces, and the services that run on them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from inventory.models.record import Id, InterfaceName, Named, Record, Text
from inventory.quantities import Size


class DeviceInterface(Record):
    """A port: attached to a segment, or to the end of a circuit at the device's site."""

    segment: Id | None = None
    circuit: Id | None = None

    @model_validator(mode="after")
    def _one_attachment(self) -> DeviceInterface:
        if (self.segment is None) == (self.circuit is None):
            raise ValueError("an interface is attached to both or to nothing|exactly one of segment or circuit")
        return self


class Device(Named):
    """A node of the network. `vrrp_priority` ranks the routers that share a gateway address."""

    role: Literal["router", "application", "database", "terminal"]
    site: Id
    city: Id | None = None
    cpus: Annotated[int, Field(ge=1)] = 1
    memory_bytes: Size = Field(alias="memory")
    vrrp_priority: Annotated[int, Field(ge=1, le=254)] | None = None
    interfaces: dict[InterfaceName, DeviceInterface]


class ServiceInstance(Record):
    """Where a city's instance of a service runs (single tenant each)."""

    application: Id
    database: Id
    users: Id = Field(description="the segment whose terminals use this instance")


class Service(Named):
    """A service with one instance per city; `functions` are the business systems that it serves."""

    port: Annotated[int, Field(ge=1, le=65535)]
    data_seed: int
    functions: tuple[Id, ...] = ()
    instances: dict[Id, ServiceInstance]


class TimeService(Record):
    """Which devices serve the time to all others."""

    servers: tuple[Id, ...] = Field(min_length=1)
    reason: Text
    reason_ja: Text | None = None
