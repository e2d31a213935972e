"""OSPF neighbours: lost by BFD, by silence or with a port; found again by hellos (RFC 2328, 10; RFC 5880).

Each end of an adjacency notices a failure by itself. After a repair the two ends are 2-way when each has sent a hello,
then exchange their databases. A new BFD session guards the adjacency only once it is up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from simulation.control_plane.bfd import detection_after_failure_s
from simulation.control_plane.clockwork import Clockwork
from simulation.control_plane.flooding import Flooding
from simulation.control_plane.hello import HelloClock
from simulation.control_plane.layout import Arc
from simulation.control_plane.queue import Queues
from simulation.control_plane.router import Router


class Neighbours:
    """All adjacencies of all routers."""

    def __init__(self, clock: Clockwork, routers: Sequence[Router], flooding: Flooding, inboxes: Queues) -> None:
        """Start with every adjacency Full and guarded, and a random phase of every router's hellos."""
        self.inboxes = inboxes
        self.clock = clock
        self.layout = clock.layout
        self.routers = routers
        self.flooding = flooding
        self.guarded_from_s = [-math.inf] * len(self.layout.arcs)
        self.turn = [0] * len(self.layout.arcs)
        self.hellos: dict[str, HelloClock] = {}
        self.phases_s: dict[str, float] = {}
        for arc in self.layout.arcs:
            self.routers[arc.router].full |= 1 << arc.id

    def look(self) -> None:
        """Compare what talks now with what talked before, after anything physical or any daemon has changed."""
        for index in range(len(self.layout.paths)):
            talks = self.clock.talks(index)
            if talks != self.clock.talking[index]:
                self.clock.talking[index] = talks
                for arc in self._ends(index):
                    self.turn[arc.id] += 1
                    self.routers[arc.router].exchanging &= ~(1 << arc.id)
                    if not talks:
                        self._watch(arc)
                if talks:
                    self._find(index)

    def port_changed(self, port: str) -> None:
        """Let a router notice that one of its ports has lost or won its link."""
        delay_s = self.clock.reaction_s("link-down-notice", port)
        if port not in self.clock.physical.ports_down:
            self._hello(port).restart(self.clock.now_s + delay_s)
        self.clock.later(delay_s, lambda: self._notice(port))

    def stopped(self, number: int) -> None:
        """Forget everything that a crashed router knew."""
        self.routers[number].clear()

    def started(self, number: int) -> None:
        """Start a router's daemons from nothing: the first hellos come one interval later, on every port."""
        for arc in self.layout.arcs_of[number]:
            self._hello(arc.port).restart(self.clock.now_s + self.layout.timers.ospf.hello_s)
        self.flooding.originate(self.routers[number])

    def _notice(self, port: str) -> None:
        number = self.layout.routers.index(port.split("/", maxsplit=1)[0])
        if not self.clock.running[number]:
            return
        router = self.routers[number]
        before = router.full
        if port in self.clock.physical.ports_down:
            for arc in self.layout.arcs_of[number]:
                if arc.port == port and self.layout.paths[arc.adjacency].tunnel is None:
                    router.full &= ~(1 << arc.id)
        if router.full != before or router.content(self.clock.physical) != router.contents[number]:
            self.flooding.originate(router)

    def _watch(self, arc: Arc) -> None:
        """Draw when this end of a broken adjacency notices by itself: BFD, else the silence of hellos."""
        if not self.routers[arc.router].is_full(arc.id):
            return
        now_s = self.clock.now_s
        timers = self.layout.timers
        far_port = self.layout.arcs[arc.id ^ 1].port
        delay_s = max(0.0, timers.ospf.dead_s - self._hello(far_port).age_s(now_s))
        if timers.bfd.enabled and self.guarded_from_s[arc.id] <= now_s:
            source = ("bfd", self.layout.arc_names[arc.id])
            draws = self.clock.draws
            bfd_s = detection_after_failure_s(timers.bfd, draws.uniform(source), draws.uniform(source))
            delay_s = min(delay_s, bfd_s)
        delay_s += self.clock.reaction_s("detection-notice", arc.port)
        turn = self.turn[arc.id]
        self.clock.later(delay_s, lambda: self._lose(arc, turn))

    def _lose(self, arc: Arc, turn: int) -> None:
        router = self.routers[arc.router]
        if self.turn[arc.id] == turn and router.is_full(arc.id):
            router.full &= ~(1 << arc.id)
            self.flooding.originate(router)

    def _find(self, index: int) -> None:
        """Form the adjacency again: two hellos, then the exchange; a hello tells an end that had noticed nothing."""
        ends = self._ends(index)
        if all(self.routers[arc.router].is_full(arc.id) for arc in ends):
            turns = tuple(self.turn[arc.id] for arc in ends)
            self.clock.later(self.flooding.retransmit_s, lambda: self._resend(ends, turns))
            return
        now_s = self.clock.now_s
        sends_s = [self._hello(arc.port).next_s(now_s) for arc in ends]
        for arc, told_s in zip(ends, reversed(sends_s), strict=True):
            self.clock.later(told_s - now_s, partial(self._one_way, arc, self.turn[arc.id]))
        turns = tuple(self.turn[arc.id] for arc in ends)
        self.clock.later(max(sends_s) - now_s, lambda: self._exchange(ends, turns))

    def _resend(self, ends: tuple[Arc, Arc], turns: tuple[int, ...]) -> None:
        """Give each end what it missed in a break that neither noticed: it is retransmitted until acknowledged."""
        if turns == tuple(self.turn[arc.id] for arc in ends):
            one, other = (self.routers[arc.router] for arc in ends)
            self.flooding.load(one, other)
            self.flooding.load(other, one)

    def _one_way(self, arc: Arc, turn: int) -> None:
        """Drop a neighbour whose hello does not name this router: it has started anew."""
        if not self.routers[arc.neighbour].is_full(arc.id ^ 1):
            self._lose(arc, turn)

    def _exchange(self, ends: tuple[Arc, Arc], turns: tuple[int, ...]) -> None:
        """Both ends are 2-way: exchange databases."""
        if turns != tuple(self.turn[arc.id] for arc in ends):
            return
        for arc in ends:
            self.routers[arc.router].exchanging |= 1 << arc.id
        took_s = self.clock.reaction_s("database-exchange", self.layout.paths[ends[0].adjacency].id)
        self.clock.later(took_s, lambda: self._complete(ends, turns))

    def _complete(self, ends: tuple[Arc, Arc], turns: tuple[int, ...]) -> None:
        """Let the slave acknowledge the master's last description and be done; the master is when it hears of it."""
        if turns != tuple(self.turn[arc.id] for arc in ends):
            return
        slave, master = sorted(ends, key=lambda arc: self.layout.router_ids[arc.router])
        self.inboxes.put(master.router, partial(self._done, master, self.turn[master.id]))
        sends_s = self.clock.reaction_s("spf-start", slave.port, awake=True)
        self.clock.later(sends_s, partial(self._done, slave, self.turn[slave.id]))

    def _done(self, arc: Arc, turn: int) -> None:
        """Make an end Full: at once where it lacks nothing, else when it has asked for and got what it lacks."""
        if self.turn[arc.id] != turn or self.routers[arc.router].is_full(arc.id):
            return
        router, neighbour = self.routers[arc.router], self.routers[arc.neighbour]
        lacking = self.flooding.lacks(router, neighbour)
        if not lacking or (lacking == [neighbour.number] and neighbour.is_full(arc.id ^ 1)):
            self._become_full(arc)
            return
        asked_s = 2 * self.clock.reaction_s("flood-hop", arc.port)
        self.clock.later(asked_s, partial(self._load, arc, turn))

    def _load(self, arc: Arc, turn: int) -> None:
        if self.turn[arc.id] != turn or self.routers[arc.router].is_full(arc.id):
            return
        if self.flooding.load(self.routers[arc.router], self.routers[arc.neighbour]):
            self._become_full(arc)
        else:
            self.clock.later(self.flooding.retransmit_s, partial(self._load, arc, turn))

    def _become_full(self, arc: Arc) -> None:
        router = self.routers[arc.router]
        router.exchanging &= ~(1 << arc.id)
        router.full |= 1 << arc.id
        up_s = self.clock.reaction_s("bfd-session-up", self.layout.arc_names[arc.id])
        self.guarded_from_s[arc.id] = self.clock.now_s + up_s
        self.flooding.originate(router)

    def _ends(self, index: int) -> tuple[Arc, Arc]:
        return self.layout.arcs[2 * index], self.layout.arcs[2 * index + 1]

    def _hello(self, port: str) -> HelloClock:
        found = self.hellos.get(port)
        if found is None:
            interval_s = self.layout.timers.ospf.hello_s
            router = port.split("/", maxsplit=1)[0]
            if router not in self.phases_s:
                self.phases_s[router] = self.clock.draws.uniform(("hello", router)) * interval_s
            found = self.hellos[port] = HelloClock(interval_s, self.phases_s[router])
        return found
