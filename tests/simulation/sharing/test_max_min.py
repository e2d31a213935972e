"""Fair shares: networks solved by hand, and what defines max-min for any network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.sharing.max_min import fair_shares, plain_shares

Solver = Callable[[Sequence[float], Sequence[Sequence[int]], Sequence[float] | None], list[float]]
BOTH = pytest.mark.parametrize("solve", [plain_shares, fair_shares])
A, B, C = 0, 1, 2

# Name, capacities, routes, weights, and the shares worked out by hand.
BY_HAND = [
    ("one link", [10], [[A], [A], [A], [A]], None, [2.5, 2.5, 2.5, 2.5]),
    ("one round, a long flow over two full links", [10, 10], [[A, B], [A], [B]], None, [5, 5, 5]),
    ("two rounds: what the long flow leaves goes to the short one", [10, 20], [[A, B], [A], [B]], None, [5, 5, 15]),
    # A fills at 2; B then has 10 - 2 for one flow; C then 20 - 8.
    ("three rounds, each link full because of the one before", [6, 10, 20], [[A], [A], [A, B], [B, C], [C]], None,
     [2, 2, 2, 8, 12]),
    ("a triangle, every flow over two of three links", [1, 1, 1], [[A, B], [B, C], [C, A]], None, [0.5, 0.5, 0.5]),
    # Access lines of 10 and 20 before a circuit of 100: the other two share the 70 that are left.
    ("two flows held by their own access lines", [100, 10, 20], [[A, B], [A, C], [A], [A]], None, [10, 20, 35, 35]),
    ("connections count: weights 1, 2, 3", [12], [[A], [A], [A]], [1, 2, 3], [2, 4, 6]),
    # Level of A 12/4 = 3: flows 0 and 1 get 3 and 9; B has 30 - 9 left for weight 2.
    ("weights over two rounds", [12, 30], [[A], [A, B], [B]], [1, 3, 2], [3, 9, 21]),
    ("no capacity on one link", [0, 10], [[A, B], [B], [A]], None, [0, 10, 0]),
    ("four rounds down a chain", [3, 9, 21, 45], [[0], [0], [0, 1], [1, 2], [2, 3], [3]], None, [1, 1, 1, 8, 13, 32]),
    ("no flow", [5], [], None, []),
]  # fmt: skip


@BOTH
@pytest.mark.parametrize(
    ("capacities", "routes", "weights", "expected"), [case[1:] for case in BY_HAND], ids=[case[0] for case in BY_HAND]
)
def test_shares_are_those_worked_out_by_hand(
    solve: Solver,
    capacities: list[float],
    routes: list[list[int]],
    weights: list[float] | None,
    expected: list[float],
) -> None:
    """Both forms give the shares of small networks exactly."""
    assert solve(capacities, routes, weights) == pytest.approx(expected, rel=1e-14)


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[float], list[list[int]], list[float]]:
    """Make up to 8 links with capacities (also none), up to 25 flows over some of them, and weights."""
    capacities = draw(st.lists(st.sampled_from([0.0, 1.0, 3.0, 7.5, 10.0, 1e3, 1e9]), min_size=1, max_size=8))
    links = st.integers(0, len(capacities) - 1)
    routes = draw(st.lists(st.lists(links, min_size=1, max_size=5, unique=True), max_size=25))
    weights = draw(st.lists(st.sampled_from([0.5, 1.0, 2.0, 5.0]), min_size=len(routes), max_size=len(routes)))
    return capacities, routes, weights


@given(networks())
def test_no_link_carries_more_than_it_can(network: tuple[list[float], list[list[int]], list[float]]) -> None:
    """Feasible: the shares of the flows over a link never exceed its capacity."""
    capacities, routes, weights = network
    rates = fair_shares(capacities, routes, weights)
    for link, capacity in enumerate(capacities):
        assert sum(r for r, route in zip(rates, routes, strict=True) if link in route) <= capacity * (1 + 1e-12)


@given(networks())
def test_every_flow_has_a_bottleneck(network: tuple[list[float], list[list[int]], list[float]]) -> None:
    """Max-min fair: each flow crosses a full link on which no flow has more for its weight (Bertsekas, Gallager)."""
    capacities, routes, weights = network
    rates = fair_shares(capacities, routes, weights)
    levels = [rate / weight for rate, weight in zip(rates, weights, strict=True)]
    for flow, route in enumerate(routes):
        held = False
        for link in route:
            sharing = [other for other in range(len(routes)) if link in routes[other]]
            full = sum(rates[other] for other in sharing) >= capacities[link] * (1 - 1e-9)
            held |= full and max(levels[other] for other in sharing) <= levels[flow] * (1 + 1e-9)
        assert held


@given(networks())
def test_kernel_equals_the_plain_form(network: tuple[list[float], list[list[int]], list[float]]) -> None:
    """Compiled and plain filling agree to rounding on any network."""
    capacities, routes, weights = network
    assert fair_shares(capacities, routes, weights) == pytest.approx(
        plain_shares(capacities, routes, weights), rel=1e-9, abs=1e-6
    )


def test_kernel_equals_the_plain_form_on_a_large_network() -> None:
    """400 flows over 50 links, the size that the planner meets."""
    generator = np.random.default_rng(1)
    capacities = generator.uniform(1e8, 1e9, 50).tolist()
    routes = [generator.choice(50, generator.integers(1, 6), replace=False).tolist() for _ in range(400)]
    assert fair_shares(capacities, routes) == pytest.approx(plain_shares(capacities, routes), rel=1e-9)
