"""Other circumstances: a term, a price, a city that joins; each changes what it should and nothing else."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inventory.load import load_estate
from inventory.models.economics import Economics
from topology.economics.costs import WhatIf, leaves

MILLION = 1_000_000


@pytest.fixture(scope="module")
def deck() -> Economics:
    """Return the costs of the deck's estate."""
    economics = load_estate("fuji-fujinomiya").records.economics
    assert economics is not None
    return economics


def test_nothing_changed_is_what_is_stated(deck: Economics) -> None:
    """The limit case: no other circumstances, and the same ones said aloud, give the stated leaves."""
    stated = leaves(deck)
    assert leaves(deck, WhatIf(term_years=deck.term_years)) == stated
    assert leaves(deck, WhatIf(prices={name: line.amount for name, line in deck.lines.items()})) == stated
    assert stated.joint_shared == deck.joint_shared
    assert stated.cities["fuji"].alone_own == deck.cities["fuji"].alone.own


def test_price_per_year_counts_for_every_year(deck: Economics) -> None:
    """Two million more a year are twenty more over ten years, on the shared cost alone; once is once."""
    yearly, once = "fuji-wan-1", "servers"
    more = leaves(deck, WhatIf(prices={yearly: deck.lines[yearly].amount + 2 * MILLION}))
    assert more.joint_shared - deck.joint_shared == 20 * MILLION
    assert more.cities == leaves(deck).cities
    assert leaves(deck, WhatIf(prices={once: 0})).joint_shared == deck.joint_shared - deck.lines[once].amount


def test_term_scales_what_is_spent_each_year(deck: Economics) -> None:
    """Twice the years: lines per year double, lines per term stay, the rest grows by the part that is not once."""
    twice = leaves(deck, WhatIf(term_years=2 * deck.term_years))
    yearly = sum(line.amount for line in deck.lines.values() if line.per == "year") * deck.term_years
    once = sum(line.amount for line in deck.lines.values() if line.per == "term")
    rest = deck.joint_shared - yearly - once
    growth = 2 - Fraction(str(deck.rest_one_off))
    assert twice.joint_shared == 2 * yearly + once + rest * growth
    assert twice.cities["fuji"].as_is == deck.cities["fuji"].as_is * growth


def test_joining_city_brings_its_leaves_and_its_part(deck: Economics) -> None:
    """Who joins stands beside the others, and the shared cost grows by what the estate says."""
    joined = leaves(deck, WhatIf(joining=("third-city",)))
    assert list(joined.cities) == ["fuji", "fujinomiya", "third-city"]
    assert joined.joint_shared - deck.joint_shared == deck.candidates["third-city"].joint_shared_more


@pytest.mark.parametrize("change", [WhatIf(prices={"nothing": 1}), WhatIf(joining=("nobody",))])
def test_unknown_name_is_an_error(deck: Economics, change: WhatIf) -> None:
    """A line or city that the estate does not have is never silently left out."""
    with pytest.raises(KeyError):
        leaves(deck, change)
