"""The choice of a circuit: each flow keeps its own, and flows spread evenly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import MechanismInvalid
from simulation.sharing.hashing import chance_all_on_one, chosen

numbers = st.floats(0, 1, exclude_max=True)


@given(numbers, st.integers(1, 8))
def test_a_flow_takes_one_working_circuit_and_stays(number: float, circuits: int) -> None:
    """The choice is one of those that work, and the same each time."""
    assert chosen(number, range(circuits)) in range(circuits)
    assert chosen(number, range(circuits)) == chosen(number, list(range(circuits)))


def test_flows_spread_evenly() -> None:
    """Of 30,000 flows a third takes each of three circuits, within 3.29 standard deviations."""
    counts = np.bincount([chosen(n, [0, 1, 2]) for n in np.random.default_rng(1).random(30_000)])
    assert np.all(np.abs(counts - 10_000) < 3.29 * np.sqrt(30_000 * 2 / 9))


def test_after_a_cut_all_flows_take_what_is_left() -> None:
    """With one circuit every flow takes it; with none a flow has none."""
    assert chosen(0.999999, ["b"]) == "b"
    assert chosen(0.5, []) is None


def test_chance_that_all_flows_share_one_circuit() -> None:
    """Closed form against a count: three flows over two circuits meet on one in a quarter of all cases."""
    assert chance_all_on_one(3, 2) == 0.25
    drawn = np.random.default_rng(1).random((20_000, 3))
    met = np.mean([len({chosen(n, [0, 1]) for n in row}) == 1 for row in drawn])
    assert met == pytest.approx(0.25, abs=3.29 * np.sqrt(0.25 * 0.75 / 20_000))


def test_bad_figures_are_refused() -> None:
    """Numbers outside [0, 1) and counts below one are told."""
    with pytest.raises(MechanismInvalid, match=r"a flow's number is 1\.0, expected 0 or more and below 1"):
        chosen(1.0, [1])
    with pytest.raises(MechanismInvalid, match="0 flows over 2 circuits, expected at least one of each"):
        chance_all_on_one(0, 2)
