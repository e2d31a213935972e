"""What a target is asked to make, as plain values that survive JSON. Made from the topology, at the lab's scale."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Literal


@dataclasses.dataclass(frozen=True)
class SegmentSpec:
    """A layer-2 segment. With two ends its rate is shaped in both directions between them; with one it is a switch.

    `rate_bps` is the rate to realise (already divided by the lab's scale), `delay_s` one way.
    """

    id: str
    kind: Literal["lan", "transit", "circuit", "access"]
    ends: tuple[str, ...]
    rate_bps: float
    delay_s: float
    mtu: int
    cite: str


@dataclasses.dataclass(frozen=True)
class CarrierNetworkSpec:
    """A closed forwarding network; `ports` maps access segment → (end of the segment, address with prefix length)."""

    id: str
    ports: dict[str, tuple[Literal["a", "z"], str]]
    cite: str


@dataclasses.dataclass(frozen=True)
class PortSpec:
    """A node's interface: on which segment and end, its address with prefix length, its MTU in bytes.

    `shared_address` is one that the port may carry besides (the gateway address that routers share by VRRP).
    """

    name: str
    segment: str
    end: Literal["a", "z"]
    address: str
    mtu: int
    shared_address: str | None = None


@dataclasses.dataclass(frozen=True)
class NodeSpec:
    """A node with its system and its network.

    `loopbacks` are addresses on `lo`; `gateway` is the default route of a host; `volumes` maps data volume name →
    folder in the node; `image` is the role image's short name (`base`, `router`, `db`, `app`, `terminal`).
    """

    id: str
    role: Literal["router", "application", "database", "terminal"]
    image: str
    cpus: int
    memory_bytes: int
    ports: tuple[PortSpec, ...]
    loopbacks: tuple[str, ...]
    gateway: str | None
    volumes: dict[str, str]
    cite: str


@dataclasses.dataclass(frozen=True)
class VolumeSpec:
    """A data volume: its name, the node that mounts it and where."""

    id: str
    node: str
    folder: str
    cite: str


# Fields of a node whose change means a new system; the others are changed in place.
REPLACING_NODE_FIELDS = ("id", "role", "image", "cpus", "memory_bytes", "volumes")


def to_json(spec: Any) -> dict[str, Any]:
    """Return a spec as plain dictionaries and lists."""
    plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(spec)))
    return plain
