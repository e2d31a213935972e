"""What the graph says by itself: shortest paths by routing cost. Leaves what falls together to `topology.failures`."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from itertools import pairwise

import networkx as nx

from topology.model import Interface, Network


@dataclasses.dataclass(frozen=True)
class Path:
    """A way from one node to another: the nodes in order, and between each two what may be taken (at equal cost)."""

    nodes: tuple[str, ...]
    hops: tuple[tuple[str, ...], ...]
    cost: int

    def elements(self) -> frozenset[str]:
        """Return the ids of all nodes, segments and tunnels on the way, as `topology.draw.Overlay` takes them."""
        return frozenset(self.nodes).union(*self.hops)


def paths(network: Network, source: str, destination: str, failed: Collection[str] = ()) -> tuple[Path, ...]:
    """Return every path of least cost between two nodes as routing would choose it once it has converged.

    `failed` holds ids of nodes, circuits, segments, tunnels, carrier networks and `node/interface`. A host sends to the
    preferred living router of its LAN; any router on the destination's LAN delivers. Raises KeyError for a node that
    is none.
    """
    for node in (source, destination):
        if node not in network.nodes:
            raise KeyError(node)
    graph = routing_graph(network, set(failed), source, destination)
    if source not in graph or destination not in graph:
        return ()
    try:
        found = sorted({tuple(nodes) for nodes in nx.all_shortest_paths(graph, source, destination, weight="cost")})
    except nx.NetworkXNoPath:
        return ()
    return tuple(_path(graph, nodes) for nodes in found)


def routing_graph(network: Network, failed: set[str], source: str, destination: str) -> nx.MultiDiGraph[str]:
    """Return routers with their adjacencies in both directions, and the two ends with the routers of their LANs."""
    graph = router_graph(network, failed)
    for end in (source, destination):
        if network.nodes[end].role == "router" or end in failed:
            continue
        for router, port in end_routers(network, failed, end, sends=end == source):
            a, z = (end, router) if end == source else (router, end)
            graph.add_edge(a, z, key=port.segment, cost=0, uses=(port.segment,))
    return graph


def router_graph(network: Network, failed: set[str]) -> nx.MultiDiGraph[str]:
    """Return the routers that work with their adjacencies in both directions."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    live = {node.id for node in network.nodes.values() if node.id not in failed}
    graph.add_nodes_from(node.id for node in network.routers() if node.id in live)
    for adjacency in network.adjacencies:
        ports = {f"{adjacency.a}/{adjacency.a_interface}", f"{adjacency.z}/{adjacency.z_interface}"}
        used = {*ports, *adjacency.segments}
        if adjacency.tunnel:
            tunnel = network.tunnels[adjacency.tunnel]
            used |= {tunnel.id, tunnel.underlay}
            used |= {f"{end.node}/{end.underlay_interface}" for end in (tunnel.a, tunnel.z)}
        if {adjacency.a, adjacency.z} <= live and not used & failed:
            key = adjacency.tunnel or adjacency.segments[0]
            for a, z in ((adjacency.a, adjacency.z), (adjacency.z, adjacency.a)):
                graph.add_edge(a, z, key=key, cost=adjacency.cost, uses=(*adjacency.segments, key))
    return graph


def end_routers(network: Network, failed: set[str], end: str, *, sends: bool) -> Iterator[tuple[str, Interface]]:
    """Yield the routers that a host's traffic enters by, or leaves by, each with the host's port on their LAN."""
    for port in network.interfaces_of(end):
        gateway = network.gateways.get(port.segment)
        if gateway is None or port.key in failed:
            continue
        living = [router for router in gateway.routers if _holds(network, router, port.segment, failed)]
        yield from ((router, port) for router in (living[:1] if sends else living))


def _holds(network: Network, router: str, segment: str, failed: set[str]) -> bool:
    """Tell whether a router lives and reaches a LAN, so that it may hold the gateway."""
    over = network.segments[segment].circuit
    port = next(port for port in network.members(segment) if port.node == router)
    return not {router, port.key, segment} & failed and over not in failed


def _path(graph: nx.MultiDiGraph[str], nodes: tuple[str, ...]) -> Path:
    hops, cost = [], 0
    for a, z in pairwise(nodes):
        edges = graph[a][z].values()
        least = min(edge["cost"] for edge in edges)
        hops.append(tuple(sorted({used for edge in edges if edge["cost"] == least for used in edge["uses"]})))
        cost += least
    return Path(nodes, tuple(hops), cost)
