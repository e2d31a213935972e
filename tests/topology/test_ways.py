"""Over which circuits flows spread: equal cost, backups, campus links, no way at all."""

from __future__ import annotations

import pytest

from inventory.load import load_estate
from topology.build import build_network
from topology.model import Network
from topology.ways import ways


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
