"""Over which circuits, in which direction, the flows from one node to another spread once routing has converged.

Every router spreads flows evenly over its next hops of least cost (a hash over layers 3 and 4), so each way has a share
of the flows. Leaves which way one flow takes to whoever knows its hash, and the time until then to `simulation`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator

import networkx as nx

from topology.analysis import routing_graph
from topology.model import Network

Line = tuple[str, str]
"""A circuit and the end at which traffic enters it, `a` or `z`."""


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
    for node in (source, destination):
        if node not in network.nodes:
            raise KeyError(node)
    if source == destination:
        return (Way((), (), 1.0),) if source not in failed else ()
    graph = routing_graph(network, set(failed), source, destination)
    if source not in graph or destination not in graph:
        return ()
    left = nx.single_source_dijkstra_path_length(graph.reverse(copy=False), destination, weight="cost")
    if source not in left:
        return ()
    found: dict[tuple[tuple[Line, ...], tuple[str, ...]], float] = {}
    for lines, tunnels, share in _walk(network, graph, left, source, destination):
        found[lines, tunnels] = found.get((lines, tunnels), 0.0) + share
    return tuple(Way(*route, share) for route, share in sorted(found.items()))


def _walk(
    network: Network, graph: nx.MultiDiGraph[str], left: dict[str, float], node: str, destination: str
) -> Iterator[tuple[tuple[Line, ...], tuple[str, ...], float]]:
    """Yield the ways from a node on, each with its share of the flows that are there."""
    if node == destination:
        yield (), (), 1.0
        return
    hops = [
        (neighbour, edge)
        for neighbour, edges in sorted(graph[node].items())
        for _, edge in sorted(edges.items())
        if abs(edge["cost"] + left.get(neighbour, float("inf")) - left[node]) < 0.5
    ]
    for neighbour, edge in hops:
        lines = tuple(_lines(network, node, neighbour, edge["uses"]))
        tunnels = tuple(name for name in edge["uses"] if name in network.tunnels)
        for further, inside, share in _walk(network, graph, left, neighbour, destination):
            yield (*lines, *further), (*tunnels, *inside), share / len(hops)


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
