"""Who loses which service of the design when hosts, machines, racks and appliances fail."""

from __future__ import annotations

import pytest
from bad_estates import GOOD
from design_sections import undesigned

from inventory.load import load_estate
from topology.build import build_network
from topology.failures import Failures, Impact


@pytest.fixture(scope="module")
def small() -> Failures:
    """Return the small estate of the tests, ready to be asked."""
    estate = load_estate(str(GOOD))
    return Failures(estate, build_network(estate))


@pytest.fixture(scope="module")
def deck() -> Failures:
    """Return the deck's estate, ready to be asked."""
    estate = load_estate("fuji-fujinomiya")
    return Failures(estate, build_network(estate))


@pytest.fixture(scope="module")
def singles(deck: Failures) -> dict[str, Impact]:
    """Return every single failure of the deck's estate."""
    return {one.failed[0]: one for one in deck.singles()}


def test_host_takes_its_machines_and_only_single_ones_cost_a_service(small: Failures) -> None:
    """Host 1 carries one of Hamabe's two and Yamate's only machine."""
    found = small.impact(("hardware.host-1",))
    assert found.falls == ("virtual_machines.hamabe-register-1", "virtual_machines.yamate-register-1")
    assert found.designed_lost == (("register-service", "yamate"),)
    assert found.lost == ()


@pytest.mark.parametrize(
    ("failed", "lost"),
    [
        (("virtual_machines.hamabe-register-1",), ()),
        (("virtual_machines.hamabe-register-1", "virtual_machines.hamabe-register-2"), ("hamabe",)),
        (("hardware.switch-1",), ()),
        (("hardware.switch-1", "hardware.switch-2"), ("hamabe", "yamate")),
        (("hardware.balancer-1", "hardware.balancer-2"), ("hamabe",)),
        (("hardware.wall-1", "hardware.wall-2"), ("hamabe", "yamate")),
        (("hardware.centre-disk",), ("hamabe", "yamate")),
        (("circuits.hamabe-campus",), ("hamabe",)),
        (("devices.hamabe-db",), ("hamabe",)),
        (("sites.yamate-hall",), ()),
    ],
)  # fmt: skip
def test_register_is_lost_with_what_it_stands_on(
    small: Failures, failed: tuple[str, ...], lost: tuple[str, ...]
) -> None:
    """Machines, switches, balancers, firewalls, disks, the way to it, and the realised service that it needs."""
    found = small.impact(failed).designed_lost
    assert tuple(city for service, city in found if service == "register-service") == lost


def test_double_failure_is_told_for_the_design_alone(small: Failures) -> None:
    """Both of Hamabe's machines cost more than their parts, and no realised service."""
    pair = {"virtual_machines.hamabe-register-1", "virtual_machines.hamabe-register-2"}
    (found,) = [one for one in small.doubles() if set(one.failed) == pair]
    assert (found.beyond, found.designed_beyond) == ((), (("register-service", "hamabe"),))


def test_no_host_or_rack_of_the_deck_takes_a_redundant_service(deck: Failures, singles: dict[str, Impact]) -> None:
    """Whatever single host or new rack falls, what is lost says in the estate why it stands alone."""
    records = deck.estate.records
    hosts = [f"hardware.{host}" for cluster in records.clusters.values() for host in cluster.hosts]
    lost = {service for path in (*hosts, "racks.dc-rack-3", "racks.dc-rack-4") for service, _ in
            singles[path].designed_lost}  # fmt: skip
    assert lost
    assert all(records.designed_services[service].single for service in lost)


def test_design_changes_nothing_that_is_realised(deck: Failures, singles: dict[str, Impact]) -> None:
    """Without the design the network, and what the lab's services lose, are the same."""
    bare = undesigned(deck.estate)
    network = build_network(bare)
    assert network == deck.network
    without = {one.failed[0]: one.lost for one in Failures(bare, network).singles()}
    assert {path: one.lost for path, one in singles.items() if path in without} == without
