"""The nouns of the derived network. Everything downstream (simulation, lab, playbooks, checks) reads these alone."""

from __future__ import annotations

import dataclasses
import functools
import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeVar

Thing = TypeVar("Thing")


@dataclasses.dataclass(frozen=True)
class Interface:
    """A port of a node on a segment; `end` is the side of the circuit (`a` or `z`), always `a` on a plain LAN."""

    node: str
    name: str
    segment: str
    end: Literal["a", "z"]
    address: ipaddress.IPv4Interface
    mtu: int

    @property
    def key(self) -> str:
        """The name used in pins, records and reports: `device/interface`."""
        return f"{self.node}/{self.name}"


@dataclasses.dataclass(frozen=True)
class Segment:
    """A layer-2 domain. `kind`: `lan`, `transit`, `circuit` (between sites) or `access` (to a carrier network).

    `circuit` is the circuit whose two ends are the segment's sides (also for a LAN reached over a campus link);
    `rate_bps` limits each direction between the sides, or the ports of a segment without a circuit.
    """

    id: str
    kind: Literal["lan", "transit", "circuit", "access"]
    sites: tuple[str, ...]
    prefix: ipaddress.IPv4Network
    rate_bps: float
    circuit: str | None = None
    zone: str | None = None
    city: str | None = None


@dataclasses.dataclass(frozen=True)
class Node:
    """A router, server or terminal host; `loopback` and `vrrp_priority` only on routers, `gateway` only on others."""

    id: str
    role: Literal["router", "application", "database", "terminal"]
    site: str
    city: str | None
    memory_bytes: float
    cpus: int
    loopback: ipaddress.IPv4Address | None = None
    vrrp_priority: int | None = None
    gateway: ipaddress.IPv4Address | None = None


@dataclasses.dataclass(frozen=True)
class CarrierNetwork:
    """A closed network that forwards between access segments; `ports` maps each access segment to its own address."""

    id: str
    ports: dict[str, ipaddress.IPv4Interface]


@dataclasses.dataclass(frozen=True)
class TunnelEnd:
    """One end of a tunnel: the router, its underlay interface, its protected loopback, its address inside."""

    node: str
    underlay_interface: str
    underlay_address: ipaddress.IPv4Address
    endpoint: ipaddress.IPv4Address
    interface: str
    address: ipaddress.IPv4Interface


@dataclasses.dataclass(frozen=True)
class Tunnel:
    """An encrypted tunnel between two routers over a circuit or a carrier network (`underlay`)."""

    id: str
    underlay: str
    segments: tuple[str, ...]
    profile: str
    vni: int
    mtu: int
    mss: int
    rate_bps: float
    a: TunnelEnd
    z: TunnelEnd


@dataclasses.dataclass(frozen=True)
class Adjacency:
    """Two routers that are OSPF and BFD neighbours, over a segment or a tunnel; `cost` is equal in both directions."""

    a: str
    a_interface: str
    z: str
    z_interface: str
    cost: int
    segments: tuple[str, ...]
    tunnel: str | None = None

    @property
    def id(self) -> str:
        """A stable name: both ports."""
        return f"{self.a}/{self.a_interface}--{self.z}/{self.z_interface}"

    def other(self, node: str) -> str:
        """Return the neighbour of `node`."""
        return self.z if node == self.a else self.a


@dataclasses.dataclass(frozen=True)
class Gateway:
    """The shared address of a segment and the routers that may hold it, the preferred first (VRRP)."""

    segment: str
    vrid: int
    address: ipaddress.IPv4Interface
    routers: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class PermittedFlow:
    """A flow with its addresses filled in; `cite` is the inventory line that permits it."""

    id: str
    source: ipaddress.IPv4Network
    destination: ipaddress.IPv4Network
    protocol: Literal["tcp", "udp", "icmp"]
    ports: tuple[tuple[int, int], ...]
    reason: str
    cite: str


@dataclasses.dataclass(frozen=True)
class Network:
    """The whole derived network of one estate."""

    estate_digest: str
    nodes: dict[str, Node]
    segments: dict[str, Segment]
    interfaces: tuple[Interface, ...]
    carrier_networks: dict[str, CarrierNetwork]
    tunnels: dict[str, Tunnel]
    adjacencies: tuple[Adjacency, ...]
    gateways: dict[str, Gateway]
    flows: tuple[PermittedFlow, ...]

    def interfaces_of(self, node: str) -> tuple[Interface, ...]:
        """Return the ports of a node in the order of their names."""
        return self._by_node.get(node, ())

    def members(self, segment: str) -> tuple[Interface, ...]:
        """Return the ports on a segment."""
        return self._by_segment.get(segment, ())

    def adjacencies_of(self, node: str) -> tuple[Adjacency, ...]:
        """Return the adjacencies of a router."""
        return self._adjacencies_by_node.get(node, ())

    def gateways_of(self, node: str) -> tuple[Gateway, ...]:
        """Return the gateways that a router may hold."""
        return self._gateways_by_node.get(node, ())

    @functools.cached_property
    def _adjacencies_by_node(self) -> Mapping[str, tuple[Adjacency, ...]]:
        return _grouped((node, one) for one in self.adjacencies for node in {one.a: 0, one.z: 0})

    @functools.cached_property
    def _gateways_by_node(self) -> Mapping[str, tuple[Gateway, ...]]:
        return _grouped((router, gateway) for gateway in self.gateways.values() for router in gateway.routers)

    @functools.cached_property
    def _by_node(self) -> Mapping[str, tuple[Interface, ...]]:
        return _grouped((port.node, port) for port in self.interfaces)

    @functools.cached_property
    def _by_segment(self) -> Mapping[str, tuple[Interface, ...]]:
        return _grouped((port.segment, port) for port in self.interfaces)

    @functools.cached_property
    def _tunnels_by_node(self) -> Mapping[str, tuple[Tunnel, ...]]:
        tunnels = sorted(self.tunnels.items())
        return _grouped((node, tunnel) for _, tunnel in tunnels for node in {tunnel.a.node: 0, tunnel.z.node: 0})

    def attached(self, segment: str) -> tuple[tuple[str, str, ipaddress.IPv4Interface], ...]:
        """Return `(node or carrier network, port, address)` of all on a segment; it gives a carrier's port its name."""
        ports = tuple((port.node, port.name, port.address) for port in self.members(segment))
        carriers = (carrier for carrier in self.carrier_networks.values() if segment in carrier.ports)
        return (*ports, *((carrier.id, segment, carrier.ports[segment]) for carrier in carriers))

    def interface(self, node: str, name: str) -> Interface:
        """Return one port; raises KeyError where there is none."""
        for port in self.interfaces_of(node):
            if port.name == name:
                return port
        raise KeyError(f"{node}/{name}")

    def routers(self) -> Iterator[Node]:
        """Yield the routers in the order of their ids."""
        return (node for _, node in sorted(self.nodes.items()) if node.role == "router")

    def tunnels_of(self, node: str) -> tuple[Tunnel, ...]:
        """Return the tunnels that end at a node."""
        return self._tunnels_by_node.get(node, ())


def _grouped(pairs: Iterable[tuple[str, Thing]]) -> dict[str, tuple[Thing, ...]]:
    """Return what belongs to each name, in order."""
    found: dict[str, list[Thing]] = {}
    for name, thing in pairs:
        found.setdefault(name, []).append(thing)
    return {name: tuple(things) for name, things in found.items()}
