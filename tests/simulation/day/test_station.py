"""One station: the kernel is its plain form, and that is the closed forms where they exist."""

from __future__ import annotations

import pytest

from simulation.day.station import plain_station, station
from simulation.queues import erlang, single_server, terminals

NEVER_FULL = 100_000


@pytest.mark.parametrize("jobs", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("users", [0.0, 7.5, 60.0])
@pytest.mark.parametrize("limits", [(0.5, 1.0, 4, 9), (3.0, 2.0, 5, 5), (9.0, 4.0, 30, 80)])
def test_kernel_is_the_plain_form(limits: tuple[float, float, int, int], users: float, jobs: float) -> None:
    """For idle and overloaded stations, with jobs beside, users who wait, and limits."""
    open_per_s, cores, at_once, room = limits
    arguments = (open_per_s, users, 12.0, 0.4, cores, jobs, at_once, room)
    assert station(*arguments) == pytest.approx(plain_station(*arguments), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("load", "servers"), [(0.5, 1), (0.9, 1), (1.4, 2), (7.2, 8)])
def test_without_users_it_is_erlangs(load: float, servers: int) -> None:
    """The mean number inside M/M/c, shared or in order: the same."""
    _, inside, _, busy, refused = station(load, 0.0, 1.0, 1.0, float(servers), 0.0, NEVER_FULL, NEVER_FULL)
    assert inside == pytest.approx(load + load * erlang.mean_wait_s(load, 1.0, servers), rel=1e-9)
    assert busy == pytest.approx(load)
    assert refused == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("count", [1, 2, 20, 150])
@pytest.mark.parametrize("servers", [1, 3])
def test_with_users_alone_it_is_mean_value_analysis(count: int, servers: int) -> None:
    """One station and terminals that think: exact, also where it is short."""
    served, inside, *_ = station(0.0, float(count), 10.0, 0.5, float(servers), 0.0, NEVER_FULL, NEVER_FULL)
    exact = terminals.product_form(count, 10.0, [terminals.Station("one", 0.5, servers)])
    assert served == pytest.approx(exact.throughput_per_s, rel=1e-9)
    assert inside / served == pytest.approx(exact.response_s, rel=1e-8)


@pytest.mark.parametrize("jobs", [0, 1, 4])
def test_jobs_that_always_compute_stretch_as_permanent_customers(jobs: int) -> None:
    """M/G/1 processor sharing with K permanent customers: (K + 1) times the service over 1 - load."""
    served, inside, *_ = station(0.6, 0.0, 1.0, 1.0, 1.0, float(jobs), NEVER_FULL, NEVER_FULL)
    assert inside / served == pytest.approx((jobs + 1) * single_server.shared_response_s(0.6, 1.0), rel=1e-6)


def test_finite_room_refuses_as_m_m_c_k() -> None:
    """Places at once are servers when each request has its own core: Erlang with a waiting room."""
    load, servers, room = 5.0, 4, 6
    exact = erlang.finite_room(load, 1.0, servers, room)
    served, inside, waiting, _, refused = station(load, 0.0, 1.0, 1.0, 4.0, 0.0, servers, servers + room)
    assert refused / load == pytest.approx(exact.refused)
    assert waiting / served == pytest.approx(exact.mean_wait_s)
    assert inside + waiting == pytest.approx(exact.mean_inside)


def test_limits_no_load_no_cores_overload() -> None:
    """Nothing asked is nothing done; without cores all is refused; an overload serves what it can, and ends."""
    assert station(0.0, 0.0, 1.0, 1.0, 2.0, 0.0, 5, 9) == (0.0, 0.0, 0.0, 0.0, 0.0)
    assert station(2.0, 0.0, 1.0, 1.0, 0.0, 0.0, 5, 9) == (0.0, 0.0, 0.0, 0.0, 2.0)
    served, _, waiting, busy, refused = station(1e6, 0.0, 1.0, 1.0, 2.0, 0.0, 5, 300)
    assert (served, busy) == (pytest.approx(2), pytest.approx(2))
    assert refused == pytest.approx(1e6 - 2)
    assert waiting == pytest.approx(295)
