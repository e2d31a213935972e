"""The network compiled for the simulation: routers, arcs, ports and observed pairs as numbers. Made once per estate."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from inventory.models.behaviour import Timers
from inventory.models.estate import Estate
from topology.build import build_network
from topology.model import Interface, Network, Segment

TO_DC = "to_dc"
FROM_DC = "from_dc"
DIRECTIONS = (TO_DC, FROM_DC)


@dataclasses.dataclass(frozen=True)
class Arc:
    """One direction of an adjacency: what `router` sees of `neighbour`. Its bit in link-state contents is 1 << id.

    Arcs come in pairs: the opposite of arc n is n ^ 1. `shared` marks a segment with more than two routers.
    """

    id: int
    adjacency: int
    router: int
    neighbour: int
    port: str
    cost: int
    shared: bool


@dataclasses.dataclass(frozen=True)
class AdjacencyPath:
    """What an adjacency needs: circuits it crosses, ports with link, nodes that run, and perhaps a tunnel's keys."""

    id: str
    crossed: tuple[str, ...]
    ports: tuple[str, ...]
    nodes: tuple[str, str]
    tunnel: str | None
    tunnel_ports: tuple[str, ...]
    wan: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Attachment:
    """A port on a LAN segment: where it hangs (side of a campus link), and which node it belongs to."""

    port: str
    node: str
    end: str


@dataclasses.dataclass(frozen=True)
class Lan:
    """A LAN segment: the circuit between its halves (if any), its routers, the preferred first, and their ports."""

    id: str
    circuit: str | None
    routers: tuple[int, ...]
    priorities: tuple[int, ...]
    attachments: dict[int, Attachment]


@dataclasses.dataclass(frozen=True)
class Pair:
    """The two hosts between which a city's outage is observed, in one direction."""

    city: str
    direction: str
    source: Attachment
    source_lan: int
    destination: Attachment
    destination_lan: int


@dataclasses.dataclass
class Layout:
    """Everything fixed of an estate that a replication reads. The caches grow over replications and never go stale."""

    network: Network
    timers: Timers
    routers: tuple[str, ...]
    router_ids: tuple[int, ...]
    arcs: tuple[Arc, ...]
    arcs_of: tuple[tuple[Arc, ...], ...]
    arc_names: tuple[str, ...]
    back: dict[tuple[int, int], int]
    paths: tuple[AdjacencyPath, ...]
    lans: tuple[Lan, ...]
    pairs: tuple[Pair, ...]
    rates_bps: dict[str, float]
    dpd_delay_s: dict[int, float]
    flows: int
    probe_interval_s: float
    spf_cache: dict[Any, Any] = dataclasses.field(default_factory=dict)
    state_cache: dict[Any, Any] = dataclasses.field(default_factory=dict)
    reaches: dict[Any, Any] = dataclasses.field(default_factory=dict)


def compile_layout(estate: Estate) -> Layout:
    """Return the layout of an estate."""
    network = build_network(estate)
    routers = tuple(node.id for node in network.routers())
    number = {id_: index for index, id_ in enumerate(routers)}
    ends = {port.key: port for port in network.interfaces}
    arcs: list[Arc] = []
    paths: list[AdjacencyPath] = []
    for index, adjacency in enumerate(network.adjacencies):
        shared = adjacency.tunnel is None and len(network.members(adjacency.segments[0])) > 2
        a, z = f"{adjacency.a}/{adjacency.a_interface}", f"{adjacency.z}/{adjacency.z_interface}"
        from_a, from_z = number[adjacency.a], number[adjacency.z]
        arcs.append(Arc(2 * index, index, from_a, from_z, a, adjacency.cost, shared))
        arcs.append(Arc(2 * index + 1, index, from_z, from_a, z, adjacency.cost, shared))
        tunnel = network.tunnels[adjacency.tunnel] if adjacency.tunnel else None
        underlay = tuple(f"{end.node}/{end.underlay_interface}" for end in (tunnel.a, tunnel.z)) if tunnel else ()
        crossed = adjacency.segments
        if tunnel is None and ends[a].end == ends[z].end:
            crossed = ()
        paths.append(
            AdjacencyPath(
                adjacency.id,
                tuple(c for s in crossed if (c := network.segments[s].circuit)),
                () if tunnel else (a, z),
                (adjacency.a, adjacency.z),
                adjacency.tunnel,
                underlay,
                tuple(s for s in crossed if network.segments[s].kind in ("circuit", "access")),
            )
        )
    lans = tuple(_lan(network, segment, number) for segment in _lan_segments(network))
    return Layout(
        network=network,
        timers=estate.records.timers,
        routers=routers,
        router_ids=tuple(int(network.nodes[id_].loopback or 0) for id_ in routers),
        arcs=tuple(arcs),
        arcs_of=tuple(tuple(arc for arc in arcs if arc.router == index) for index in range(len(routers))),
        arc_names=tuple(f"{path.id} {side}" for path in paths for side in "az"),
        back=_back(arcs),
        paths=tuple(paths),
        lans=lans,
        pairs=tuple(_pairs(estate, network, {lan.id: index for index, lan in enumerate(lans)})),
        rates_bps={id_: segment.rate_bps for id_, segment in network.segments.items()},
        dpd_delay_s={
            index: estate.records.encryption.tunnel_profiles[network.tunnels[path.tunnel].profile].dpd_delay_s
            for index, path in enumerate(paths)
            if path.tunnel
        },
        flows=estate.records.lab.probe_flows,
        probe_interval_s=estate.records.lab.probe_interval_s,
    )


def _back(arcs: list[Arc]) -> dict[tuple[int, int], int]:
    """Return for two routers the bits of all arcs from the second to the first."""
    bits: dict[tuple[int, int], int] = defaultdict(int)
    for arc in arcs:
        bits[arc.neighbour, arc.router] |= 1 << arc.id
    return dict(bits)


def _lan_segments(network: Network) -> list[Segment]:
    return [segment for _, segment in sorted(network.segments.items()) if segment.kind == "lan"]


def _lan(network: Network, segment: Segment, number: dict[str, int]) -> Lan:
    gateway = network.gateways.get(segment.id)
    order = tuple(number[id_] for id_ in gateway.routers) if gateway else ()
    return Lan(
        segment.id,
        segment.circuit,
        order,
        tuple(network.nodes[id_].vrrp_priority or 100 for id_ in (gateway.routers if gateway else ())),
        {number[p.node]: _attachment(p) for p in network.members(segment.id) if p.node in number},
    )


def _attachment(port: Interface) -> Attachment:
    return Attachment(port.key, port.node, port.end)


def _pairs(estate: Estate, network: Network, lans: dict[str, int]) -> Iterator[Pair]:
    """Yield both directions between each city's terminals and its application server, as the services name them."""
    seen: dict[str, list[str]] = defaultdict(list)
    for _, service in sorted(estate.records.services.items()):
        for city, instance in sorted(service.instances.items()):
            if seen[city]:
                continue
            terminal = next(
                (p for p in network.members(instance.users) if network.nodes[p.node].role == "terminal"), None
            )
            server = next(iter(network.interfaces_of(instance.application)), None)
            if terminal is None or server is None or server.segment not in lans:
                continue
            seen[city].append(service.name)
            near = (_attachment(terminal), lans[instance.users])
            far = (_attachment(server), lans[server.segment])
            yield Pair(city, TO_DC, *near, *far)
            yield Pair(city, FROM_DC, *far, *near)
