"""Exact figures through a week: the plain exact figures where nobody keeps hours, and shares that add up."""

from __future__ import annotations

import math

import pytest

from simulation.availability.components import Component, System
from simulation.availability.exact import exact_figures
from simulation.availability.hours import ALL_HOURS
from simulation.availability.service_hours import ServiceHours
from simulation.availability.structure import AtLeast, Need, all_of, any_of, works
from simulation.availability.weekly import Weekly, week_of

PARTS = (Component("a", 900, 100), Component("b", 500, 20), Component("c", 300, 40), Component("d", 10_000, 5))
NEEDS = {
    "one": works("a"),
    "line": any_of(works("a"), works("b")),
    "vote": AtLeast(2, (works("a"), works("b"), works("c"))),
    "mixed": all_of(works("d"), any_of(works("a"), all_of(works("b"), works("c")))),
}
DAYS = (50, 50, 50, 50, 50, 0, 0)


def weekly(*parts: Component) -> Weekly:
    """Return components with counters from 8:30 to 17:15."""
    return Weekly(parts, week_of(8.5, 17.25, DAYS, parts))


@pytest.mark.parametrize("name", list(NEEDS))
def test_around_the_clock_it_is_the_plain_exact_figure(name: str) -> None:
    """All hours and counter hours are alike, and equal to the decision diagram's figure."""
    exact = exact_figures(System(PARTS, {name: NEEDS[name]}))[0].unavailability
    found = weekly(*PARTS).shares(NEEDS[name])
    assert found.all_hours == pytest.approx(exact, rel=1e-12)
    assert found.counter == pytest.approx(exact, rel=1e-12)
    assert weekly(*PARTS).unavailability(NEEDS[name], ALL_HOURS.name) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("need", list(NEEDS.values()), ids=list(NEEDS))
def test_shares_add_up(need: Need) -> None:
    """What components cause is the whole, in both denominators, with a crew that keeps hours as well."""
    parts = (Component("a", 900, 100, service=ServiceHours(9, 17)), *PARTS[1:])
    found = weekly(*parts).shares(need)
    for place, whole in enumerate((found.all_hours, found.counter)):
        assert math.fsum(part[place] for part in found.parts.values()) == pytest.approx(whole, rel=1e-12)


def test_two_alike_share_alike_and_a_single_one_bears_all() -> None:
    """Aumann and Shapley: equal parts have equal shares; a part that alone decides has the whole."""
    alike = (Component("a", 900, 100), Component("b", 900, 100), Component("c", 1e9, 1))
    found = weekly(*alike).shares(any_of(works("a"), works("b")))
    assert found.parts["a"] == found.parts["b"]
    assert weekly(*alike).shares(works("c")).parts == {"c": (alike[2].unavailability, alike[2].unavailability)}


def test_repair_in_office_hours_spares_the_counters() -> None:
    """What waits for the morning is away more of the night than of the day."""
    parts = (Component("a", 2000, 4, service=ServiceHours(8.5, 17.25)),)
    found = weekly(*parts).shares(works("a"))
    assert found.counter < found.all_hours
    assert found.all_hours > parts[0].unavailability


def test_without_failures_nothing_is_away() -> None:
    """Infinite time between failures: exactly nothing."""
    found = weekly(Component("a", math.inf, 4)).shares(works("a"))
    assert (found.all_hours, found.counter) == (0.0, 0.0)
