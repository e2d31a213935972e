"""Over which circuits, in which direction, the flows from one node to another spread once routing has converged.

Every router spreads flows evenly over its next hops of least cost (a hash over layers 3 and 4), so each way has a share
of the flows. Leaves which way one flow takes to whoever knows its hash, and the time until then to `simulation`.
"""

from __future__ import annotations

import dataclasses
import heapq
import math
from collections.abc import Collection, Iterator
from typing import Any, Literal

import networkx as nx

from topology.analysis import end_routers, router_graph
from topology.model import Network

Line = tuple[str, str]
"""A circuit and the end at which traffic enters it, `a` or `z`."""
_Edge = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Way:
    """A way: its circuits in order with their directions, the tunnels it runs through, and its share of all flows."""

    lines: tuple[Line, ...]
    tunnels: tuple[str, ...]
    share: float


def ways(network: Network, source: str, destination: str, failed: Collection[str] = ()) -> tuple[Way, ...]:
    """Return the ways between two nodes, those over the same circuits together; none where they do not reach.

    `failed` as for `topology.analysis.paths`. Shares add to 1. Raises KeyError for a node that is none.
    """
    return Ways(network, failed).between(source, destination)


@dataclasses.dataclass(frozen=True)
class _End:
    """How a node is joined to the routers: as one of them (`router`), or over `(router, segment, end of its port)`."""

    router: str | None
    joins: tuple[tuple[str, str, Literal["a", "z"]], ...]

    @property
    def routers(self) -> frozenset[str]:
        """The routers that it is joined to, or that it is."""
        return frozenset([self.router] if self.router else [router for router, _, _ in self.joins])


class Ways:
    """The ways of a network while the same has failed: routers are joined once, however many pairs are asked for.

    Nodes on the same LAN share their ways, and a search from one destination goes only as far as it must and is gone on
    with, so that asking for every pair of a region costs no more in a large network than in a small one.
    """

    def __init__(self, network: Network, failed: Collection[str] = ()) -> None:
        """Join the routers that work; `failed` as for `topology.analysis.paths`."""
        self.network = network
        self.failed = set(failed)
        self.graph = router_graph(network, self.failed)
        self._searches: dict[frozenset[str], _Search] = {}
        self._known: dict[tuple[_End, _End], tuple[Way, ...]] = {}

    def between(self, source: str, destination: str) -> tuple[Way, ...]:
        """Return the ways as `ways` does; raises KeyError for a node that is none."""
        for node in (source, destination):
            if node not in self.network.nodes:
                raise KeyError(node)
        if source == destination:
            return (Way((), (), 1.0),) if source not in self.failed else ()
        ends = self._end(source, sends=True), self._end(destination, sends=False)
        if ends[0] is None or ends[1] is None:
            return ()
        # Lines hang on the LANs of the ends alone, so what holds for one node of a LAN holds for all.
        key = ends[0], ends[1]
        if key not in self._known:
            self._known[key] = self._found(*key, source, destination)
        return self._known[key]

    def _end(self, node: str, *, sends: bool) -> _End | None:
        """Return how a node is joined; None where it has failed."""
        if node in self.failed:
            return None
        if self.network.nodes[node].role == "router":
            return _End(node, ())
        found = end_routers(self.network, self.failed, node, sends=sends)
        return _End(None, tuple((router, port.segment, port.end) for router, port in found))

    def _found(self, first: _End, last: _End, source: str, destination: str) -> tuple[Way, ...]:
        starts, ends = first.routers, last.routers
        if ends not in self._searches:
            self._searches[ends] = _Search(self.graph, ends)
        left = self._searches[ends].until(starts) | {destination: 0.0}
        if not first.router:
            left[source] = min((left.get(router, math.inf) for router in starts), default=math.inf)
        if math.isinf(left.get(source, math.inf)):
            return ()
        found: dict[tuple[tuple[Line, ...], tuple[str, ...]], float] = {}
        for lines, tunnels, share in self._walk(_Pair(first, last, source, destination), left, source):
            found[lines, tunnels] = found.get((lines, tunnels), 0.0) + share
        return tuple(Way(*route, share) for route, share in sorted(found.items()))

    def _walk(
        self, pair: _Pair, left: dict[str, float], node: str
    ) -> Iterator[tuple[tuple[Line, ...], tuple[str, ...], float]]:
        """Yield the ways from a node on, each with its share of the flows that are there."""
        if node == pair.destination:
            yield (), (), 1.0
            return
        hops = [
            (neighbour, edge)
            for neighbour, edge in self._hops(pair, node)
            if abs(edge["cost"] + left.get(neighbour, math.inf) - left[node]) < 0.5
        ]
        for neighbour, edge in hops:
            lines = tuple(_lines(self.network, node, neighbour, edge["uses"]))
            tunnels = tuple(name for name in edge["uses"] if name in self.network.tunnels)
            for further, inside, share in self._walk(pair, left, neighbour):
                yield (*lines, *further), (*tunnels, *inside), share / len(hops)

    def _hops(self, pair: _Pair, node: str) -> list[tuple[str, _Edge]]:
        """Return the next nodes, each with what leads there, in the order of their names."""
        if node == pair.source and not pair.first.router:
            return [(router, _lan(segment)) for router, segment, _ in sorted(pair.first.joins)]
        edges = self.graph[node]
        found = [(neighbour, edge) for neighbour in edges for _, edge in sorted(edges[neighbour].items())]
        found += [(pair.destination, _lan(segment)) for router, segment, _ in sorted(pair.last.joins) if router == node]
        return sorted(found, key=lambda hop: hop[0])


