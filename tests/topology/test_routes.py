"""Disjoint routes between sites: counted by hand for both estates, and held against what fails without them."""

from __future__ import annotations

import dataclasses
from itertools import combinations
from pathlib import Path

import pytest
from bad_estates import GOOD

from inventory.load import estate_names, load_estate
from inventory.models.estate import Estate
from topology.build import build_network
from topology.graph import build_graph, site_graph
from topology.routes import Pair, Routes


def _routes(estate: Estate) -> Routes:
    return Routes(estate, build_network(estate))


def _by_sites(estate: Estate) -> dict[tuple[str, str], Pair]:
    return {(one.a, one.z): one for one in _routes(estate).pairs()}


def _counts(pair: Pair) -> tuple[int, int, int]:
    return pair.node_disjoint, pair.circuit_disjoint, pair.risk_disjoint


@pytest.mark.parametrize(
    ("name", "a", "z", "counts"),
    [
        ("fuji-fujinomiya", "dc", "fuji-fire", (2, 2, 1)),
        ("fuji-fujinomiya", "dc", "fujinomiya-hall", (2, 2, 1)),
        ("fuji-fujinomiya", "dc", "fuji-hall", (1, 1, 1)),
        ("fuji-fujinomiya", "fuji-fire", "fuji-hall", (1, 1, 1)),
        ("fuji-fujinomiya", "fuji-fire", "fujinomiya-hall", (2, 2, 1)),
        ("tri-villages", "east-dc", "west-dc", (2, 4, 2)),
        ("tri-villages", "east-dc", "ishibune-hall", (1, 2, 2)),
        ("tri-villages", "east-dc", "kumosato-hall", (2, 2, 2)),
        ("tri-villages", "aowatari-hall", "west-dc", (1, 1, 1)),
    ],
)
def test_routes_are_as_many_as_counted_by_hand(name: str, a: str, z: str, counts: tuple[int, int, int]) -> None:
    """Two circuits with two routers at each end are two routes; through one duct they are one."""
    assert _counts(_by_sites(load_estate(name))[a, z]) == counts


def test_what_cuts_a_pair_off_is_named() -> None:
    """The cable tunnel of slide 19 cuts the data centre from everybody, the campus link Fuji's hall."""
    found = _by_sites(load_estate("fuji-fujinomiya"))
    assert found["dc", "fuji-fire"].cut_by == ("risk_groups.dc-cable-tunnel", "risk_groups.fire-building-duct")
    assert found["fuji-fire", "fuji-hall"].cut_by == ("circuits.fuji-campus",)
    assert all("risk_groups.dc-cable-tunnel" in pair.cut_by for sites, pair in found.items() if "dc" in sites)


def test_ducts_of_their_own_make_two_routes() -> None:
    """Without shared ducts the count is that of circuits: the ducts made the difference."""
    estate = load_estate("fuji-fujinomiya")
    records = estate.records.model_copy(update={"risk_groups": {}})
    apart = _by_sites(dataclasses.replace(estate, records=records))
    assert _counts(apart["dc", "fuji-fire"]) == (2, 2, 2)
    assert apart["dc", "fuji-fire"].cut_by == ()
    assert all(pair.risk_disjoint == pair.circuit_disjoint for pair in apart.values())


@pytest.mark.parametrize("name", [*estate_names(), str(GOOD)], ids=lambda name: Path(name).name)
def test_counts_agree_with_what_a_cut_leaves(name: str) -> None:
    """No duct or circuit is named unless without it no way is left, and one is left where nothing is named."""
    estate = load_estate(name)
    routes = _routes(estate)
    for pair in routes.pairs():
        assert 1 <= pair.risk_disjoint <= pair.circuit_disjoint
        assert pair.node_disjoint <= pair.circuit_disjoint
        ways = list(routes.routes(pair.a, pair.z))
        for circuit in estate.records.circuits:
            assert (f"circuits.{circuit}" in pair.cut_by) == all(circuit in way for way in ways)
        for id_, group in estate.records.risk_groups.items():
            left = [way for way in ways if not way & set(group.circuits)]
            assert (f"risk_groups.{id_}" in pair.cut_by) == (not left)
        assert ways


def test_carrier_network_is_passed_by_tunnels_alone() -> None:
    """Where no tunnel joins two sites over a carrier network, their access lines are no way between them."""
    estate = load_estate(str(GOOD))
    network = build_network(estate)
    backup = frozenset({"yamate-access", "centre-access"})
    assert set(Routes(estate, network).routes("centre", "yamate-hall")) == {frozenset({"yamate-main"}), backup}
    without = Routes(estate, dataclasses.replace(network, tunnels={}))
    assert set(without.routes("centre", "yamate-hall")) == {frozenset({"yamate-main"})}
    assert without.pair("centre", "yamate-hall").circuit_disjoint == 1


def test_pairs_of_one_site_are_those_and_no_others() -> None:
    """Named sites narrow the pairs; a name that is none is refused."""
    routes = _routes(load_estate("tri-villages"))
    found = {(pair.a, pair.z) for pair in routes.pairs(["west-dc"])}
    everything = set(combinations(sorted(routes.estate.records.sites), 2))
    assert found == {sites for sites in everything if "west-dc" in sites}
    with pytest.raises(KeyError, match="west"):
        list(routes.pairs(["west"]))


def test_site_graph_has_every_circuit_once() -> None:
    """What the ways are searched in is the drawing of sites and circuits itself."""
    estate = load_estate("fuji-fujinomiya")
    graph = site_graph(build_graph(build_network(estate), estate))
    assert sorted(key for _, _, key in graph.edges(keys=True)) == sorted(estate.records.circuits)
