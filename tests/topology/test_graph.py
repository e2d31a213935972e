"""The multigraph of a network, and what follows from it by itself."""

from __future__ import annotations

import pytest
from bad_estates import GOOD

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.analysis import paths
from topology.build import build_network
from topology.failures import Failures
from topology.graph import build_graph, reachable, site_graph, wiring_graph
from topology.model import Network

Case = tuple[Estate, Network]


@pytest.fixture(scope="module", params=["fuji-fujinomiya", str(GOOD)], ids=["deck", "good"])
def case(request: pytest.FixtureRequest) -> Case:
    """An estate with its network."""
    estate = load_estate(request.param)
    return estate, build_network(estate)


@pytest.fixture(scope="module")
def deck() -> Case:
    """The deck's estate with its network."""
    estate = load_estate("fuji-fujinomiya")
    return estate, build_network(estate)


def test_graph_holds_every_record(case: Case) -> None:
    """Sites, nodes, interfaces and circuits of the inventory all stand in the graph, each citing its line."""
    estate, network = case
    graph = build_graph(network, estate)
    records = estate.records
    by_kind = {
        kind: {d["id"] for _, d in graph.nodes(data=True) if d["kind"] == kind}
        for kind in ("site", "node", "interface")
    }
    assert by_kind["site"] == set(records.sites)
    assert by_kind["node"] == set(records.devices)
    assert by_kind["interface"] == {port.key for port in network.interfaces}
    lines = {d["circuit"]: d for *_, d in graph.edges(data=True) if d["kind"] == "line"}
    assert set(lines) == set(records.circuits)
    assert all(data["cite"] == estate.cite(f"circuits.{id_}") for id_, data in lines.items())


def test_parallel_circuits_stay_two(deck: Case) -> None:
    """The two circuits of the logical line are two edges between the same sites."""
    estate, network = deck
    sites = site_graph(build_graph(network, estate))
    assert set(sites["site:dc"]["site:fuji-fire"]) == {"fuji-wan-1", "fuji-wan-2"}
    assert sites.number_of_edges() == len(estate.records.circuits)


def test_everything_is_wired_together(case: Case) -> None:
    """Users reach their servers over wiring and routers alone, and nothing stands apart in the good state."""
    estate, network = case
    graph = build_graph(network, estate)
    for service in estate.records.services.values():
        for instance in service.instances.values():
            for port in network.members(instance.users):
                assert reachable(graph, port.node, instance.application)


def test_hosts_pass_nothing_on(deck: Case) -> None:
    """With both routers of the fire building gone, no other host on the LAN leads anywhere."""
    estate, network = deck
    graph = build_graph(network, estate)
    assert not reachable(graph, "fuji-terminal", "dc-fuji-ap", {"fb-rt-1", "fb-rt-2"})
    assert reachable(graph, "fuji-terminal", "dc-fuji-ap", {"fb-rt-1"})
    assert not reachable(graph, "fuji-terminal", "dc-fuji-ap", {"fuji-terminal/eth0"})
    assert "node:fb-rt-1" not in wiring_graph(graph, {"fb-rt-1"})


def test_only_the_campus_link_stands_alone_in_the_deck(deck: Case) -> None:
    """Every circuit and router of slide 20 has a second way; Fuji's campus link has none."""
    estate, network = deck
    assert _single_points(estate, network) == [("fuji-campus", "fuji")]


def _single_points(estate: Estate, network: Network) -> list[tuple[str, str]]:
    """Return `(element, city)` of circuits, routers and carrier networks whose loss alone costs a city a service."""
    elements = {"circuits": set(estate.records.circuits), "carrier_networks": set(network.carrier_networks)}
    elements["devices"] = {node.id for node in network.routers()}
    found = []
    for impact in Failures(estate, network).singles():
        section, _, id_ = impact.failed[0].partition(".")
        if id_ in elements.get(section, ()):
            found += [(id_, city) for _, city in impact.lost]
    return found


def test_single_router_of_a_small_estate_is_found() -> None:
    """Where one router carries all, its loss cuts off every city."""
    estate = load_estate(str(GOOD))
    found = set(_single_points(estate, build_network(estate)))
    assert {
        ("centre-rt", "hamabe"),
        ("centre-rt", "yamate"),
        ("hamabe-rt", "hamabe"),
        ("hamabe-campus", "hamabe"),
    } == found


@pytest.mark.parametrize(
    ("failed", "routers", "cost"),
    [
        (set(), ["fm-rt-main", "dc-rt-1"], 10),
        ({"fujinomiya-main"}, ["fm-rt-main", "fm-rt-backup", "dc-rt-2"], 1 + 1033),
        ({"fm-rt-main"}, ["fm-rt-backup", "dc-rt-2"], 1033),
        ({"fm-rt-main/main"}, ["fm-rt-main", "fm-rt-backup", "dc-rt-2"], 1 + 1033),
        ({"dc-rt-1"}, ["fm-rt-main", "fm-rt-backup", "dc-rt-2"], 1 + 1033),
        ({"fm-rt-main/hall"}, ["fm-rt-backup", "fm-rt-main", "dc-rt-1"], 1 + 10),
    ],
)
def test_fujinomiya_takes_its_backup(deck: Case, failed: set[str], routers: list[str], cost: int) -> None:
    """The main circuit while it lives, else the tunnel; costs are those of the inventory's rates."""
    (path,) = paths(deck[1], "fujinomiya-terminal", "dc-fujinomiya-ap", failed)
    assert list(path.nodes[1:-1]) == routers
    assert path.cost == cost


def test_no_path_where_main_and_backup_are_lost(deck: Case) -> None:
    """Nothing is returned where nothing leads, and an unknown node is refused."""
    _, network = deck
    for lost in ("regional-ip-network", "fujinomiya-flets", "dc-regional-access", "fm-rt-backup/regional"):
        assert paths(network, "fujinomiya-terminal", "dc-fujinomiya-ap", {"fujinomiya-main", lost}) == ()
    with pytest.raises(KeyError, match="nobody"):
        paths(network, "nobody", "dc-fuji-ap")


def test_fuji_spreads_over_both_circuits(deck: Case) -> None:
    """Both circuits and both data-centre routers serve Fuji at equal cost; a lost circuit leaves the other."""
    _, network = deck
    found = paths(network, "fuji-terminal", "dc-fuji-ap")
    assert [path.nodes[2] for path in found] == ["dc-rt-1", "dc-rt-2"]
    assert all(path.hops[1] == ("fuji-wan-1", "fuji-wan-2") for path in found)
    assert {path.hops[1] for path in paths(network, "fuji-terminal", "dc-fuji-ap", {"fuji-wan-1"})} == {("fuji-wan-2",)}
    assert {"fuji-wan-1", "fb-rt-1", "dc-fuji-core"} <= found[0].elements()
