"""Hellos: one in every interval, at a phase that a restart moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.control_plane.hello import HelloClock

times = st.floats(0, 1000)


@given(st.floats(0.1, 60), st.floats(0, 1, exclude_max=True), times)
def test_next_and_last_hello_are_one_interval_apart(interval_s: float, phase: float, now_s: float) -> None:
    """At any instant the next hello is at most one interval away, and age and wait add up to whole intervals."""
    clock = HelloClock(interval_s, phase * interval_s)
    wait_s = clock.next_s(now_s) - now_s
    assert 0 <= wait_s <= interval_s + 1e-9
    assert 0 <= clock.age_s(now_s) <= interval_s + 1e-9
    assert (wait_s + clock.age_s(now_s)) % interval_s == pytest.approx(0, abs=1e-6) or (
        wait_s + clock.age_s(now_s)
    ) % interval_s == pytest.approx(interval_s, abs=1e-6)


def test_restarted_port_counts_from_its_first_hello() -> None:
    """Nothing is sent before the first hello after a restart, and one comes every interval from it on."""
    clock = HelloClock(10, 3)
    clock.restart(17.5)
    assert clock.next_s(17.5) == 17.5
    assert clock.next_s(18) == 27.5
    clock.restart(60)
    assert clock.next_s(41) == 60
