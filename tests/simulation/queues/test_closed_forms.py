"""Closed forms against figures worked out by hand, their limits, and each other."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import MechanismInvalid, Overloaded, SimulationError
from simulation.queues import single_server
from simulation.queues.erlang import (
    approximate_wait_s,
    erlang_b,
    erlang_c,
    finite_room,
    mean_wait_s,
    share_waiting_longer,
)
from simulation.queues.load import ServiceLaw
from simulation.queues.terminals import Station, mva, product_form


def test_erlang_b_by_hand() -> None:
    """(a²/2) / (1 + a + a²/2) for two servers and 3 Erlang; no server loses all; no load loses nothing."""
    assert erlang_b(3.0, 2) == pytest.approx(4.5 / 8.5, rel=1e-15)
    assert erlang_b(3.0, 0) == 1
    assert erlang_b(0.0, 4) == 0
    assert 0 < erlang_b(1000.0, 1200) < 1e-8


@given(st.floats(0.01, 50), st.integers(1, 60))
def test_erlang_b_is_the_sum_that_defines_it(load: float, servers: int) -> None:
    """a^c / c! over the sum of a^k / k!."""
    terms = [load**k / math.factorial(k) for k in range(servers + 1)]
    assert erlang_b(load, servers) == pytest.approx(terms[-1] / sum(terms), rel=1e-11)


def test_erlang_c_by_hand() -> None:
    """One server: ρ. Two servers and 1 Erlang: 1/3, so requests of 1 s wait 1/3 s on average."""
    assert erlang_c(0.7, 1) == pytest.approx(0.7)
    assert erlang_c(1.0, 2) == pytest.approx(1 / 3)
    assert mean_wait_s(1.0, 1.0, 2) == pytest.approx(1 / 3)
    assert share_waiting_longer(0.0, 1.0, 1.0, 2) == pytest.approx(1 / 3)
    assert share_waiting_longer(2.0, 1.0, 1.0, 2) == pytest.approx(math.exp(-2) / 3)


def test_single_server_by_hand() -> None:
    """At half load: M/M/1 waits one service time, M/D/1 half, squared coefficient of variation 4 two and a half."""
    assert [single_server.mean_wait_s(0.5, 1.0, scv) for scv in (1, 0, 4)] == [1.0, 0.5, 2.5]
    assert single_server.shared_response_s(0.5, 1.0) == 2.0
    assert single_server.shared_response_s(0.5, 1.0, demand_s=10.0) == 20.0


@given(st.floats(0.01, 0.99), st.floats(0, 10))
def test_approximation_is_exact_for_one_server_and_for_exponential_service(load: float, scv: float) -> None:
    """What is only about right for M/G/c agrees with both exact formulas where they hold."""
    assert approximate_wait_s(load, 1.0, 1, scv) == pytest.approx(single_server.mean_wait_s(load, 1.0, scv))
    assert approximate_wait_s(3 * load, 1.0, 3, 1.0) == pytest.approx(mean_wait_s(3 * load, 1.0, 3))


@given(st.floats(0.01, 5), st.integers(1, 6))
def test_finite_room_goes_from_loss_to_waiting(load: float, servers: int) -> None:
    """Without room it is Erlang B; with very much, and load to carry, Erlang C; refused and busy add up to the load."""
    none = finite_room(load, 1.0, servers, 0)
    assert none.refused == pytest.approx(erlang_b(load, servers), rel=1e-12)
    assert none.mean_wait_s == 0
    if load < 0.9 * servers:
        much = finite_room(load, 1.0, servers, 600)
        assert much.mean_wait_s == pytest.approx(mean_wait_s(load, 1.0, servers), rel=1e-9)
    some = finite_room(load, 1.0, servers, 3)
    accepted = load * (1 - some.refused)
    assert some.mean_inside == pytest.approx(accepted * (1 + some.mean_wait_s), rel=1e-9)


def test_finite_room_above_capacity_and_without_load() -> None:
    """Ten times the capacity: nine tenths are refused, the room is nearly full. No load: nothing."""
    over = finite_room(10.0, 1.0, 1, 9)
    assert over.refused == pytest.approx(0.9, rel=1e-9)
    assert over.mean_inside == pytest.approx(10 - 1 / 9, rel=1e-8)
    assert finite_room(0.0, 1.0, 1, 5).mean_wait_s == 0


def test_mva_by_hand() -> None:
    """Two terminals, think 1 s, one station of 1 s: R(1) = 1, X(1) = 1/2, Q(1) = 1/2, R(2) = 3/2, X(2) = 4/5."""
    found = mva(2, 1.0, [Station("db", 1.0)])
    assert (found.response_s, found.throughput_per_s, *found.inside) == pytest.approx((1.5, 0.8, 1.2))


def test_mva_limits() -> None:
    """No terminal: nothing. One: bare service times. Very many: the busiest station's rate, R = N D - Z."""
    stations = [Station("web", 0.05), Station("db", 0.2)]
    assert mva(0, 5.0, stations).throughput_per_s == 0
    assert mva(0, 5.0, stations).response_s == pytest.approx(0.25)
    assert mva(1, 5.0, stations).response_s == pytest.approx(0.25)
    many = mva(1000, 5.0, stations)
    assert many.throughput_per_s == pytest.approx(5.0, rel=1e-9)
    assert many.response_s == pytest.approx(1000 * 0.2 - 5.0, rel=1e-9)


