"""What waits for a router's routing process: it turns to it once for all that has come, and works it off in one go.

Link states that come close together therefore leave in one packet and are seen by one route computation, as in FRR's
event loop.
"""

from __future__ import annotations

from collections.abc import Callable

from simulation.control_plane.clockwork import Clockwork

Work = Callable[[], None]


class Queues:
    """One queue for every router; `reaction` says how long its process leaves the first thing in it waiting."""

    def __init__(self, clock: Clockwork, reaction: str) -> None:
        """Start with nothing waiting."""
        self.clock = clock
        self.reaction = reaction
        self.waiting: list[list[Work]] = [[] for _ in clock.layout.routers]

    def put(self, router: int, work: Work) -> None:
        """Let work wait for the process; where nothing waits yet the process is called."""
        waiting = self.waiting[router]
        waiting.append(work)
        if len(waiting) == 1:
            turns_s = self.clock.reaction_s(self.reaction, self.clock.layout.routers[router])
            self.clock.later(turns_s, lambda: self._work_off(router))

    def _work_off(self, router: int) -> None:
        work, self.waiting[router] = self.waiting[router], []
        for item in work:
            item()
