"""First come first served, request by request: theory inside the interval of long runs, limits, and the plain form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import MechanismInvalid
from simulation.intervals import Interval, of_batches
from simulation.queues import single_server
from simulation.queues.erlang import (
    approximate_wait_s,
    erlang_b,
    erlang_c,
    finite_room,
    mean_wait_s,
    share_waiting_longer,
)
from simulation.queues.fcfs import Fcfs, plain_fcfs
from simulation.queues.load import ServiceLaw, poisson_arrivals

CUSTOMERS = 4_000_000
CONFIDENCE = 0.999


def waits(load: float, servers: int, scv: float, room: int | None = None, seed: int = 1) -> np.ndarray:
    """Return the waits of four million requests of 1 s on average (s; NaN: refused), after a tenth that is left out."""
    generator = np.random.default_rng(seed)
    arrivals_s = poisson_arrivals(generator, load, CUSTOMERS)
    begins_s = Fcfs(servers, room).serve(arrivals_s, ServiceLaw(1.0, scv).draw(generator, CUSTOMERS))
    return (begins_s - arrivals_s)[CUSTOMERS // 10 :]


def holds(interval: Interval, exact: float, *, within: float) -> None:
    """Assert that the exact value is inside, and that the interval is narrow enough for that to matter."""
    assert exact in interval
    assert interval.half_width < within * exact


@pytest.mark.parametrize(
    ("scv", "within"), [(1.0, 0.04), (0.0, 0.04), (0.5, 0.04), (4.0, 0.06)], ids=["M/M/1", "M/D/1", "scv 0.5", "scv 4"]
)  # fmt: skip
def test_single_server_waits_as_pollaczek_and_khinchine_say(scv: float, within: float) -> None:
    """At 70 % load the mean wait is the closed form, for four laws of service."""
    found = of_batches(waits(0.7, 1, scv), confidence=CONFIDENCE)
    holds(found, single_server.mean_wait_s(0.7, 1.0, scv), within=within)


@pytest.mark.parametrize("servers", [2, 8])
def test_several_servers_wait_as_erlang_c_says(servers: int) -> None:
    """At 80 % load: mean wait, share that waits at all, and share that waits longer than one service time."""
    found = waits(0.8 * servers, servers, 1.0)
    holds(of_batches(found, confidence=CONFIDENCE), mean_wait_s(0.8 * servers, 1.0, servers), within=0.06)
    holds(of_batches(found > 0, confidence=CONFIDENCE), erlang_c(0.8 * servers, servers), within=0.03)
    longer = share_waiting_longer(1.0, 0.8 * servers, 1.0, servers)
    holds(of_batches(found > 1.0, confidence=CONFIDENCE), longer, within=0.05)


@pytest.mark.parametrize("scv", [0.0, 1.0, 4.0])
def test_loss_is_that_of_erlang_b_whatever_the_service_law(scv: float) -> None:
    """4 Erlang on 6 servers without room: the refused share depends on the mean alone."""
    refused = np.isnan(waits(4.0, 6, scv, room=0))
    holds(of_batches(refused, confidence=CONFIDENCE), erlang_b(4.0, 6), within=0.04)


@pytest.mark.parametrize("load", [2.5, 6.0])
def test_finite_room_refuses_and_waits_as_birth_and_death_say(load: float) -> None:
    """Three servers, four places to wait, below and at twice the capacity."""
    found = waits(load, 3, 1.0, room=4)
    exact = finite_room(load, 1.0, 3, 4)
    holds(of_batches(np.isnan(found), confidence=CONFIDENCE), exact.refused, within=0.03)
    accepted = found[~np.isnan(found)]
    holds(of_batches(accepted, confidence=CONFIDENCE), exact.mean_wait_s, within=0.03)


def test_approximation_for_several_servers_is_near() -> None:
    """M/G/4 with squared coefficient of variation 4 at 80 %: the approximation is within 10 %."""
    found = of_batches(waits(3.2, 4, 4.0), confidence=CONFIDENCE)
    assert found.mean == pytest.approx(approximate_wait_s(3.2, 1.0, 4, 4.0), rel=0.10)


times = st.lists(st.tuples(st.sampled_from([0.0, 0.25, 1.0, 3.0]), st.sampled_from([0.0, 0.5, 1.0, 4.0])), max_size=30)


@given(times, st.integers(1, 4))
def test_kernel_equals_the_plain_form(given_: list[tuple[float, float]], servers: int) -> None:
    """Without a limit to the room every service begins at the same float."""
    arrivals_s, services_s = np.cumsum([gap for gap, _ in given_]), np.array([service for _, service in given_])
    assert Fcfs(servers).serve(arrivals_s, services_s).tolist() == plain_fcfs(arrivals_s, services_s, servers).tolist()


@pytest.mark.parametrize(("servers", "room"), [(1, None), (8, None), (1, 0), (3, 0), (2, 1), (3, 7)])
def test_kernel_equals_the_plain_form_on_long_runs(servers: int, room: int | None) -> None:
    """5,000 random requests at 95 % load: the same begin to the last bit, and the same refused."""
    generator = np.random.default_rng(3)
    arrivals_s = poisson_arrivals(generator, 0.95 * servers, 5000)
    services_s = ServiceLaw(1.0, 4.0).draw(generator, 5000)
    fast, slow = Fcfs(servers, room).serve(arrivals_s, services_s), plain_fcfs(arrivals_s, services_s, servers, room)
    assert np.array_equal(fast, slow, equal_nan=True)
    assert (np.isnan(fast).any()) == (room is not None)


@pytest.mark.parametrize("room", [None, 0, 3])
def test_portions_change_nothing(room: int | None) -> None:
    """A day served hour by hour is the day served at once."""
    generator = np.random.default_rng(4)
    arrivals_s, services_s = poisson_arrivals(generator, 3.0, 3000), ServiceLaw(1.0).draw(generator, 3000)
    station = Fcfs(3, room)
    parts = [
        station.serve(a, s) for a, s in zip(np.array_split(arrivals_s, 7), np.array_split(services_s, 7), strict=True)
    ]
    assert np.array_equal(np.concatenate(parts), Fcfs(3, room).serve(arrivals_s, services_s), equal_nan=True)


def test_limits() -> None:
    """No request: nothing. Service in no time: nobody waits. As many servers as requests: nobody waits."""
    assert len(Fcfs(1).serve(np.zeros(0), np.zeros(0))) == 0
    arrivals_s = np.array([0.0, 0.0, 1.0])
    assert Fcfs(1).serve(arrivals_s, np.zeros(3)).tolist() == arrivals_s.tolist()
    assert Fcfs(3).serve(arrivals_s, np.full(3, 9.0)).tolist() == arrivals_s.tolist()


@pytest.mark.parametrize(
    ("arrivals", "services", "message"),
    [
        ([0, 1], [1], "2 arrivals with 1 service times, expected as many"),
        ([1, 0], [1, 1], "arrivals are out of order or not finite, expected the earliest first"),
        ([0, np.inf], [1, 1], "arrivals are out of order or not finite"),
        ([0, 1], [1, -1], "a service time is negative or not finite, expected 0 s or more"),
        ([0, 1], [1, np.nan], "a service time is negative or not finite"),
        ([-9, 1], [1, 1], r"an arrival at -9\.0 s, expected none before 5\.0 s, which is past"),
    ],
)
def test_bad_requests_are_refused_in_words(arrivals: list[float], services: list[float], message: str) -> None:
    """What is out of order, past, or no time at all never reaches the kernel."""
    station = Fcfs(1)
    station.serve(np.array([5.0]), np.array([1.0]))
    with pytest.raises(MechanismInvalid, match=message):
        station.serve(np.array(arrivals, float) + (0 if "past" in message else 5), np.array(services, float))


def test_stations_that_serve_nobody_are_refused() -> None:
    """Servers and room are counted from one and from none."""
    with pytest.raises(MechanismInvalid, match="0 servers, expected at least 1\n-1 places to wait, expected 0 or more"):
        Fcfs(0, -1)
