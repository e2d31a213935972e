"""Terminals round by round: mean value analysis inside the interval, limits, and the plain form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import MechanismInvalid
from simulation.intervals import Interval, of_independent
from simulation.queues.closed_network import draw_rounds, plain_walk, walk
from simulation.queues.terminals import Station, mva, product_form

CONFIDENCE = 0.999


def throughput(terminals: int, think_s: float, stations: list[Station], *, rounds: int, runs: int) -> Interval:
    """Return rounds per second over independent runs, from a fifth of the time to when a terminal is done."""
    found = []
    for seed in range(runs):
        times_s = draw_rounds(np.random.default_rng([1, seed]), terminals, rounds, think_s, stations)
        ends_s = walk(times_s, [station.servers for station in stations])
        until_s = ends_s[:, -1].min()
        counted = (ends_s > 0.2 * until_s) & (ends_s <= until_s)
        found.append(counted.sum() / (0.8 * until_s))
    return of_independent(found, CONFIDENCE)


@pytest.mark.parametrize("terminals", [5, 40])
def test_throughput_is_that_of_mean_value_analysis(terminals: int) -> None:
    """Terminals thinking 5 s before web and database, lightly loaded and near saturation."""
    stations = [Station("web", 0.05), Station("db", 0.15)]
    found = throughput(terminals, 5.0, stations, rounds=2000, runs=20)
    assert mva(terminals, 5.0, stations).throughput_per_s in found
    assert found.half_width < 0.01 * found.mean


def test_throughput_with_several_servers_is_that_of_the_product_form() -> None:
    """Thirty terminals before a station of three servers and one of one."""
    stations = [Station("cpu", 0.4, 3), Station("disk", 0.12)]
    found = throughput(30, 3.0, stations, rounds=2000, runs=20)
    assert product_form(30, 3.0, stations).throughput_per_s in found
    assert found.half_width < 0.01 * found.mean


@given(st.integers(0, 8), st.integers(1, 12), st.lists(st.integers(1, 3), min_size=1, max_size=3), st.integers(0, 99))
def test_kernel_equals_the_plain_form(terminals: int, rounds: int, servers: list[int], seed: int) -> None:
    """Every round of every terminal ends at the same float."""
    stations = [Station(str(n), 1.0, count) for n, count in enumerate(servers)]
    times_s = draw_rounds(np.random.default_rng(seed), terminals, rounds, 2.0, stations)
    assert walk(times_s, servers).tolist() == plain_walk(times_s, servers).tolist()


def test_one_terminal_never_waits() -> None:
    """Alone its rounds are the sums of its times."""
    times_s = draw_rounds(np.random.default_rng(1), 1, 50, 1.0, [Station("db", 1.0)])
    assert walk(times_s, [1])[0] == pytest.approx(np.cumsum(times_s[0].sum(axis=1)))


def test_bad_times_are_refused() -> None:
    """A table that does not fit its stations, and times that are none."""
    with pytest.raises(MechanismInvalid, match=r"times of shape \(2, 2, 3\) for servers \[1\], expected one time more"):
        walk(np.zeros((2, 2, 3)), [1])
    with pytest.raises(MechanismInvalid, match="a time is negative or not finite, expected 0 s or more"):
        walk(np.full((1, 1, 2), -1.0), [1])
