"""Shared gateway addresses (VRRP version 3, RFC 5798, as keepalived runs it): who holds each, from the hosts' view.

A backup takes over 3 advertisements and its skew after the last advertisement it heeded. A preferred router that is
back heeds the others' from the first that it hears until the preempt delay is over. The other keeps forwarding what
still reaches it, so the move itself loses nothing.
"""

from __future__ import annotations

from simulation.control_plane.clockwork import Clockwork


def skew_s(advertisement_s: float, priority: int) -> float:
    """Return a backup's skew (s): (256 − priority) / 256 of the advertisement interval."""
    return (256 - priority) / 256 * advertisement_s


def master_down_s(advertisement_s: float, priority: int) -> float:
    """Return after how long without advertisements (s) a backup of `priority` takes over."""
    return 3 * advertisement_s + skew_s(advertisement_s, priority)


def _whole(delay_s: float, advertisement_s: float) -> float:
    """Return the last advertisement within a delay that begins with one (s)."""
    return delay_s // advertisement_s * advertisement_s if advertisement_s > 0 else delay_s


class Gateways:
    """The gateway of every LAN."""

    def __init__(self, clock: Clockwork) -> None:
        """Start with the preferred router of each LAN as its holder."""
        self.clock = clock
        self.lans = clock.layout.lans
        self.holders: list[int | None] = [lan.routers[0] if lan.routers else None for lan in self.lans]
        self.speaking: list[frozenset[int]] = [frozenset(lan.routers) for lan in self.lans]
        self.turn = [0] * len(self.lans)

    def look(self) -> None:
        """Compare who can advertise now with who could before, after anything physical or any daemon has changed."""
        for index, lan in enumerate(self.lans):
            able = frozenset(
                router
                for router in lan.routers
                if self.clock.running[router] and self.clock.physical.linked(lan.attachments[router])
            )
            if able != self.speaking[index]:
                self.speaking[index] = able
                self.turn[index] += 1
                self._settle(index)

    def _settle(self, index: int) -> None:
        """Draw when the address moves to the preferred of those that can hold it."""
        lan, able = self.lans[index], self.speaking[index]
        best = next((router for router in lan.routers if router in able), None)
        holder = self.holders[index]
        if best is None or best == holder:
            return
        timers = self.clock.layout.timers.vrrp
        phase_s = self.clock.draws.uniform(("advertisement", lan.id)) * timers.advertisement_s
        waits_s = master_down_s(timers.advertisement_s, lan.priorities[lan.routers.index(best)])
        if holder in able:
            delay_s = phase_s + _whole(timers.preempt_delay_s, timers.advertisement_s) + waits_s
        else:
            delay_s = max(0.0, waits_s - phase_s)
        delay_s += self.clock.reaction_s("gateway-takeover", lan.id)
        turn = self.turn[index]
        self.clock.later(delay_s, lambda: self._move(index, turn, best))

    def _move(self, index: int, turn: int, router: int) -> None:
        if self.turn[index] == turn:
            self.holders[index] = router
            self.clock.changed()
