"""Denominators count the hours that they name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.availability.hours import ALL_HOURS, Hours, weekly


def test_counter_hours_of_a_week() -> None:
    """Five days of 8:30 to 17:15 are 43.75 h; Monday noon has seen 3.5 of them, Sunday all."""
    counters = weekly("counters", 8.5, 17.25)
    assert counters.per_period_h == 43.75
    assert [counters.within(time) for time in (0, 8.5, 12, 17.25, 20, 160, 168, 180)] == [
        0, 0, 3.5, 8.75, 8.75, 43.75, 43.75, 47.25
    ]  # fmt: skip


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_hours_are_counted_as_they_pass(one: float, other: float) -> None:
    """Never backwards, never faster than time; all hours are time itself."""
    begin, end = sorted((one, other))
    for hours in (weekly("counters", 8.5, 17.25), Hours("night", 24, ((0, 6), (22, 24)))):
        passed = hours.within(end) - hours.within(begin)
        assert -1e-9 <= passed <= end - begin + 1e-9
    assert ALL_HOURS.within(end) == pytest.approx(end)
