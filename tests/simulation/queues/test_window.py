"""A station through hours of changing load: each hour's figures, its edges, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import simpy

from simulation.errors import MechanismInvalid
from simulation.queues.load import ServiceLaw
from simulation.queues.single_server import shared_response_s
from simulation.queues.window import Observation, Window, WindowRecord

LAW = ServiceLaw(0.1)


def observe(windows: list[Window], until_s: float, seed: int = 1) -> list[WindowRecord]:
    """Return the records of a station under these windows."""
    env = simpy.Environment()
    seen = Observation(env, LAW, windows, until_s, np.random.default_rng(seed))
    env.run()
    assert env.now == until_s
    return seen.records


def test_each_hour_has_the_response_of_its_load() -> None:
    """Long windows at 20 %, 60 % and 20 % load: each near its closed form, and the same from the same seed."""
    windows = [Window(0, 2, 1), Window(100_000, 6, 1), Window(200_000, 2, 1)]
    records = observe(windows, 300_000)
    for window, record in zip(windows, records, strict=True):
        assert record.mean_response_s == pytest.approx(shared_response_s(window.rate_per_s, 0.1), rel=0.02)
        assert record.arrived == pytest.approx(window.rate_per_s * 1e5, abs=3.29 * np.sqrt(window.rate_per_s * 1e5))
        assert record.response_95_s > record.mean_response_s
    assert observe(windows, 300_000) == records
    assert observe(windows, 300_000, seed=2) != records


def test_what_arrives_is_what_ends_and_what_is_left() -> None:
    """Requests are neither lost nor doubled over the edges."""
    records = observe([Window(0, 9, 1), Window(50, 12, 1), Window(90, 0, 0.5), Window(120, 5, 2)], 200)
    assert (
        sum(record.arrived for record in records) == sum(record.ended for record in records) + records[-1].left_inside
    )
    assert records[2].arrived == 0


def test_failed_server_lets_the_queue_grow_and_its_return_empties_it() -> None:
    """No core for 100 s at 5 requests a second: about 500 wait, none ends, and later all are served."""
    records = observe([Window(0, 5, 1), Window(100, 5, 0), Window(200, 5, 4)], 500)
    assert records[1].ended == 0
    assert np.isnan(records[1].mean_response_s)
    assert records[1].left_inside == pytest.approx(500, abs=3.29 * np.sqrt(500) + 10)
    assert records[2].left_inside < 10


def test_no_load_serves_nobody() -> None:
    """A night without a request."""
    assert observe([Window(0, 0, 1)], 10)[0].arrived == 0


def test_bad_windows_are_refused_all_at_once() -> None:
    """Windows without length, in the past, or with a load that is none."""
    env = simpy.Environment(initial_time=10)
    with pytest.raises(MechanismInvalid) as told:
        Observation(env, LAW, [Window(5, 1, 1), Window(5, -1, 1)], 4, np.random.default_rng(1))
    assert told.value.problems == (
        "a window from 5 s to 5 s has no length, expected a later end",
        "a window from 5 s to 4 s has no length, expected a later end",
        "the first window begins at 5 s, expected 10 s or later",
        "the window at 5 s has -1 arrivals a second, expected 0 or more",
    )
    with pytest.raises(MechanismInvalid, match="no window, expected at least one"):
        Observation(env, LAW, [], 4, np.random.default_rng(1))
