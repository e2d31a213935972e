"""BFD's detection against closed forms: bounds, mean, distribution, and the earlier of two ends."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.models.behaviour import BfdTimers
from simulation.control_plane.bfd import (
    age_exceeds,
    detection_after_failure_s,
    detection_time_s,
    gap_bounds_s,
    last_packet_age_s,
    mean_detection_s,
)

N = 40_000
DEFAULT = BfdTimers.model_construct(enabled=True, interval_s=0.3, multiplier=3)
unit = st.floats(0, 1, exclude_max=True)


def _draws(function: Callable[[BfdTimers, float, float], float], timers: BfdTimers, seed: int = 7) -> np.ndarray:
    pairs = np.random.default_rng(seed).random((N, 2))
    return np.array([function(timers, u, v) for u, v in pairs])


def _interval(values: np.ndarray) -> tuple[float, float]:
    """Return the 99.9 % confidence interval of the mean."""
    half = 3.29 * values.std(ddof=1) / math.sqrt(len(values))
    return values.mean() - half, values.mean() + half


@given(unit, unit)
def test_default_timers_detect_600_to_900_ms_after_the_failure(u: float, v: float) -> None:
    """With 300 ms × 3 the last packet is at most one interval old: 600–900 ms, by its phase."""
    assert 0.6 <= detection_after_failure_s(DEFAULT, u, v) <= 0.9


@given(unit, unit, st.floats(0.01, 5), st.integers(2, 255))
def test_detection_lies_within_one_interval_before_the_detection_time(u: float, v: float, i: float, m: int) -> None:
    """For any timers the session goes down between (multiplier − 1) and multiplier intervals after the failure."""
    timers = BfdTimers.model_construct(enabled=True, interval_s=i, multiplier=m)
    found = detection_after_failure_s(timers, u, v)
    assert (m - 1) * i - 1e-9 <= found <= detection_time_s(timers) + 1e-9


def test_multiplier_of_one_jitters_between_75_and_90_percent() -> None:
    """A sender whose multiplier is 1 leaves a margin, so that one late packet is not a failure (RFC 5880, 6.8.7)."""
    alone = BfdTimers.model_construct(enabled=True, interval_s=1.0, multiplier=1)
    assert gap_bounds_s(alone) == (0.75, 0.9)
    assert gap_bounds_s(DEFAULT) == pytest.approx((0.225, 0.3))


def test_mean_detection_is_that_of_a_stationary_renewal_process() -> None:
    """The closed form, detection time − E[gap²] / (2 E[gap]), lies in the confidence interval of the draws."""
    low, high = _interval(_draws(detection_after_failure_s, DEFAULT))
    assert low < mean_detection_s(DEFAULT) < high
    assert mean_detection_s(DEFAULT) == pytest.approx(0.7679, abs=1e-4)


@pytest.mark.parametrize("age_s", [0.05, 0.15, 0.225, 0.25, 0.28])
def test_age_of_the_last_packet_follows_the_recurrence_distribution(age_s: float) -> None:
    """The share of draws that are older than an age is the closed form's, within its confidence interval."""
    share = (_draws(last_packet_age_s, DEFAULT) > age_s).mean()
    expected = age_exceeds(DEFAULT, age_s)
    assert abs(share - expected) < 3.29 * math.sqrt(expected * (1 - expected) / N)


def test_packets_sent_in_turn_give_the_same_ages() -> None:
    """Sending packet after packet with jittered gaps, and failing at any instant, gives the drawn distribution."""
    random = np.random.default_rng(3)
    low, high = gap_bounds_s(DEFAULT)
    sent = np.cumsum(random.uniform(low, high, 60_000))
    failures = random.uniform(sent[10], sent[-10], 20_000)
    ages = failures - sent[np.searchsorted(sent, failures) - 1]
    drawn = _draws(last_packet_age_s, DEFAULT)
    for fraction in (0.1, 0.5, 0.9):
        assert np.quantile(ages, fraction) == pytest.approx(np.quantile(drawn, fraction), abs=0.004)


def test_earlier_of_two_independent_ends() -> None:
    """Who detects first: P(min of two > t) = P(one > t)², by the closed form of one."""
    first = np.minimum(_draws(detection_after_failure_s, DEFAULT, 1), _draws(detection_after_failure_s, DEFAULT, 2))
    for later_s in (0.65, 0.7, 0.75, 0.8):
        expected = (1 - age_exceeds(DEFAULT, detection_time_s(DEFAULT) - later_s)) ** 2
        assert (first > later_s).mean() == pytest.approx(expected, abs=3.29 * math.sqrt(0.25 / N))


def test_no_interval_detects_at_once() -> None:
    """With timers of zero nothing is waited for."""
    assert detection_after_failure_s(BfdTimers.model_construct(enabled=True, interval_s=0, multiplier=3), 0.5, 0.5) == 0
