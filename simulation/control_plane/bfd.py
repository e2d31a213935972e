"""BFD's detection of a failure (RFC 5880): when a session goes down. Closed forms stand beside the draw.

A session is down `multiplier` × interval after the last packet received. The sender's gaps are jittered (6.8.7):
uniform between 75 and 100 % of the interval, 75 and 90 % where the multiplier is 1. A failure at an arbitrary instant
falls into a long gap more often than into a short one, so the last packet's age has the stationary recurrence
distribution.
"""

from __future__ import annotations

import math

from inventory.models.behaviour import BfdTimers

LEAST_GAP = 0.75
MOST_GAP = 1.0
MOST_GAP_ALONE = 0.9


def detection_time_s(timers: BfdTimers) -> float:
    """Return the detection time after the last packet (s), with equal timers at both ends."""
    return timers.multiplier * timers.interval_s


def gap_bounds_s(timers: BfdTimers) -> tuple[float, float]:
    """Return the shortest and the longest gap between two packets (s)."""
    most = MOST_GAP_ALONE if timers.multiplier == 1 else MOST_GAP
    return LEAST_GAP * timers.interval_s, most * timers.interval_s


def last_packet_age_s(timers: BfdTimers, u_gap: float, u_place: float) -> float:
    """Return how old the last packet is at the failure (s): a gap drawn in proportion to its length, a place in it."""
    low, high = gap_bounds_s(timers)
    gap = math.sqrt(low * low + u_gap * (high * high - low * low))
    return gap * u_place


def detection_after_failure_s(timers: BfdTimers, u_gap: float, u_place: float) -> float:
    """Return when a session goes down, counted from the failure (s)."""
    return detection_time_s(timers) - last_packet_age_s(timers, u_gap, u_place)


def mean_detection_s(timers: BfdTimers) -> float:
    """Return the mean of `detection_after_failure_s`: detection time − E[gap²] / (2 E[gap])."""
    low, high = gap_bounds_s(timers)
    mean = (low + high) / 2
    second_moment = (low * low + low * high + high * high) / 3
    return detection_time_s(timers) - second_moment / (2 * mean)


def age_exceeds(timers: BfdTimers, age_s: float) -> float:
    """Return P(last packet older than `age_s`) = 1 − ∫₀^age (1 − F(x)) dx / E[gap], F uniform over the bounds."""
    low, high = gap_bounds_s(timers)
    mean = (low + high) / 2
    if age_s <= low:
        return 1 - age_s / mean
    if age_s >= high:
        return 0.0
    return (high - age_s) ** 2 / (2 * (high - low) * mean)
