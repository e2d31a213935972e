"""Link states on their way: originated, flooded hop by hop over adjacencies that work, held up by MinLSArrival.

FRR originates a router's link state at once (its LSA throttle touches opaque ones only), sends without delay, and a
receiver drops an instance that comes within MinLSArrival of the one before without acknowledging it, so that it comes
again after the retransmission interval (RFC 2328, 13 and 13.6; ospfd, `ospf_flood`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from simulation.control_plane.clockwork import INSTANT, Clockwork
from simulation.control_plane.router import Router
from simulation.control_plane.routing import Routing


class Flooding:
    """The link states of all routers in flight."""

    def __init__(self, clock: Clockwork, routers: Sequence[Router], routing: Routing) -> None:
        """Start with nothing in flight."""
        self.clock = clock
        self.routers = routers
        self.routing = routing
        self.arrivals_s: dict[tuple[int, int, int], float] = {}
        ospf = clock.layout.timers.ospf
        self.min_arrival_s = ospf.lsa_min_arrival_s
        self.retransmit_s = ospf.retransmit_s
        self.least_hop_s = clock.layout.timers.reactions.get("flood-hop", INSTANT).low_s

    def converge(self) -> None:
        """Give every router the present link state of every other."""
        contents = [router.content(self.clock.physical) for router in self.routers]
        for router in self.routers:
            router.sequence = 1
            router.contents = list(contents)
            router.sequences = [1] * len(contents)

    def originate(self, router: Router) -> None:
        """Make the router's next link state, install it at home and send it out."""
        router.sequence += 1
        content = router.content(self.clock.physical)
        changed = content != router.contents[router.number]
        router.contents[router.number] = content
        router.sequences[router.number] = router.sequence
        if changed:
            self.routing.view_changed(router)
        self._send_on(router, router.number, -1)

    def synchronise(self, one: Router, other: Router) -> None:
        """Exchange databases: each takes what is newer at the other and sends it on."""
        for origin in range(len(self.routers)):
            for taker, giver in ((one, other), (other, one)):
                if origin != taker.number and giver.sequences[origin] > taker.sequences[origin]:
                    self._take(taker, origin, giver.sequences[origin], giver.contents[origin], giver.number)

    def _take(self, router: Router, origin: int, sequence: int, content: int, sender: int) -> None:
        changed = content != router.contents[origin]
        router.contents[origin] = content
        router.sequences[origin] = sequence
        router.received_s[origin] = self.clock.now_s
        if changed:
            self.routing.view_changed(router)
        self._send_on(router, origin, sender)

    def _send_on(self, router: Router, origin: int, sender: int) -> None:
        for arc in self.clock.layout.arcs_of[router.number]:
            if arc.neighbour not in (origin, sender) and router.is_full(arc.id):
                self._send(arc.id, origin, router.sequences[origin], router.contents[origin])

    def _send(self, arc_id: int, origin: int, sequence: int, content: int) -> None:
        arc = self.clock.layout.arcs[arc_id]
        receiver = self.routers[arc.neighbour]
        if receiver.sequences[origin] >= sequence:
            return
        if not self.clock.talking[arc.adjacency]:
            self._again(arc_id, origin, sequence, content)
            return
        now_s = self.clock.now_s
        flight = (arc.neighbour, origin, sequence)
        sooner_s = self.arrivals_s.get(flight, math.inf)
        if sooner_s <= now_s + self.least_hop_s:
            return
        arrival_s = now_s + self.clock.reaction_s("flood-hop", arc.port)
        if arrival_s < sooner_s:
            self.arrivals_s[flight] = arrival_s
            self.clock.later(arrival_s - now_s, lambda: self._arrive(arc_id, origin, sequence, content))

    def _arrive(self, arc_id: int, origin: int, sequence: int, content: int) -> None:
        arc = self.clock.layout.arcs[arc_id]
        receiver = self.routers[arc.neighbour]
        if receiver.sequences[origin] >= sequence:
            return
        recent = self.clock.now_s - receiver.received_s[origin] < self.min_arrival_s
        if recent or not receiver.is_full(arc_id ^ 1):
            self.arrivals_s.pop((arc.neighbour, origin, sequence), None)
            self._again(arc_id, origin, sequence, content)
            return
        self._take(receiver, origin, sequence, content, arc.router)

    def _again(self, arc_id: int, origin: int, sequence: int, content: int) -> None:
        """Send once more after the retransmission interval, unless the neighbour or the link state is gone by then."""
        sender = self.routers[self.clock.layout.arcs[arc_id].router]

        def retransmit() -> None:
            if sender.is_full(arc_id) and sender.sequences[origin] == sequence:
                self._send(arc_id, origin, sequence, content)

        self.clock.later(self.retransmit_s, retransmit)
