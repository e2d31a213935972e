"""The load of each city follows to the digit from what the estate states, and moves with it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from bad_estates import GOOD

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.explain import explain_entry
from topology.load import Figure, figures, trust


@pytest.fixture(scope="module")
def estate() -> Estate:
    """Return the deck's estate."""
    return load_estate("fuji-fujinomiya")


def _by_key(estate: Estate) -> dict[tuple[str, str], Figure]:
    return {(one.city, one.key): one for one in figures(estate)}


@pytest.mark.parametrize(
    ("key", "fuji", "fujinomiya"),
    [
        ("certificates", 983, 517),
        ("certificates-monday", 1278, 672),
        ("certificates-peak", 2458, 1292),
        ("users", 875, 350),
        ("users-at-once", 525, 210),
        ("terminals", 875, 350),
        ("transactions", 52500, 21000),
        ("busiest-hour", 7875, 3150),
        ("counters", 25, 13),
        ("moves", 10778, 5666),
        ("moves-march", 1822, 958),
        ("forms-fixed-asset-tax-bills", 96597, 50784),
        ("boxes-fixed-asset-tax-bills", 49, 26),
        ("forms-election-cards", 42905, 22817),
        ("forms-month-7", 109307, 57466),
    ],
)
def test_figures_follow_to_the_digit(estate: Estate, key: str, fuji: int, fujinomiya: int) -> None:
    """983 and 517 certificates a business day, and what else the rates give for both cities."""
    found = _by_key(estate)
    assert (found["fuji", key].rounded, found["fujinomiya", key].rounded) == (fuji, fujinomiya)


def test_figures_are_exact_before_they_are_rounded(estate: Estate) -> None:
    """254,203 × 0.94 ÷ 243 as a fraction: no float comes between."""
    assert _by_key(estate)["fuji", "certificates"].value == Fraction(254203 * 94, 243 * 100)


def test_twice_the_people_are_twice_the_load() -> None:
    """Everything that scales from the population scales with it; what scales from staff does not move."""
    once = _by_key(load_estate("fuji-fujinomiya"))
    twice = _by_key(load_estate("fuji-fujinomiya", {"cities.fuji.population": "508406"}))
    moved = {key for key in once if once[key].value != twice[key].value}
    assert moved
    assert all(city == "fuji" for city, _ in moved)
    assert all(twice[key].value == 2 * once[key].value for key in moved if not key[1].startswith("boxes-"))
    assert not {("fuji", "users"), ("fuji", "transactions"), ("fuji", "forms-election-cards")} & moved


def test_every_input_is_an_entry_with_a_line_and_counts(estate: Estate) -> None:
    """A figure names all that it comes from: each input stands in a file, and the least trust is its own."""
    for one in figures(estate):
        assert one.inputs
        assert all(path in estate.places for path in one.inputs)
    found = _by_key(estate)
    assert trust(estate, found["fuji", "moves"]) == "H"
    assert trust(estate, found["fuji", "certificates"]) == "M"
    assert trust(estate, found["fuji", "users"]) == "L"


def test_form_run_of_one_city_is_of_that_city_alone() -> None:
    """A run with a city is printed for it; one without is printed for all."""
    found = _by_key(load_estate(str(GOOD)))
    assert {city for city, key in found if key == "forms-bills"} == {"hamabe"}
    assert found["hamabe", "boxes-bills"].value == 12


def test_entry_explains_the_figures_that_come_from_it(estate: Estate) -> None:
    """A city shows all its own figures, a rate those of every city, a circuit none."""
    city = explain_entry(estate, "cities.fuji").derived
    assert {one.city for one in city} == {"fuji"}
    assert {"users", "certificates", "forms-election-cards"} <= {one.key for one in city}
    run = explain_entry(estate, "form_runs.election-cards").derived
    assert {(one.city, one.key.partition("-")[0]) for one in run} == {
        (city, what) for city in ("fuji", "fujinomiya") for what in ("forms", "boxes")
    }
    assert explain_entry(estate, "circuits.fuji-wan-1").derived == ()
