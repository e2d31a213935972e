"""Single and double failures: what falls with what, and who loses which service beyond the parts alone."""

from __future__ import annotations

import pytest
from bad_estates import GOOD

from inventory.load import load_estate
from topology.build import build_network
from topology.failures import Failures

REGISTRY = "resident-registry"
BOTH = ((REGISTRY, "fuji"), (REGISTRY, "fujinomiya"))


@pytest.fixture(scope="module")
def deck() -> Failures:
    """Return the deck's estate, ready to be asked."""
    estate = load_estate("fuji-fujinomiya")
    return Failures(estate, build_network(estate))


def test_nothing_fails_and_nothing_is_lost(deck: Failures) -> None:
    """The normal state: every city has its service."""
    assert deck.impact(()).lost == ()


@pytest.mark.parametrize("circuit", ["fuji-wan-1", "fuji-wan-2", "fujinomiya-main", "fujinomiya-flets"])
def test_no_wide_area_circuit_is_a_single_point(deck: Failures, circuit: str) -> None:
    """Slide 20: each line has a second way."""
    assert deck.impact((f"circuits.{circuit}",)).lost == ()


def test_campus_link_and_the_only_server_are_single_points(deck: Failures) -> None:
    """What the promises except, and what single tenancy on one machine means."""
    assert deck.impact(("circuits.fuji-campus",)).lost == ((REGISTRY, "fuji"),)
    assert deck.impact(("hardware.fujinomiya-db-unit",)).lost == ((REGISTRY, "fujinomiya"),)


def test_rack_takes_down_what_stands_in_it_and_no_neighbour(deck: Failures) -> None:
    """Rack 1 holds one router and Fuji's servers; the second router in rack 2 keeps Fujinomiya's service."""
    found = deck.impact(("racks.dc-rack-1",))
    assert {"devices.dc-rt-1", "devices.dc-fuji-ap", "devices.dc-fuji-db"} <= set(found.falls)
    assert "devices.dc-rt-2" not in found.falls
    assert found.lost == ((REGISTRY, "fuji"),)


def test_one_feed_is_no_loss_and_both_are(deck: Failures) -> None:
    """Machines with two supplies live on either feed; a pair of feeds, or of supplies, takes the whole data centre."""
    assert deck.impact(("power_feeds.dc-feed-a",)).falls == ()
    assert deck.impact(("power_feeds.dc-feed-a", "power_feeds.dc-feed-b")).lost == BOTH
    assert deck.impact(("power_sources.dc-ups-a", "power_feeds.dc-feed-b")).lost == BOTH


def test_supply_falls_only_with_everything_that_feeds_it(deck: Failures) -> None:
    """The grid alone is what the generator is for; in the hall there is none, and the routers fall with it."""
    assert deck.impact(("power_sources.dc-grid",)).lost == ()
    assert deck.impact(("power_sources.dc-grid", "power_sources.dc-generator")).lost == BOTH
    assert deck.impact(("power_sources.fujinomiya-grid",)).lost == ((REGISTRY, "fujinomiya"),)


def test_tunnel_with_every_circuit_is_told_as_one_risk(deck: Failures) -> None:
    """One duct cuts both of Fuji's circuits; the data centre's cable tunnel cuts everybody."""
    assert deck.impact(("risk_groups.fire-building-duct",)).lost == ((REGISTRY, "fuji"),)
    assert deck.impact(("risk_groups.dc-cable-tunnel",)).lost == BOTH


def test_doubles_cost_more_than_their_parts(deck: Failures) -> None:
    """Both circuits of a city are among them, each once; nothing that one of the two costs alone counts as beyond."""
    found = {frozenset(one.failed): one for one in deck.doubles()}
    assert found[frozenset({"circuits.fuji-wan-1", "circuits.fuji-wan-2"})].beyond == ((REGISTRY, "fuji"),)
    main_and_backup = frozenset({"circuits.fujinomiya-main", "circuits.fujinomiya-flets"})
    assert found[main_and_backup].beyond == ((REGISTRY, "fujinomiya"),)
    alone = {one.failed[0]: set(one.lost) for one in deck.singles()}
    for pair, impact in found.items():
        assert set(impact.beyond) == set(impact.lost) - set.union(*(alone[path] for path in pair))
        assert impact.beyond or impact.designed_beyond


def test_terminals_are_no_failure_and_unknown_entries_are_refused(deck: Failures) -> None:
    """Users are whom the service is for; what is none of the estate's entries is an error, not a harmless failure."""
    assert "devices.fuji-terminal" not in deck.candidates()
    for path in ("circuits.nothing", "promises.terminals-back-in-3s"):
        with pytest.raises(KeyError):
            deck.impact((path,))


def test_any_estate_can_be_asked() -> None:
    """The small estate of the tests: its one router at the centre is a single point for both municipalities."""
    estate = load_estate(str(GOOD))
    failures = Failures(estate, build_network(estate))
    assert {city for _, city in failures.impact(("devices.centre-rt",)).lost} == {"hamabe", "yamate"}
    assert {city for _, city in failures.impact(("risk_groups.shore-duct",)).lost} == {"hamabe"}
