"""OSPF hellos of one port: when the next is due, and how old the last is (RFC 2328, 9.5; FRR sends without jitter).

A port that comes up sends at once and keeps that phase. A daemon that starts sends its first hello one interval later
(ospfd sets the timer anew with the configured interval), on all its ports together. Leaves what a hello causes to
`neighbours`.
"""

from __future__ import annotations

import math


class HelloClock:
    """The instants at which a port sends: `phase_s` plus every multiple of the interval."""

    def __init__(self, interval_s: float, phase_s: float) -> None:
        """Start with a phase in [0, interval)."""
        self.interval_s = interval_s
        self.phase_s = phase_s
        self.silent_until_s = -math.inf

    def restart(self, first_s: float) -> None:
        """Send nothing before `first_s`, then, and every interval after it."""
        self.phase_s = self.silent_until_s = first_s

    def next_s(self, now_s: float) -> float:
        """Return the first instant of sending at or after `now_s`."""
        if self.interval_s <= 0:
            return now_s
        return max(now_s + (self.phase_s - now_s) % self.interval_s, self.silent_until_s)

    def age_s(self, now_s: float) -> float:
        """Return how long before `now_s` the last hello was sent, in [0, interval)."""
        if self.interval_s <= 0:
            return 0.0
        return (now_s - self.phase_s) % self.interval_s
