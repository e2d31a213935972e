"""How TCP senders wait when their path is away: when they try again, when they go on, when the connection breaks.

A sender tries again when its timer is over, and doubles the timer each time in vain: what stalled goes on with the
first attempt after the path is back, and breaks when all are used up. The longer the outage, the longer the idle time
after it.
Sources: RFC 6298, sections 2 and 5 (timer, doubling, 1 s before the path is known); Linux, tcp(7) (`tcp_retries2`,
`tcp_syn_retries`). The values stand in the estate (`timers.tcp`). Leaves transfers that stall to `connections`.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import NamedTuple

from inventory.models.behaviour import TcpTimers
from simulation.errors import MechanismInvalid


@dataclasses.dataclass(frozen=True)
class BackOff:
    """How long a sender waits (s) before it sends again: at first, at most; and how often it tries before it breaks."""

    first_s: float
    longest_s: float
    attempts: int

    def __post_init__(self) -> None:
        problems = []
        if not 0 < self.first_s <= self.longest_s < math.inf:
            problems.append(
                f"timers of {self.first_s} s at first and {self.longest_s} s at most, expected more than 0, in order"
            )
        if self.attempts < 1:
            problems.append(f"{self.attempts} attempts, expected at least 1")
        if problems:
            raise MechanismInvalid(problems)

    @property
    def attempts_s(self) -> tuple[float, ...]:
        """When the sender tries again, counted from when the path went away (s)."""
        return self._timers_s()[:-1]

    @property
    def breaks_s(self) -> float:
        """How long after the path went away the connection breaks: when the timer of the last attempt is over (s)."""
        return self._timers_s()[-1]

    def goes_on_s(self, away_s: float) -> float:
        """Return how long after the path went away, for `away_s`, the sender goes on; infinite where it broke (s)."""
        if away_s <= 0:
            return 0.0
        return next((attempt_s for attempt_s in self.attempts_s if attempt_s >= away_s), math.inf)

    def _timers_s(self) -> tuple[float, ...]:
        """Return when each timer is over (s): at all but the last the sender tries again."""
        # Doubled no more often than that the longest is reached: beyond, the power may be no float.
        doublings = math.ceil(math.log2(self.longest_s / self.first_s))
        timers_s = (min(self.first_s * 2 ** min(turn, doublings), self.longest_s) for turn in range(self.attempts + 1))
        return tuple(itertools.accumulate(timers_s))


class BackOffs(NamedTuple):
    """How senders wait while they send, and while they open a connection."""

    data: BackOff
    opening: BackOff


def back_offs(timers: TcpTimers) -> BackOffs:
    """Return how senders wait by an estate's timers."""
    return BackOffs(
        BackOff(timers.first_s, timers.longest_s, timers.attempts),
        BackOff(timers.opening_first_s, timers.longest_s, timers.opening_attempts),
    )
