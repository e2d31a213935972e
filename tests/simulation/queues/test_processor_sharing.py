"""Shared cores: theory inside the interval of long runs, instants by hand, windows, and the plain form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import MechanismInvalid
from simulation.intervals import of_batches
from simulation.queues.erlang import mean_wait_s
from simulation.queues.fcfs import Fcfs
from simulation.queues.load import Floats, ServiceLaw, poisson_arrivals
from simulation.queues.processor_sharing import ProcessorSharing, plain_sharing
from simulation.queues.single_server import shared_response_s

CUSTOMERS = 4_000_000
CONFIDENCE = 0.999


def responses(arrivals_s: Floats, services_s: Floats, cores: float, threads: int | None = None) -> Floats:
    """Return each request's time inside (s), in order of arrival."""
    numbers, ends_s = ProcessorSharing(cores, threads).serve(arrivals_s, services_s)
    found = np.full(len(arrivals_s), math.nan)
    found[numbers] = ends_s - arrivals_s[numbers]
    return found


def drawn(load: float, scv: float, count: int = CUSTOMERS, seed: int = 1) -> tuple[Floats, Floats]:
    """Return arrivals and service times of 1 s on average."""
    generator = np.random.default_rng(seed)
    return poisson_arrivals(generator, load, count), ServiceLaw(1.0, scv).draw(generator, count)


