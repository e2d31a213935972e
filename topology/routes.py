"""How many routes join two sites that share no node, no circuit, no duct, and what one duct or circuit cuts off.

A node is a router or carrier network; the sites at the ends are whole. Leaves which route traffic takes to
`topology.analysis` and what else falls with an entry to `topology.failures`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise, permutations
from typing import cast

import networkx as nx

from inventory.models.estate import Estate
from topology.graph import build_graph, site_graph
from topology.model import Network, Tunnel, TunnelEnd

Route = frozenset[str]
"""The circuits of a way between two sites."""


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two sites: how many routes share nothing of a kind, and which circuits and risk groups alone cut all of them."""

    a: str
    z: str
    node_disjoint: int
    circuit_disjoint: int
    risk_disjoint: int
    cut_by: tuple[str, ...]


class Routes:
    """The routes between the sites of an estate."""

    def __init__(self, estate: Estate, network: Network) -> None:
        """Build the graphs once; raises what `build_graph` raises."""
        self.estate = estate
        self.network = network
        self.sites = site_graph(build_graph(network, estate))
        self.groups: dict[str, tuple[str, ...]] = {
            circuit: tuple(id_ for id_, group in estate.records.risk_groups.items() if circuit in group.circuits)
            for circuit in estate.records.circuits
        }
        self.by_nodes = _flow_graph(estate, network, node_capacity=1)
        self.by_circuits = _flow_graph(estate, network, node_capacity=None)

    def pairs(self, of: Iterable[str] = ()) -> Iterator[Pair]:
        """Yield every pair of sites, or those with one of the sites named; raises KeyError for what is no site."""
        known = sorted(self.estate.records.sites)
        wanted = set(of)
        for name in sorted(wanted - set(known)):
            raise KeyError(name)
        for a, z in combinations(known, 2):
            if not wanted or wanted & {a, z}:
                yield self.pair(a, z)

    def pair(self, a: str, z: str) -> Pair:
        """Return what joins two sites."""
        nodes, circuits = (_flow(graph, a, z) for graph in (self.by_nodes, self.by_circuits))
        routes = list(self.routes(a, z))
        used = {route: route | {f"risk_groups.{name}" for circuit in route for name in self.groups[circuit]}
                for route in routes}  # fmt: skip
        common = frozenset.intersection(*map(frozenset, used.values())) if used else frozenset()
        cuts = {name if name.startswith("risk_groups.") else f"circuits.{name}" for name in common}
        return Pair(a, z, nodes, circuits, min(circuits, _packing(used)), tuple(sorted(cuts)))

    def routes(self, a: str, z: str) -> Iterator[Route]:
        """Yield the ways between two sites as sets of circuits, each set once, without passing a place twice."""
        seen: set[Route] = set()
        for found in nx.all_simple_edge_paths(self.sites, f"site:{a}", f"site:{z}"):
            edges = cast("list[tuple[str, str, str]]", found)  # of a multigraph: the third is the circuit
            route = frozenset(key for _, _, key in edges)
            if route not in seen and self._is_carried(edges):
                seen.add(route)
                yield route

    def _is_carried(self, edges: list[tuple[str, str, str]]) -> bool:
        """Tell whether each carrier network on a way is passed between two sites that have a tunnel over it."""
        places = [edges[0][0], *(z for _, z, _ in edges)]
        for before, place, after in zip(places, places[1:], places[2:], strict=False):
            kind, _, id_ = place.partition(":")
            if kind == "carrier" and not any(
                tunnel.underlay == id_ and {f"site:{self._site(tunnel, end)}" for end in "az"} == {before, after}
                for tunnel in self.network.tunnels.values()
            ):
                return False
        return True

    def _site(self, tunnel: Tunnel, end: str) -> str:
        return self.network.nodes[(tunnel.a if end == "a" else tunnel.z).node].site


def _packing(used: Mapping[Route, frozenset[str] | set[str]]) -> int:
    """Return the largest number of routes no two of which use the same thing; exact, for the few routes of a pair."""
    graph: nx.Graph[Route] = nx.Graph()
    graph.add_nodes_from(used)
    graph.add_edges_from((one, other) for one, other in combinations(used, 2) if not used[one] & used[other])
    return int(nx.max_weight_clique(graph, weight=None)[1]) if used else 0


def _flow(graph: nx.DiGraph[str], a: str, z: str) -> int:
    """Return the number of disjoint ways by the theorem of Menger: the largest flow through what may be used once."""
    return int(nx.maximum_flow_value(graph, f"from:{a}", f"to:{z}"))


def _flow_graph(estate: Estate, network: Network, node_capacity: int | None) -> nx.DiGraph[str]:
    """Return what may be used how often: circuits once, nodes as said (None: as often as one likes).

    Each thing is an edge from its `<` to its `>`. A carrier network and its access lines stand there once for each
    direction, towards the data centre and from it, since no tunnel joins two halls.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    for site in estate.records.sites:
        graph.add_nodes_from((f"from:{site}", f"to:{site}"))
    for node in network.routers():
        _add(graph, f"node:{node.id}", node_capacity)
        graph.add_edge(f"from:{node.site}", f"node:{node.id}<")
        graph.add_edge(f"node:{node.id}>", f"to:{node.site}")
    for segment in network.segments.values():
        routers = [port.node for port in network.members(segment.id) if network.nodes[port.node].role == "router"]
        if segment.circuit and segment.kind != "access":
            circuit = f"circuit:{segment.circuit}"
            _add(graph, circuit, 1)
            for router in routers:
                graph.add_edge(f"node:{router}>", f"{circuit}<")
                graph.add_edge(f"{circuit}>", f"node:{router}<")
            for site in segment.sites if segment.kind == "lan" else ():
                graph.add_edge(f"from:{site}", f"{circuit}<")
                graph.add_edge(f"{circuit}>", f"to:{site}")
        elif segment.kind == "transit":
            graph.add_edges_from((f"node:{one}>", f"node:{other}<") for one, other in permutations(routers, 2))
    hub = estate.records.estate.data_centre
    for tunnel in network.tunnels.values():
        if tunnel.underlay in network.carrier_networks:
            a, z = tunnel.a, tunnel.z
            far, near = (z, a) if network.nodes[a.node].site == hub else (a, z)
            _add_tunnel(graph, network, node_capacity, tunnel.underlay, far, near)
    return graph


def _add_tunnel(
    graph: nx.DiGraph[str], network: Network, node_capacity: int | None, carrier: str, *ends: TunnelEnd
) -> None:
    """Add the way of a tunnel over a carrier network, in both directions."""
    for way, (one, other) in {"up": ends, "down": ends[::-1]}.items():
        lines = [network.interface(end.node, end.underlay_interface).segment for end in (one, other)]
        first, middle, last = f"circuit:{lines[0]}:{way}", f"carrier:{carrier}:{way}", f"circuit:{lines[1]}:{way}"
        for thing, capacity in ((first, 1), (middle, node_capacity), (last, 1)):
            _add(graph, thing, capacity)
        nodes = (f"node:{one.node}", first, middle, last, f"node:{other.node}")
        graph.add_edges_from((f"{before}>", f"{after}<") for before, after in pairwise(nodes))


def _add(graph: nx.DiGraph[str], thing: str, capacity: int | None) -> None:
    if capacity is None:
        graph.add_edge(f"{thing}<", f"{thing}>")
    else:
        graph.add_edge(f"{thing}<", f"{thing}>", capacity=capacity)
