"""The needs of services are the same reading of an estate as `topology.failures`: single and double failures agree."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import combinations

import pytest

from inventory.models.estate import Estate
from simulation.availability.dependencies import ALWAYS, Dependencies, at_least, either, every
from simulation.availability.parts import places_of_users
from simulation.availability.served import Served, Services
from simulation.availability.structure import works
from topology.build import build_network
from topology.failures import Failures

PAIRS = 400
A, B, C = works("a"), works("b"), works("c")


def served(estate: Estate, *, in_time: bool) -> list[Served]:
    """Return every service, over components that all may fail."""
    dependencies = Dependencies(estate, lambda name: "/" not in name or in_time, in_time=in_time)
    return list(Services(estate, build_network(estate), dependencies).all())


def lost(services: Iterable[Served], failed: Iterable[str]) -> set[tuple[str, str]]:
    """Return which services by city are not met where some entries failed."""
    gone = set(failed)
    return {
        (one.service, one.city)
        for one in services
        if one.place is None and not one.need.met({name: name not in gone for name in one.need.components()})
    }


def cases(estate: Estate, failures: Failures) -> list[tuple[str, ...]]:
    """Return every single failure and many doubles; users' own sites apart, whose users are gone with them."""
    users = {f"sites.{name}" for name in places_of_users(estate.records)}
    entries = [path for path in failures.candidates() if path not in users]
    pairs = list(combinations(entries, 2))
    return [*((path,) for path in entries), *random.Random(7).sample(pairs, min(PAIRS, len(pairs)))]


@pytest.fixture(params=["deck", "small", "villages"])
def estate(request: pytest.FixtureRequest) -> Estate:
    """Each of three estates that share nothing."""
    found: Estate = request.getfixturevalue(request.param)
    return found


def test_singles_and_doubles_cost_what_impact_says(estate: Estate) -> None:
    """At the instant of a failure the needs say what `twin impact` says, service by service and city by city."""
    failures = Failures(estate, build_network(estate))
    services = served(estate, in_time=False)
    for failed in cases(estate, failures):
        impact = failures.impact(failed)
        assert lost(services, failed) == {*impact.lost, *impact.designed_lost}, failed


def test_in_time_nothing_more_is_lost(estate: Estate) -> None:
    """Batteries and restarts on other hosts only ever help."""
    failures = Failures(estate, build_network(estate))
    at_once, in_time = served(estate, in_time=False), served(estate, in_time=True)
    for failed in cases(estate, failures):
        assert lost(in_time, failed) <= lost(at_once, failed), failed


def test_a_lost_host_is_made_up_for_and_two_are_not(deck: Estate) -> None:
    """A cluster that tolerates one host starts its machines elsewhere; with a second one gone it does not."""
    in_time, at_once = served(deck, in_time=True), served(deck, in_time=False)
    for cluster in deck.records.clusters.values():
        hosts = [f"hardware.{name}" for name in cluster.hosts]
        assert lost(in_time, hosts[:1]) == set()
        assert lost(in_time, hosts[: cluster.tolerates + 1]) == lost(at_once, hosts[: cluster.tolerates + 1])


def test_needs_are_brought_to_what_matters() -> None:
    """What is always there falls away, what all alternatives need stands before them once."""
    assert every([ALWAYS, A, every([A, B])]) == every([A, B])
    assert either([A, ALWAYS]) == ALWAYS
    assert at_least(2, [A, B, ALWAYS]) == either([A, B])
    assert either([every([A, B]), every([A, C])]) == every([A, either([B, C])])
    assert either([every([A, B]), A]) == A
