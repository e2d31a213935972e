"""What one router knows: its Full neighbours, its view of all link states, its computed and installed routes."""

from __future__ import annotations

import math

from simulation.control_plane.layout import Layout
from simulation.control_plane.physical import PhysicalState
from simulation.control_plane.spf import Routes, lan_bit
from simulation.control_plane.spf_throttle import SpfThrottle


class Router:
    """The state of one router; the protocols around it change it."""

    def __init__(self, layout: Layout, number: int) -> None:
        """Start with nothing known."""
        self.layout = layout
        self.number = number
        self.clear()

    def clear(self) -> None:
        """Forget everything, as a start from nothing does. What others kept of the own link state is found later."""
        count = len(self.layout.routers)
        self.full = 0
        self.exchanging = 0
        self.sequence = 0
        self.contents = [0] * count
        self.sequences = [0] * count
        self.received_s = [-math.inf] * count
        self.throttle = SpfThrottle(self.layout.timers.ospf)
        self.routes: Routes = ((),) * len(self.layout.lans)
        self.fib: Routes = self.routes
        self.installed_s = -math.inf

    def content(self, physical: PhysicalState) -> int:
        """Return the link-state content that the router would originate now."""
        bits = self.full
        for index, lan in enumerate(self.layout.lans):
            attached = lan.attachments.get(self.number)
            if attached is not None and attached.port not in physical.ports_down:
                bits |= lan_bit(self.layout, index)
        return bits

    def is_full(self, arc: int) -> bool:
        """Tell whether the neighbour behind an arc is Full."""
        return bool(self.full >> arc & 1)

    def takes_part(self, arc: int) -> bool:
        """Tell whether the neighbour behind an arc takes part in flooding: Full, or still exchanging databases."""
        return bool((self.full | self.exchanging) >> arc & 1)