@pytest.mark.parametrize("scv", [0.0, 1.0, 4.0])
def test_mean_response_depends_on_the_mean_alone(scv: float) -> None:
    """M/G/1 with a shared processor at 70 % load: mean / (1 - ρ), for constant, exponential and varied service."""
    found = of_batches(responses(*drawn(0.7, scv), 1.0)[CUSTOMERS // 10 :], confidence=CONFIDENCE)
    assert shared_response_s(0.7, 1.0) in found
    assert found.half_width < 0.04 * found.mean


def test_long_requests_are_slowed_as_much_as_short_ones() -> None:
    """Mean response of requests of about x is x / (1 - ρ): those below and above the median apart."""
    arrivals_s, services_s = drawn(0.7, 1.0)
    slowed = responses(arrivals_s, services_s, 1.0) / np.maximum(services_s, 1e-3)
    for chosen in (services_s < 0.5, services_s > 1.5):
        found = of_batches(slowed[chosen & (services_s > 1e-3)], confidence=CONFIDENCE)
        assert 1 / 0.3 in found
        assert found.half_width < 0.05 * found.mean


def test_several_cores_are_those_of_erlang_c() -> None:
    """Exponential service on four shared cores at 80 %: the number inside is that of M/M/4, so the response is too."""
    found = of_batches(responses(*drawn(3.2, 1.0), 4.0)[CUSTOMERS // 10 :], confidence=CONFIDENCE)
    assert 1.0 + mean_wait_s(3.2, 1.0, 4) in found
    assert found.half_width < 0.02 * found.mean


@pytest.mark.parametrize("threads", [1, 5])
def test_limit_of_threads_does_not_change_the_mean_for_exponential_service(threads: int) -> None:
    """Work goes on at the same rate whoever gets it: 1 / (μ - λ) with one thread, five, or no limit."""
    found = of_batches(responses(*drawn(0.7, 1.0), 1.0, threads)[CUSTOMERS // 10 :], confidence=CONFIDENCE)
    assert 1 / 0.3 in found
    assert found.half_width < 0.04 * found.mean


def test_one_thread_is_first_come_first_served() -> None:
    """The two kernels give the same responses."""
    arrivals_s, services_s = drawn(0.9, 4.0, 20_000)
    begins_s = Fcfs(1).serve(arrivals_s, services_s)
    assert responses(arrivals_s, services_s, 1.0, threads=1) == pytest.approx(
        begins_s + services_s - arrivals_s, rel=1e-6
    )


def test_by_hand() -> None:
    """One core: 2 s asked at 0, 1 s at 1: alone until 1, half speed each until both end at 3. Two: both at once."""
    asked = np.array([0.0, 1.0]), np.array([2.0, 1.0])
    assert responses(*asked, 1.0).tolist() == [3.0, 2.0]
    assert responses(*asked, 2.0).tolist() == [2.0, 1.0]
    # Half a core: by 1 s half a second is done; then a quarter of a core each: 1 s more each by 5 s, and 0.5 s alone.
    assert responses(*asked, 0.5).tolist() == [6.0, 4.0]


times = st.lists(st.tuples(st.sampled_from([0.0, 0.25, 1.0, 3.0]), st.sampled_from([0.0, 0.5, 1.0, 4.0])), max_size=25)


@given(times, st.sampled_from([0.5, 1.0, 2.0, 3.5]), st.sampled_from([None, 1, 3]))
def test_kernel_equals_the_plain_form(given_: list[tuple[float, float]], cores: float, threads: int | None) -> None:
    """The same requests end at the same instants."""
    arrivals_s, services_s = np.cumsum([gap for gap, _ in given_]), np.array([service for _, service in given_])
    numbers, ends_s = ProcessorSharing(cores, threads).serve(arrivals_s, services_s)
    slow_numbers, slow_ends_s = plain_sharing(arrivals_s, services_s, cores, threads)
    slow = dict(zip(slow_numbers, slow_ends_s, strict=True))
    assert sorted(numbers.tolist()) == sorted(slow_numbers)
    assert [slow[number] for number in numbers.tolist()] == pytest.approx(ends_s.tolist(), rel=1e-9)


def test_kernel_equals_the_plain_form_on_a_long_run() -> None:
    """3,000 random requests at 90 % load on two cores."""
    arrivals_s, services_s = drawn(1.8, 4.0, 3000)
    fast = responses(arrivals_s, services_s, 2.0)
    numbers, ends_s = plain_sharing(arrivals_s, services_s, 2.0)
    slow = np.empty(3000)
    slow[numbers] = np.array(ends_s) - arrivals_s[numbers]
    assert fast == pytest.approx(slow, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("threads", [None, 2])
def test_windows_change_nothing(threads: int | None) -> None:
    """An hour served minute by minute is the hour served at once, whoever is inside at the edges."""
    arrivals_s, services_s = drawn(0.95, 4.0, 3000)
    station = ProcessorSharing(1.0, threads)
    parts = []
    for edge_s in np.arange(60.0, arrivals_s[-1] + 60.0, 60.0):
        here = (arrivals_s > edge_s - 60.0) & (arrivals_s <= edge_s)
        parts.append(station.serve(arrivals_s[here], services_s[here], float(edge_s)))
    parts.append(station.serve(np.zeros(0), np.zeros(0)))
    whole = ProcessorSharing(1.0, threads).serve(arrivals_s, services_s)
    assert np.concatenate([numbers for numbers, _ in parts]).tolist() == whole[0].tolist()
    assert np.concatenate([ends_s for _, ends_s in parts]) == pytest.approx(whole[1], rel=1e-9)
    assert station.inside == 0


def test_without_cores_nobody_ends_until_they_are_back() -> None:
    """A server fails at 1 s and is back at 11 s: what was half done ends 10 s later; nothing hangs meanwhile."""
    station = ProcessorSharing(1.0)
    station.serve(np.array([0.0]), np.array([2.0]), 1.0)
    station.set_cores(0.0)
    assert len(station.serve(np.array([5.0]), np.array([1.0]), 11.0)[0]) == 0
    assert station.inside == 2
    station.set_cores(1.0)
    numbers, ends_s = station.serve(np.zeros(0), np.zeros(0))
    assert numbers.tolist() == [0, 1]
    assert ends_s.tolist() == [13.0, 13.0]
    dead = ProcessorSharing(0.0)
    assert len(dead.serve(np.array([0.0]), np.array([1.0]))[0]) == 0


def test_bad_figures_are_refused_in_words() -> None:
    """Cores, threads and arrivals beyond the window are told."""
    with pytest.raises(MechanismInvalid, match="-1 cores, expected 0 or more, and finite"):
        ProcessorSharing(-1)
    with pytest.raises(MechanismInvalid, match="0 threads, expected at least 1"):
        ProcessorSharing(1, 0)
    with pytest.raises(MechanismInvalid, match=r"an arrival at 9\.0 s, expected none after the window's end, 5\.0 s"):
        ProcessorSharing(1).serve(np.array([9.0]), np.array([1.0]), 5.0)
    station = ProcessorSharing(1)
    station.serve(np.zeros(0), np.zeros(0), 5.0)
    with pytest.raises(MechanismInvalid, match=r"an arrival at 4\.0 s, expected none before 5\.0 s, which is past"):
        station.serve(np.array([4.0]), np.array([1.0]), 9.0)
