"""When senders try again, go on and give up: by hand, and by the figures that Linux gives."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.models.estate import Estate
from simulation.errors import MechanismInvalid
from simulation.sharing.back_off import BackOff, back_offs

LINUX = BackOff(0.2, 120.0, 15)


def test_connections_break_when_linux_says(deck: Estate, villages: Estate) -> None:
    """Data: 924.6 s, the figure of the kernel's documentation for 15 attempts; opening: 1 + 2 + ... + 64 = 127 s."""
    for estate in (deck, villages):
        stated = back_offs(estate.records.timers.tcp)
        assert stated.data == LINUX
        assert stated.data.breaks_s == pytest.approx(924.6)
        assert stated.opening.breaks_s == pytest.approx(127.0)


# 0.2 s, then each twice the one before: attempts 0.2, 0.6, 1.4, 3.0, ... 25.4, 51.0, ... 204.6, then each 120 s.
@pytest.mark.parametrize(
    ("away_s", "goes_on_s"),
    [(0.0, 0.0), (0.1, 0.2), (0.3, 0.6), (0.6, 0.6), (1.0, 1.4), (30.0, 51.0), (204.0, 204.6), (205.0, 324.6),
     (804.0, 804.6), (805.0, math.inf), (math.inf, math.inf)],
)  # fmt: skip
def test_goes_on_with_the_first_attempt_after_the_path_is_back(away_s: float, goes_on_s: float) -> None:
    """No outage, no stall; below the first timer it is that; after the last attempt it breaks."""
    assert LINUX.goes_on_s(away_s) == pytest.approx(goes_on_s)


@given(st.floats(0.01, 5), st.integers(0, 40), st.integers(1, 30))
def test_attempts_without_a_longest_timer_are_a_geometric_series(first_s: float, turn: int, attempts: int) -> None:
    """The nth attempt comes after first × (2^n - 1), while no timer reaches the longest."""
    back_off = BackOff(first_s, first_s * 2.0**64, attempts)
    expected_s = [first_s * (2.0 ** (n + 1) - 1) for n in range(attempts)]
    assert back_off.attempts_s == pytest.approx(expected_s)
    assert back_off.breaks_s == pytest.approx(first_s * (2.0 ** (attempts + 1) - 1))
    wanted_s = math.inf if turn >= attempts else expected_s[turn]
    assert back_off.goes_on_s(first_s * (2.0**turn - 0.999)) == pytest.approx(wanted_s)


@given(st.floats(0.01, 5), st.floats(0, 200), st.integers(1, 20), st.floats(0, 2000))
def test_never_before_the_repair_and_idle_no_longer_than_the_outage(
    first_s: float, more_s: float, attempts: int, away_s: float
) -> None:
    """An attempt follows the repair after at most the outage and one first timer, for doubling does no worse."""
    back_off = BackOff(first_s, first_s + more_s, attempts)
    goes_on_s = back_off.goes_on_s(away_s)
    assert goes_on_s >= away_s
    assert goes_on_s == math.inf or goes_on_s <= 2 * away_s + first_s * (1 + 1e-9)
    assert goes_on_s == math.inf or goes_on_s <= back_off.breaks_s


def test_long_waits_need_no_large_numbers() -> None:
    """255 attempts from a millisecond to two hours: doubling stops at the longest timer."""
    patient = BackOff(0.001, 7200.0, 255)
    assert len(patient.attempts_s) == 255
    assert patient.attempts_s[-1] - patient.attempts_s[-2] == pytest.approx(7200.0)


def test_bad_timers_are_refused() -> None:
    """Each problem in words."""
    with pytest.raises(MechanismInvalid) as told:
        BackOff(0.0, -1.0, 0)
    assert told.value.problems == (
        "timers of 0.0 s at first and -1.0 s at most, expected more than 0, in order",
        "0 attempts, expected at least 1",
    )
