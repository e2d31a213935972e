"""OSPF hellos of one port: when the next is due, and how old the last is (RFC 2328, 9.5; FRR sends without jitter).

A port that comes up sends at once and keeps that phase, so the ports of a router that started together send together.
Leaves what a hello causes to `neighbours`.
"""

from __future__ import annotations


class HelloClock:
    """The instants at which a port sends: `phase_s` plus every multiple of the interval."""

    def __init__(self, interval_s: float, phase_s: float) -> None:
        """Start with a phase in [0, interval)."""
        self.interval_s = interval_s
        self.phase_s = phase_s

    def restart(self, now_s: float) -> None:
        """Send now, and count from here on."""
        self.phase_s = now_s

    def next_s(self, now_s: float) -> float:
        """Return the first instant of sending at or after `now_s`."""
        if self.interval_s <= 0:
            return now_s
        return now_s + (self.phase_s - now_s) % self.interval_s

    def age_s(self, now_s: float) -> float:
        """Return how long before `now_s` the last hello was sent, in [0, interval)."""
        if self.interval_s <= 0:
            return 0.0
        return (now_s - self.phase_s) % self.interval_s
