"""What every moving part of one replication shares: the event clock, the draws, the layout, the physical state."""

from __future__ import annotations

from collections.abc import Callable

import simpy

from inventory.models.behaviour import Reaction
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
        self._reactions: dict[tuple[str, bool], tuple[Reaction, ...]] = {}
        self.changed: Callable[[], None] = lambda: None

    @property
    def now_s(self) -> float:
        """The present instant (s)."""
        now_s: float = self.env.now
        return now_s

    def later(self, delay_s: float, action: Callable[[], None]) -> None:
        """Let `action` happen after `delay_s`."""
        event = self.env.timeout(delay_s)
        assert event.callbacks is not None
        event.callbacks.append(lambda _: action())

    def reaction_s(self, name: str, source: str, *, awake: bool = False) -> float:
        """Return a draw of a named reaction time (s); one that the estate does not name takes no time.

        A process that is not `awake` already waits for a busy processor now and then.
        """
        key = (name, awake)
        reactions = self._reactions.get(key)
        if reactions is None:
            named = self.layout.timers.reactions
            wanted = (name,) if awake else (name, BUSY)
            reactions = self._reactions[key] = tuple(named[n] for n in wanted if n in named) if name in named else ()
        return self.draws.delay((name, source), reactions) if reactions else 0.0

    def talks(self, adjacency: int) -> bool:
        """Tell whether the routing daemons at both ends of an adjacency hear each other; `talking` remembers it."""
        one, other = self.layout.arcs[2 * adjacency].router, self.layout.arcs[2 * adjacency + 1].router
        whole = self.running[one] and self.running[other] and self.keyed[adjacency]
        return whole and self.physical.carries(self.layout.paths[adjacency])
