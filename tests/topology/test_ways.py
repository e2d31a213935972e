"""Over which circuits flows spread: equal cost, backups, campus links, no way at all."""

from __future__ import annotations

import random
from pathlib import Path

import networkx as nx
import pytest

from inventory.load import load_estate
from topology.analysis import routing_graph
from topology.build import build_network
from topology.model import Network
from topology.ways import Ways, _lines, ways
from twin.bench.estates import REGION, write_estate


@pytest.fixture(scope="module")
def deck() -> Network:
    """The deck's network."""
    return build_network(load_estate("fuji-fujinomiya"))


def test_parallel_circuits_share_evenly_behind_the_campus_link(deck: Network) -> None:
    """Fuji's flows take both circuits alike, in the direction in which they go."""
    found = ways(deck, "fuji-terminal", "dc-fuji-ap")
    assert {way.lines for way in found} == {
        (("fuji-campus", "z"), ("fuji-wan-1", "z")), (("fuji-campus", "z"), ("fuji-wan-2", "z")),
    }  # fmt: skip
    assert [way.share for way in found] == [0.5, 0.5]
    back = ways(deck, "dc-fuji-ap", "fuji-terminal")
    assert {way.lines[-1] for way in back} == {("fuji-campus", "a")}


def test_backup_is_taken_through_its_tunnel_when_the_main_circuit_fails(deck: Network) -> None:
    """Fujinomiya goes over its main circuit, and over both access lines of the closed network after a cut."""
    (main,) = ways(deck, "fujinomiya-terminal", "dc-fujinomiya-ap")
    assert (main.lines, main.tunnels, main.share) == ((("fujinomiya-main", "z"),), (), 1.0)
    (backup,) = ways(deck, "fujinomiya-terminal", "dc-fujinomiya-ap", ("fujinomiya-main",))
    assert backup.lines == (("fujinomiya-flets", "z"), ("dc-regional-access", "z"))
    assert len(backup.tunnels) == 1


@pytest.mark.parametrize("failed", [("fuji-campus",), ("fuji-wan-1", "fuji-wan-2"), ("fb-rt-1", "fb-rt-2")])
def test_nothing_is_left_when_the_only_ways_fail(deck: Network, failed: tuple[str, ...]) -> None:
    """No way is an empty answer, not an error."""
    assert ways(deck, "fuji-terminal", "dc-fuji-ap", failed) == ()


def test_shares_always_add_to_one_and_unknown_nodes_are_refused(deck: Network) -> None:
    """For every pair of hosts; a node to itself crosses nothing."""
    hosts = [node.id for node in deck.nodes.values() if node.role != "router"]
    for a in hosts:
        for z in hosts:
            found = ways(deck, a, z)
            assert not found or sum(way.share for way in found) == pytest.approx(1)
    assert ways(deck, hosts[0], hosts[0])[0].lines == ()
    with pytest.raises(KeyError):
        ways(deck, "nobody", hosts[0])


def _plainly(network: Network, a: str, z: str, failed: set[str]) -> dict[object, float]:
    """Return the share of each way by distances over the whole graph, as networkx finds them, and a walk along them."""
    graph = routing_graph(network, failed, a, z)
    left = nx.single_source_dijkstra_path_length(graph.reverse(), z, weight="cost") if z in graph else {}
    found: dict[object, float] = {}

    def walk(node: str, lines: tuple[object, ...], tunnels: tuple[str, ...], share: float) -> None:
        if node == z:
            found[lines, tunnels] = found.get((lines, tunnels), 0.0) + share
            return
        edges = [(other, edge) for _, other, edge in graph.out_edges(node, data=True)]
        hops = [(other, edge) for other, edge in edges if edge["cost"] + left.get(other, 1e9) == left[node]]
        for other, edge in hops:
            more = tuple(name for name in edge["uses"] if name in network.tunnels)
            crossed = tuple(_lines(network, node, other, edge["uses"]))
            walk(other, (*lines, *crossed), (*tunnels, *more), share / len(hops))

    if a in left:
        walk(a, (), (), 1.0)
    return found


@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages", "generated"])
def test_every_pair_has_the_ways_that_networkx_finds(name: str, tmp_path: Path) -> None:
    """Whatever has failed, and whatever else the same `Ways` was asked before: the same ways with the same shares."""
    folder = str(write_estate(tmp_path / "estate", 2 * REGION, servers=34)) if name == "generated" else name
    network = build_network(load_estate(folder))
    draw = random.Random(1)
    circuits = sorted(one.circuit for one in network.segments.values() if one.circuit)
    routers = sorted(node.id for node in network.routers())
    reached = 0
    for count in (0, 1, 2, 3):
        failed = {*draw.sample(circuits, count), *draw.sample(routers, count // 2)}
        together = Ways(network, failed)
        for _ in range(40):
            a, z = draw.sample(sorted(network.nodes), 2)
            found = {(way.lines, way.tunnels): way.share for way in together.between(a, z)}
            assert found == pytest.approx(_plainly(network, a, z, failed))
            reached += bool(found)
    assert reached > 80
