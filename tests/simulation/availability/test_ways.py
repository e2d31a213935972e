"""The least ways between nodes: networks by hand, and any network against plain reachability."""

from __future__ import annotations

from itertools import combinations, pairwise

import networkx as nx
import numpy as np
import pytest

from simulation.availability.ways import Ways
from simulation.errors import MechanismInvalid
from topology.graph import islands, joined, wiring_graph


def wired(routers: str, hosts: str, lans: dict[str, str], circuits: dict[str, str]) -> nx.MultiGraph[str]:
    """Return a wiring: routers and hosts by letters, LANs and circuits with who is attached (`a|bc`: the two ends)."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for name in (*routers, *hosts):
        graph.add_node(f"node:{name}", kind="node", role="router" if name in routers else "terminal")
    sides = {f"side:{lan}/a": members for lan, members in lans.items()}
    for circuit, ends in circuits.items():
        a, z = ends.split("|")
        sides |= {f"side:{circuit}/a": a, f"side:{circuit}/z": z}
        graph.add_edge(f"side:{circuit}/a", f"side:{circuit}/z", key=circuit, kind="circuit")
    for side, members in sides.items():
        for name in members:
            port = f"interface:{name}/{side}"
            graph.add_edge(f"node:{name}", port, key="port", kind="port")
            graph.add_edge(port, side, key="attached", kind="attached")
    return graph


def between(graph: nx.MultiGraph[str], start: str, goal: str) -> set[frozenset[str]]:
    """Return the ways as sets of short names, without the two ends."""
    found = Ways(graph).between([f"devices.{start}"], [f"devices.{goal}"])
    return {frozenset(name.partition(".")[2] for name in way) - {start, goal} for way in found}


def test_two_on_a_lan_need_nothing_else() -> None:
    """A switch is no entry of its own."""
    assert between(wired("", "xy", {"lan": "xy"}, {}), "x", "y") == {frozenset()}


def test_two_circuits_to_two_routers_each() -> None:
    """Each circuit is an L2 segment that both routers of both ends are on: eight ways."""
    graph = wired("abcd", "xy", {"left": "xab", "right": "ycd"}, {"one": "ab|cd", "two": "ab|cd"})
    assert between(graph, "x", "y") == {
        frozenset({near, circuit, far}) for near in "ab" for circuit in ("one", "two") for far in "cd"
    }


def test_main_and_backup_cross_between_the_routers_of_a_site() -> None:
    """Main ends at a and c, backup at b and d; every LAN joins its two routers, so four ways."""
    graph = wired("abcd", "xy", {"left": "xab", "right": "ycd"}, {"main": "a|c", "backup": "b|d"})
    assert between(graph, "x", "y") == {frozenset({"a", "main", "c"}), frozenset({"b", "backup", "d"})}


def test_hosts_pass_nothing_on() -> None:
    """A host on two LANs is no router."""
    assert between(wired("", "xyz", {"one": "xz", "two": "zy"}, {}), "x", "y") == set()


def test_a_way_round_is_none_where_a_shorter_one_lies_within() -> None:
    """The ring gives both directions, and no way that holds another."""
    graph = wired("abc", "xy", {"left": "xa", "right": "yb"}, {"ab": "a|b", "ac": "a|c", "cb": "c|b"})
    assert between(graph, "x", "y") == {frozenset({"a", "ab", "b"}), frozenset({"a", "ac", "c", "cb", "b"})}


def test_too_many_ways_are_refused() -> None:
    """A chain of doubled circuits has 2^n ways: said so, not listed without end."""
    routers = "abcdefghijklmn"
    circuits = {f"{a}{z}{n}": f"{a}|{z}" for a, z in pairwise(routers) for n in (1, 2)}
    graph = wired(routers, "xy", {"left": "xa", "right": "yn"}, circuits)
    with pytest.raises(MechanismInvalid, match="more than 4000 ways"):
        between(graph, "x", "y")


def test_any_network_is_joined_where_a_way_is_whole() -> None:
    """Sixty drawn networks, any two elements gone: some way is whole exactly where plain reachability says so."""
    rng = np.random.default_rng(3)
    routers = "abcde"
    for _ in range(60):
        lans = {"left": "x" + "".join(r for r in routers if rng.random() < 0.5), "right": "yde"}
        circuits = {}
        for number in range(6):
            a, z = rng.choice(list(routers), 2, replace=False)
            circuits[f"line{number}"] = f"{a}|{z}"
        graph = wired(routers, "xy", lans, circuits)
        ways = between(graph, "x", "y")
        for gone in combinations((*routers, *circuits), 2):
            found = islands(wiring_graph(graph, gone))
            assert any(not way & set(gone) for way in ways) == joined(found, "x", "y")
