"""Needs: what is vital to one is what it is not met without."""

from __future__ import annotations

import random

import pytest

from simulation.availability.structure import AtLeast, Need, all_of, any_of, works

NAMES = [f"part {number}" for number in range(8)]


def _need(draw: random.Random, depth: int) -> Need:
    if depth == 0 or draw.random() < 0.2:
        return works(draw.choice(NAMES))
    parts = tuple(_need(draw, depth - 1) for _ in range(draw.randint(1, 4)))
    return AtLeast(draw.randint(0, len(parts)), parts)


@pytest.mark.parametrize("seed", range(200))
def test_vital_is_what_a_need_is_not_met_without(seed: int) -> None:
    """Whatever the need, with components that stand in several places and needs of nothing."""
    need = _need(random.Random(seed), 4)
    without = {name: {other: other != name for other in NAMES} for name in NAMES}
    assert need.vital() == {name for name in NAMES if not need.met(without[name])}


def test_vital_parts_are_those_of_a_chain_alone() -> None:
    """A chain hangs on each of its parts, two ways on none, on what both share."""
    a, b, c = (works(name) for name in "abc")
    assert all_of(a, b).vital() == {"a", "b"}
    assert any_of(a, b).vital() == frozenset()
    assert ((a & c) | (b & c)).vital() == {"c"}
    assert all_of().vital() == frozenset()
