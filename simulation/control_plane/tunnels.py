"""Security associations of tunnels (IKEv2, RFC 7296): they outlive a cut until dead-peer detection gives up.

A crash of an end loses them; they are made anew once both ends run and the path carries. Leaves the routing over a
tunnel to `neighbours`.
"""

from __future__ import annotations

from collections.abc import Callable

from simulation.control_plane.clockwork import Clockwork

# strongSwan's retransmission: 4 s · Σ 1.8ⁿ, n = 0…5, before a peer counts as dead.
GIVE_UP_S = 165.0


class Tunnels:
    """The security association of every adjacency that runs in a tunnel."""

    def __init__(self, clock: Clockwork, dpd_delay_s: dict[int, float], changed: Callable[[], None]) -> None:
        """Keep the dead-peer detection delay by adjacency; `changed` is called when keys come or go."""
        self.clock = clock
        self.dpd_delay_s = dpd_delay_s
        self.changed = changed
        self.turn = dict.fromkeys(dpd_delay_s, 0)
        self.whole = dict.fromkeys(dpd_delay_s, True)

    def look(self) -> None:
        """Compare what each tunnel stands on with what it stood on before."""
        for index in self.dpd_delay_s:
            if not self._running(index):
                self.clock.keyed[index] = False
            whole = self._whole(index)
            if whole == self.whole[index]:
                continue
            self.whole[index] = whole
            self.turn[index] += 1
            turn = self.turn[index]
            name = self.clock.layout.paths[index].id
            if whole and not self.clock.keyed[index]:
                self.clock.later(self.clock.reaction_s("tunnel-setup", name), self._act(index, turn, keyed=True))
            elif not whole and self._running(index):
                self.clock.later(self.dpd_delay_s[index] + GIVE_UP_S, self._act(index, turn, keyed=False))

    def _act(self, index: int, turn: int, *, keyed: bool) -> Callable[[], None]:
        def act() -> None:
            if self.turn[index] == turn:
                self.clock.keyed[index] = keyed
                self.changed()

        return act

    def _running(self, index: int) -> bool:
        layout = self.clock.layout
        return all(self.clock.running[arc.router] for arc in (layout.arcs[2 * index], layout.arcs[2 * index + 1]))

    def _whole(self, index: int) -> bool:
        return self._running(index) and self.clock.physical.carries(self.clock.layout.paths[index])
