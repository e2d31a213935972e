"""Draws: one stream for each source, the same whatever else runs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.models.behaviour import Reaction
from simulation.draws import Draws, Streams, triangular

REACTION = Reaction.model_construct(low_s=0.002, mode_s=0.008, high_s=0.04)


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
def test_triangular_stays_within_its_bounds(u: float) -> None:
    """No reaction is quicker than the least or slower than the most."""
    assert REACTION.low_s <= triangular(u, REACTION) <= REACTION.high_s


def test_triangular_has_its_mean() -> None:
    """The mean is (low + mode + high) / 3, within the confidence interval of the draws."""
    values = [triangular(u, REACTION) for u in np.random.default_rng(1).random(20_000)]
    expected = (REACTION.low_s + REACTION.mode_s + REACTION.high_s) / 3
    assert np.mean(values) == pytest.approx(expected, abs=3.29 * np.std(values) / np.sqrt(20_000))


def test_reaction_without_width_is_a_constant() -> None:
    """Low, mode and high alike give that value."""
    assert triangular(0.7, Reaction.model_construct(low_s=0.5, mode_s=0.5, high_s=0.5)) == 0.5
