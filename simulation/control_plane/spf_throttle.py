"""FRR's throttle of the route computation: when the next one may run (ospfd, `ospf_spf_calculate_schedule`).

The first event after a quiet time runs after the initial delay. An event within the hold time of the last run waits for
its end, and the hold time grows by one step with each such event, up to the maximum.
"""

from __future__ import annotations

import math

from inventory.models.behaviour import OspfTimers


class SpfThrottle:
    """The throttle of one router."""

    def __init__(self, timers: OspfTimers) -> None:
        """Start quiet: the last run lies long ago."""
        self.delay_s = timers.spf_delay_s
        self.hold_s = timers.spf_hold_s
        self.max_hold_s = timers.spf_max_hold_s
        self.multiplier = 1
        self.last_run_s = -math.inf
        self.waiting = False

    def ask(self, now_s: float) -> float | None:
        """Return after how long (s) the computation is to run, or None where one is waiting already."""
        if self.waiting:
            return None
        self.waiting = True
        elapsed = now_s - self.last_run_s
        hold = min(self.hold_s * self.multiplier, self.max_hold_s)
        if elapsed >= hold:
            self.multiplier = 1
            return self.delay_s
        if hold < self.max_hold_s:
            self.multiplier += 1
        return max(hold - elapsed, self.delay_s)

    def ran(self, now_s: float) -> None:
        """Note that the computation runs now."""
        self.waiting = False
        self.last_run_s = now_s
