"""Draws: one stream for each source, the same whatever else runs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.models.behaviour import Reaction
from simulation.draws import Draws, Streams, delay

REACTION = Reaction.model_construct(low_s=0.002, mode_s=0.008, high_s=0.04, chance=1.0)


def test_replication_reads_the_same_numbers_in_any_company() -> None:
    """More replications, other sources before it or another order change no draw of a source."""
    few, many = Streams(11, 3), Streams(11, 50)
    other = Draws(many, 2)
    other.uniform(("something", "else"))
    one, two = Draws(few, 2), other
    assert [one.uniform(("hello", "a")) for _ in range(40)] == [two.uniform(("hello", "a")) for _ in range(40)]


def test_sources_replications_and_seeds_differ() -> None:
    """No two sources, replications or seeds share a number."""
    streams = Streams(1, 4)
    drawn = [Draws(streams, n).uniform((kind, "x")) for n in range(4) for kind in ("hello", "bfd")]
    drawn += [Draws(Streams(2, 4), 0).uniform(("hello", "x"))]
    assert len(set(drawn)) == len(drawn)


def test_draws_beyond_the_row_continue_differently_for_each_replication() -> None:
    """A source may be asked more often than its row is long."""
    streams = Streams(1, 2)
    first, second = ([Draws(streams, n).uniform(("a", "b")) for _ in range(1)] for n in range(2))
    assert first != second
    long = Draws(streams, 0)
    assert len({long.uniform(("a", "b")) for _ in range(100)}) == 100


@given(st.floats(0, 1, exclude_max=True))
def test_reaction_stays_within_its_bounds(u: float) -> None:
    """No reaction is quicker than the least or slower than the most."""
    assert REACTION.low_s <= delay(np.array([u]), REACTION)[0] <= REACTION.high_s


def test_reaction_has_the_triangular_mean_and_median() -> None:
    """The mean is (low + mode + high) / 3, the median that of the distribution, within their confidence."""
    values = delay(np.random.default_rng(1).random(20_000), REACTION)
    expected = (REACTION.low_s + REACTION.mode_s + REACTION.high_s) / 3
    assert values.mean() == pytest.approx(expected, abs=3.29 * values.std() / np.sqrt(20_000))
    width, fall = REACTION.high_s - REACTION.low_s, REACTION.high_s - REACTION.mode_s
    assert np.median(values) == pytest.approx(REACTION.high_s - np.sqrt(width * fall / 2), rel=0.02)


def test_reaction_without_width_is_a_constant() -> None:
    """Low, mode and high alike give that value."""
    assert delay(np.array([0.7]), REACTION.model_copy(update={"low_s": 0.5, "mode_s": 0.5, "high_s": 0.5}))[0] == 0.5


def test_reaction_by_chance_meets_its_share_of_occasions() -> None:
    """With a chance of 0.2 four of five occasions take no time, and the others are as long as ever."""
    values = delay(np.random.default_rng(2).random(20_000), REACTION.model_copy(update={"chance": 0.2}))
    met = values[values > 0]
    assert len(met) / len(values) == pytest.approx(0.2, abs=3.29 * 0.4 / np.sqrt(20_000))
    assert met.min() >= REACTION.low_s
    assert met.mean() == pytest.approx((REACTION.low_s + REACTION.mode_s + REACTION.high_s) / 3, rel=0.03)


def test_delays_go_on_beyond_the_row() -> None:
    """A source that is asked often keeps its distribution: the sum of its reactions."""
    draws = Draws(Streams(3, 1), 0)
    values = [draws.delay(("hop", "a"), (REACTION, REACTION)) for _ in range(200)]
    assert len(set(values)) == 200
    assert min(values) >= 2 * REACTION.low_s
    assert max(values) <= 2 * REACTION.high_s
