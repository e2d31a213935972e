"""An event that comes after everything else that happens at the same instant: for what must see all of it at once."""

from __future__ import annotations

from collections.abc import Callable

import simpy

_LAST = 2  # SimPy's own events have 0 (urgent) and 1


class Afterwards(simpy.Event):
    """Calls `act` now, but after all events of this instant that are known or that they lead to."""

    def __init__(self, env: simpy.Environment, act: Callable[[], None]) -> None:
        """Put the event into the calendar."""
        super().__init__(env)
        self._ok = True
        self._value = None
        self.callbacks.append(lambda _: act())
        env.schedule(self, priority=_LAST)  # type: ignore[arg-type]
