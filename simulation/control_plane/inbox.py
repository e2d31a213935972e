"""What waits for a router's routing process: it wakes once for all that has come, and works it off in one go.

Link states that come close together are therefore seen by one route computation, as in FRR's event loop.
"""

from __future__ import annotations

from collections.abc import Callable

from simulation.control_plane.clockwork import Clockwork

Message = Callable[[], None]


class Inboxes:
    """The messages on their way to every router's process."""

    def __init__(self, clock: Clockwork) -> None:
        """Start with nothing waiting."""
        self.clock = clock
        self.waiting: list[list[Message]] = [[] for _ in clock.layout.routers]

    def deliver(self, router: int, message: Message) -> None:
        """Let a message wait for the process; it wakes the process where nothing waits yet."""
        waiting = self.waiting[router]
        waiting.append(message)
        if len(waiting) == 1:
            wakes_s = self.clock.reaction_s("flood-hop", self.clock.layout.routers[router])
            self.clock.later(wakes_s, lambda: self._work_off(router))

    def _work_off(self, router: int) -> None:
        messages, self.waiting[router] = self.waiting[router], []
        for message in messages:
            message()
