"""What every moving part of one replication shares: the event clock, the draws, the layout, the physical state."""

from __future__ import annotations

from collections.abc import Callable

import simpy

from simulation.control_plane.layout import Layout
from simulation.control_plane.physical import PhysicalState
from simulation.draws import Draws

BUSY = "busy-processor"


class Clockwork:
    """The clock of one replication, with the state that no single protocol owns."""

    def __init__(self, layout: Layout, draws: Draws) -> None:
        """Start at time 0 with all routers running and all tunnels keyed."""
        self.layout = layout
        self.draws = draws
        self.env = simpy.Environment()
        self.physical = PhysicalState()
        self.running = [True] * len(layout.routers)
        self.keyed = [True] * len(layout.paths)
        self.talking = [True] * len(layout.paths)
        self.changed: Callable[[], None] = lambda: None

    @property
    def now_s(self) -> float:
        """The present instant (s)."""
        return float(self.env.now)

    def later(self, delay_s: float, action: Callable[[], None]) -> None:
        """Let `action` happen after `delay_s`."""
        event = self.env.timeout(delay_s)
        assert event.callbacks is not None
        event.callbacks.append(lambda _: action())

    def reaction_s(self, name: str, source: str, *, awake: bool = False) -> float:
        """Return a draw of a named reaction time (s); one that the estate does not name takes no time.

        A process that is not `awake` already waits for a busy processor now and then.
        """
        reactions = self.layout.timers.reactions
        reaction = reactions.get(name)
        if reaction is None:
            return 0.0
        busy = reactions.get(BUSY)
        waits_s = 0.0 if busy is None or awake else self.draws.perhaps((BUSY, source), busy)
        return waits_s + self.draws.perhaps((name, source), reaction)

    def talks(self, adjacency: int) -> bool:
        """Tell whether the routing daemons at both ends of an adjacency hear each other; `talking` remembers it."""
        one, other = self.layout.arcs[2 * adjacency].router, self.layout.arcs[2 * adjacency + 1].router
        whole = self.running[one] and self.running[other] and self.keyed[adjacency]
        return whole and self.physical.carries(self.layout.paths[adjacency])