@dataclasses.dataclass(frozen=True)
class _Pair:
    first: _End
    last: _End
    source: str
    destination: str


class _Search:
    """Dijkstra's search backwards from a destination, which stops once what is asked for is settled and goes on later.

    The costs of adjacencies are the same in both directions, so going back over an edge costs what going over it does.
    """

    def __init__(self, graph: nx.MultiDiGraph[str], ends: Collection[str]) -> None:
        self.graph = graph
        self.settled: dict[str, float] = {}
        self._heap = [(0.0, router) for router in sorted(ends) if router in graph]

    def until(self, routers: Collection[str]) -> dict[str, float]:
        """Return the distance of every router that is nearer than or as near as the nearest of these."""
        while self._heap:
            distance, router = self._heap[0]
            if distance > min((self.settled.get(one, math.inf) for one in routers), default=math.inf):
                break
            heapq.heappop(self._heap)
            if router in self.settled:
                continue
            self.settled[router] = distance
            for neighbour, edges in self.graph.pred[router].items():
                if neighbour not in self.settled:
                    cost = min(edge["cost"] for edge in edges.values())
                    heapq.heappush(self._heap, (distance + cost, neighbour))
        return self.settled


def _lan(segment: str) -> _Edge:
    return {"cost": 0, "uses": (segment,)}


def _lines(network: Network, node: str, neighbour: str, uses: Collection[str]) -> Iterator[Line]:
    """Yield the circuits of one hop in the order in which they are crossed."""
    tunnel = next((network.tunnels[name] for name in uses if name in network.tunnels), None)
    if tunnel:
        tunnel_ends = (tunnel.a, tunnel.z) if tunnel.a.node == node else (tunnel.z, tunnel.a)
        ports = [network.interface(end.node, end.underlay_interface) for end in tunnel_ends]
        circuits = [network.segments[port.segment].circuit for port in ports]
        if circuits[0]:
            yield circuits[0], ports[0].end
        if circuits[1] and circuits[1] != circuits[0]:
            yield circuits[1], "a" if ports[1].end == "z" else "z"
        return
    for name in dict.fromkeys(uses):
        circuit = network.segments[name].circuit
        ends = {port.node: port.end for port in network.members(name)}
        if circuit and ends[node] != ends[neighbour]:
            yield circuit, ends[node]
