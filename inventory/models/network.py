"""Zones, segments, permitted flows, address pools and routing."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from inventory.models.record import Id, Named, Record, Text
from inventory.quantities import Rate


def _prefix(value: Any) -> ipaddress.IPv4Network:
    """Return the IPv4 network of `value`; raise ValueError where it is none."""
    try:
        return ipaddress.IPv4Network(str(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is not a prefix|an IPv4 prefix without host bits, such as 10.20.0.0/16") from error


def _address(value: Any) -> ipaddress.IPv4Address:
    """Return the IPv4 address of `value`; raise ValueError where it is none."""
    try:
        return ipaddress.IPv4Address(str(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is not an address|an IPv4 address, such as 10.20.1.10") from error


Prefix = Annotated[
    ipaddress.IPv4Network, BeforeValidator(_prefix), WithJsonSchema({"type": "string", "format": "ipv4-prefix"})
]
Address = Annotated[
    ipaddress.IPv4Address, BeforeValidator(_address), WithJsonSchema({"type": "string", "format": "ipv4"})
]
Port = Annotated[int, Field(ge=1, le=65535)]


class Zone(Named):
    """A security zone; nothing passes between zones but named flows."""

    reason: Text


class Segment(Named):
    """A layer-2 segment at a site. `over` names the campus link that carries it to the site from its gateways.

    `gateway` is the address that its routers share where it must not be the first of the segment.
    """

    site: Id
    zone: Id
    pool: Id
    kind: Literal["lan", "transit"] = "lan"
    city: Id | None = None
    vlan: Annotated[int, Field(ge=1, le=4094)] | None = None
    gateway: Address | None = None
    over: Id | None = None
    rate_bps: Rate = Field(alias="rate")


class Flow(Named):
    """A permitted flow; all else is denied. `source` and `destination` are segments or devices."""

    source: Id
    destination: Id
    protocol: Literal["tcp", "udp", "icmp"]
    ports: tuple[Port, ...] = Field(default=())
    port_range: tuple[Port, Port] | None = Field(default=None)
    reason: Text
    reason_ja: Text | None = None


class AddressPool(Record):
    """Where addresses come from: every segment, circuit or tunnel that uses the pool gets one prefix of `allocates`."""

    prefix: Prefix
    allocates: Annotated[int, Field(ge=8, le=32)]
    purpose: Text
    serves: Literal["segments", "circuits", "access", "tunnels", "loopbacks", "tunnel-endpoints"]


class Addressing(Record):
    """Pools, and addresses that must not be derived: pins by `device/interface`."""

    pools: dict[Id, AddressPool]
    pins: dict[str, Address] = Field(default={})


class Routing(Record):
    """What turns a rate into an OSPF cost: cost = reference / rate, and what a secondary circuit costs more."""

    reference_bandwidth_bps: Rate = Field(alias="reference_bandwidth")
    secondary_penalty: Annotated[int, Field(ge=0, le=30000)]
    loopback_pool: Id
    tunnel_pool: Id
    tunnel_endpoint_pool: Id
    circuit_pool: Id
    access_pool: Id
