"""The network as a networkx multigraph of sites, nodes, interfaces, segment sides, carrier networks and circuits.

Vertices are `kind:id` (`site:dc`, `node:dc-rt-1`, `interface:dc-rt-1/wan1`, `side:fuji-wan-1/a`, `carrier:…`); edges
carry their kind, and circuits are edges with the circuit's id as key, so that two circuits between the same places
stay two. Leaves routing in time to `simulation`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

import networkx as nx

from inventory.collector import collector_paused
from inventory.models.estate import Estate
from topology.model import Interface, Network

EdgeKind = Literal["houses", "port", "attached", "circuit", "carrier", "line"]
Islands = Mapping[str, frozenset[int]]
WIRING: frozenset[str] = frozenset({"port", "attached", "circuit", "carrier"})


@collector_paused()
def build_graph(network: Network, estate: Estate) -> nx.MultiGraph[str]:
    """Return the graph of a network; every vertex and edge has its `kind`, those from the inventory their `cite`."""
    graph: nx.MultiGraph[str] = nx.MultiGraph(digest=network.estate_digest)
    for id_, site in estate.records.sites.items():
        graph.add_node(f"site:{id_}", kind="site", id=id_, name=site.name, cite=estate.cite(f"sites.{id_}"))
    for id_, carrier in estate.records.carrier_networks.items():
        cite = estate.cite(f"carrier_networks.{id_}")
        graph.add_node(f"carrier:{id_}", kind="carrier", id=id_, name=carrier.name, cite=cite)
    for node in network.nodes.values():
        cite = estate.cite(f"devices.{node.id}")
        graph.add_node(f"node:{node.id}", kind="node", id=node.id, role=node.role, site=node.site, cite=cite)
        graph.add_edge(f"site:{node.site}", f"node:{node.id}", key="houses", kind="houses")
    _add_wiring(graph, network, estate)
    carriers = estate.records.carrier_networks
    for id_, circuit in estate.records.circuits.items():
        a, z = (f"carrier:{end}" if end in carriers else f"site:{end}" for end in circuit.ends.both)
        cite = estate.cite(f"circuits.{id_}")
        graph.add_edge(a, z, key=id_, kind="line", circuit=id_, rate_bps=circuit.effective_rate_bps, cite=cite)
    return graph


def _add_wiring(graph: nx.MultiGraph[str], network: Network, estate: Estate) -> None:
    """Add what frames pass through: interfaces, the sides of segments, the circuits between two sides."""
    for segment in network.segments.values():
        sides = ("a", "z") if segment.circuit else ("a",)
        for side in sides:
            graph.add_node(f"side:{segment.id}/{side}", kind="side", id=segment.id, segment_kind=segment.kind)
        if segment.circuit:
            cite = estate.cite(f"circuits.{segment.circuit}")
            a, z = f"side:{segment.id}/a", f"side:{segment.id}/z"
            graph.add_edge(a, z, key=segment.circuit, kind="circuit", circuit=segment.circuit, cite=cite)
        for end, place in zip(sides, segment.sites, strict=False):
            if place in network.carrier_networks:
                graph.add_edge(f"side:{segment.id}/{end}", f"carrier:{place}", key="carrier", kind="carrier")
    for port in network.interfaces:
        cite = estate.cite(f"devices.{port.node}.interfaces.{port.name}")
        graph.add_node(f"interface:{port.key}", kind="interface", id=port.key, address=str(port.address), cite=cite)
        graph.add_edge(f"node:{port.node}", f"interface:{port.key}", key="port", kind="port")
        graph.add_edge(f"interface:{port.key}", _side(port), key="attached", kind="attached")


def site_graph(graph: nx.MultiGraph[str]) -> nx.MultiGraph[str]:
    """Return the view of sites and carrier networks with the circuits between them, as slide 20 shows them."""
    places = {vertex for vertex, data in graph.nodes(data=True) if data["kind"] in ("site", "carrier")}
    return nx.subgraph_view(
        graph,
        filter_node=lambda vertex: vertex in places,
        filter_edge=lambda a, z, key: graph.edges[a, z, key]["kind"] == "line",
    )


def wiring_graph(graph: nx.MultiGraph[str], failed: Collection[str] = ()) -> nx.MultiGraph[str]:
    """Return the view of what frames and packets pass through, without what failed.

    `failed` holds ids of circuits, nodes, carrier networks and `node/interface`.
    """
    lost: set[object] = set(failed)
    gone = {f"{kind}:{id_}" for id_ in lost for kind in ("node", "interface", "carrier")}
    return nx.subgraph_view(
        graph,
        filter_node=lambda vertex: not vertex.startswith("site:") and vertex not in gone,
        filter_edge=lambda a, z, key: graph.edges[a, z, key]["kind"] in WIRING and key not in lost,
    )


def reachable(graph: nx.MultiGraph[str], a: str, z: str, failed: Collection[str] = ()) -> bool:
    """Tell whether two nodes are joined by wiring and routers alone: other hosts pass nothing on."""
    return joined(islands(wiring_graph(graph, failed)), a, z)


def islands(wiring: nx.MultiGraph[str]) -> Islands:
    """Return for each vertex of a wiring the islands that it is on: parts that wiring and routers alone join.

    A host, which passes nothing on, is on the islands of its ports.
    """
    hosts = {vertex for vertex, data in wiring.nodes(data=True) if data.get("role", "router") != "router"}
    passing = wiring.subgraph([vertex for vertex in wiring if vertex not in hosts])
    parts = enumerate(nx.connected_components(passing))
    found = {vertex: frozenset({number}) for number, part in parts for vertex in part}
    ashore = {host: frozenset().union(*(found[port] for port in wiring.neighbors(host))) for host in hosts}
    return {**found, **ashore}


def joined(found: Islands, a: str, z: str) -> bool:
    """Tell whether two nodes are on one island; a node that is gone is on none."""
    return not found.get(f"node:{a}", frozenset()).isdisjoint(found.get(f"node:{z}", frozenset()))


def _side(port: Interface) -> str:
    return f"side:{port.segment}/{port.end}"
