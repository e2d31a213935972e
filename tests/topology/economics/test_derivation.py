"""Shares at which all save alike, rounded as the scheme rounds them, reproduce what the deck prints to the digit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.load import load_estate
from inventory.models.economics import TOGETHER, Economics
from topology.economics.costs import WhatIf
from topology.economics.derivation import Key, derive, round_half_up, round_together
from topology.economics.printed import compare

MILLION = 1_000_000


@pytest.fixture(scope="module")
def deck() -> Economics:
    """Return the costs of the deck's estate."""
    economics = load_estate("fuji-fujinomiya").records.economics
    assert economics is not None
    return economics


@pytest.mark.parametrize(
    ("key", "percent"),
    [
        ((TOGETHER, "alone", "saving"), "10.78"),
        ((TOGETHER, "joint", "saving"), "22.61"),
        (("fuji", "alone", "saving"), "9.34"),
        (("fuji", "joint", "saving"), "21.18"),
        (("fujinomiya", "alone", "saving"), "12.67"),
        (("fujinomiya", "joint", "saving"), "24.49"),
        ((TOGETHER, "joint", "shared-saving"), "19.6"),
        (("fuji", "joint", "share"), "57.1"),
        (("fujinomiya", "joint", "share"), "42.9"),
    ],
)
def test_percentages_of_the_deck_follow_to_the_digit(deck: Economics, key: Key, percent: str) -> None:
    """Slides 17 and 18: every percentage follows from the leaves and the rule."""
    decimals = len(percent.partition(".")[2])
    assert round_half_up(derive(deck).of[key] * 100, decimals) == Fraction(percent)


def test_amounts_follow_with_the_share_rounded_first_and_not_without(deck: Economics) -> None:
    """3,876 and 2,912 need the share of 57.1 %; the exact share gives 3,878 and 2,910, and totals 6,509 and 4,758."""
    rounded, exact = derive(deck).of, derive(deck, rounded=False).of
    shown = [rounded[city, "joint", measure] / MILLION for measure in ("shared", "total") for city in deck.cities]
    assert shown == [3876, 2912, 6507, 4760]
    unrounded = [exact[city, "joint", measure] / MILLION for measure in ("shared", "total") for city in deck.cities]
    assert [round_half_up(value) for value in unrounded] == [3878, 2910, 6509, 4758]


def test_exactly_two_prints_of_the_deck_are_slips(deck: Economics) -> None:
    """42.8 % was cut off, and Fuji's 19.65 % was printed as 19.6 %; every other print follows."""
    slips = {one.key: float(one.derived) for one in compare(deck) if not one.agrees}
    assert slips == {
        ("fujinomiya", "alone", "share"): 0.429,
        ("fuji", "joint", "shared-saving"): pytest.approx(0.1965174, abs=1e-6),
    }
    assert len(compare(deck)) > 25


def test_one_leaf_moves_the_figures_that_hang_on_it_and_no_other(deck: Economics) -> None:
    """Fuji's as-is cost moves savings against it; shares, amounts and Fujinomiya's figures stay."""
    moved = load_estate("fuji-fujinomiya", {"economics.cities.fuji.as_is": "8355 MJPY"}).records.economics
    assert moved is not None
    before, after = derive(deck).of, derive(moved).of
    assert {key for key in before if before[key] != after[key]} == {
        ("fuji", "as-is", "total"), ("fuji", "alone", "saving"), ("fuji", "joint", "saving"),
        (TOGETHER, "as-is", "total"), (TOGETHER, "alone", "saving"), (TOGETHER, "joint", "saving"),
    }  # fmt: skip


def test_all_save_alike_before_rounding(deck: Economics) -> None:
    """The rule's point: the exact saving of the shared part is the same for every city."""
    exact = derive(deck, rounded=False, what_if=WhatIf(joining=("third-city",))).of
    assert len({exact[who, "joint", "shared-saving"] for who in ("fuji", "fujinomiya", "third-city", TOGETHER)}) == 1


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 10**9), min_size=1, max_size=8))
def test_rounding_together_keeps_the_sum_and_moves_none_by_a_step(values: dict[str, int]) -> None:
    """What is left over is handed out a step at a time."""
    exact = {name: Fraction(value, 7) for name, value in values.items()}
    total, step = sum(exact.values(), Fraction(0)), Fraction(1, 10)
    rounded = round_together(exact, step, total)
    assert abs(sum(rounded.values(), Fraction(0)) - total) <= step / 2
    assert all(abs(rounded[name] - value) < step for name, value in exact.items())


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [("0.5", 0, 1), ("-0.5", 0, -1), ("0.4999", 0, 0), ("21.175", 2, "21.18"), ("2.5", 0, 3)],
)
def test_halves_are_rounded_away_from_zero(value: str, decimals: int, expected: str) -> None:
    """As figures are rounded in print, not to the even neighbour."""
    assert round_half_up(Fraction(value), decimals) == Fraction(expected)