@given(
    st.integers(0, 60),
    st.sampled_from([0.0, 0.5, 20.0]),
    st.lists(st.floats(0.01, 3), min_size=1, max_size=4),
)
def test_convolution_equals_mva_for_single_servers(terminals: int, think_s: float, demands: list[float]) -> None:
    """Two ways to the same exact figures."""
    stations = [Station(str(n), demand) for n, demand in enumerate(demands)]
    one, other = mva(terminals, think_s, stations), product_form(terminals, think_s, stations)
    assert other.throughput_per_s == pytest.approx(one.throughput_per_s, rel=1e-9)
    assert other.responses_s == pytest.approx(one.responses_s, rel=1e-7)
    assert other.inside == pytest.approx(one.inside, rel=1e-7)


def test_several_servers_are_the_machine_repairman() -> None:
    """Terminals before one station with c servers are M/M/c//N: birth and death by hand, also where it is full."""
    for terminals, servers, think_s in ((10, 3, 4.0), (300, 8, 20.0), (2000, 16, 30.0)):
        logs = [0.0]
        for count in range(1, terminals + 1):
            logs.append(logs[-1] + math.log((terminals - count + 1) / think_s) - math.log(min(count, servers) / 1.0))
        shares = [math.exp(value - max(logs)) for value in logs]
        busy = sum(min(n, servers) * share for n, share in enumerate(shares)) / sum(shares)
        found = product_form(terminals, think_s, [Station("cpu", 1.0, servers)])
        assert found.throughput_per_s == pytest.approx(busy, rel=1e-9)
        assert found.busy[0] == pytest.approx(busy / servers, rel=1e-9)


BAD: list[tuple[Callable[[], object], type[SimulationError], str]] = [
    (lambda: mean_wait_s(5, 1, 5), Overloaded, "5 Erlang are offered to 5 servers: .* less than 5 arrivals a"),
    (lambda: single_server.mean_wait_s(1.2, 1), Overloaded, "1.2 Erlang are offered to 1 server: the queue grows"),
    (lambda: mean_wait_s(-1, 1), MechanismInvalid, "-1 arrivals a second, expected 0 or more, and finite"),
    (lambda: mean_wait_s(1, 0, 0), MechanismInvalid, "a mean service time of 0 s, .*\n0 servers, expected at least 1"),
    (lambda: single_server.mean_wait_s(0.5, 1, -1), MechanismInvalid, "coefficient of variation of -1"),
    (lambda: approximate_wait_s(0.5, 1, 1, -1), MechanismInvalid, "coefficient of variation of -1"),
    (lambda: erlang_b(-1, 2), MechanismInvalid, "-1 Erlang on 2 servers, expected 0 or more of each"),
    (lambda: finite_room(1, 1, 1, -1), MechanismInvalid, "-1 places to wait, expected 0 or more"),
    (lambda: ServiceLaw(0, -1), MechanismInvalid, "a mean service time of 0 s.*\na squared coefficient of"),
    (lambda: mva(-1, -1, []), MechanismInvalid, "-1 terminals.*\na think time of -1 s.*\nno station"),
    (lambda: mva(1, 1, [Station("db", 0, 0)]), MechanismInvalid, "`db`: a demand of 0 s.*\nstation `db`: 0 servers"),
    (lambda: mva(1, 1, [Station("db", 1, 2)]), MechanismInvalid, "`db` has several servers, expected one: use `prod"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "error", "message"), BAD)
def test_bad_figures_are_refused_in_words(
    ask: Callable[[], object], error: type[SimulationError], message: str
) -> None:
    """Load above capacity and figures that mean nothing are told, never computed."""
    with pytest.raises(error, match=message):
        ask()
