"""Link states on their way: originated, flooded hop by hop over adjacencies that work, held up by MinLSArrival.

FRR originates a router's link state at once (its LSA throttle touches opaque ones only), sends without delay, and a
receiver drops an instance that comes within MinLSArrival of the one before without acknowledging it, so that it comes
again after the retransmission interval (RFC 2328, 13 and 13.6; ospfd, `ospf_flood`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from simulation.control_plane.clockwork import Clockwork
from simulation.control_plane.queue import Queues
from simulation.control_plane.router import Router
from simulation.control_plane.routing import Routing

# The sequence number of every link state at the start: above that of a router that starts anew.
_CONVERGED = 2


class Flooding:
    """The link states of all routers in flight."""

    def __init__(self, clock: Clockwork, routers: Sequence[Router], routing: Routing, inboxes: Queues) -> None:
        """Start with nothing in flight."""
        self.inboxes = inboxes
        self.outboxes = Queues(clock, "flood-send")
        self.clock = clock
        self.routers = routers
        self.routing = routing
        ospf = clock.layout.timers.ospf
        self.coming: list[set[tuple[int, int]]] = [set() for _ in routers]
        self.min_arrival_s = ospf.lsa_min_arrival_s
        self.retransmit_s = ospf.retransmit_s

    def converge(self) -> None:
        """Give every router the present link state of every other."""
        contents = [router.content(self.clock.physical) for router in self.routers]
        for router in self.routers:
            router.sequence = _CONVERGED
            router.contents = list(contents)
            router.sequences = [_CONVERGED] * len(contents)

    def originate(self, router: Router) -> None:
        """Make the router's next link state, install it at home and send it out."""
        router.sequence += 1
        content = router.content(self.clock.physical)
        changed = content != router.contents[router.number]
        router.contents[router.number] = content
        router.sequences[router.number] = router.sequence
        if changed:
            self.routing.view_changed(router)
        self.outboxes.put(router.number, partial(self._send_on, router, router.number, router.number))

    def lacks(self, router: Router, neighbour: Router) -> list[int]:
        """Return the origins of which the neighbour has something newer, the router's own older life included."""
        pairs = enumerate(zip(router.sequences, neighbour.sequences, strict=True))
        return [origin for origin, (own, other) in pairs if other > own]

    def load(self, router: Router, neighbour: Router) -> bool:
        """Take from a neighbour what it has newer; what is left of an older life of the router's own is outdone.

        Return whether all was taken: what comes within MinLSArrival of an earlier instance is dropped here too.
        """
        for origin in self.lacks(router, neighbour):
            if origin == router.number:
                router.sequence = neighbour.sequences[origin]
                self.originate(router)
            elif not self._recent(router, origin):
                self._take(router, origin, neighbour.sequences[origin], neighbour.contents[origin], neighbour.number)
        return not self.lacks(router, neighbour)

    def _recent(self, router: Router, origin: int) -> bool:
        """Tell whether MinLSArrival forbids to take a link state of `origin` now."""
        return self.clock.now_s - router.received_s[origin] < self.min_arrival_s

    def _take(self, router: Router, origin: int, sequence: int, content: int, sender: int) -> None:
        changed = content != router.contents[origin]
        router.contents[origin] = content
        router.sequences[origin] = sequence
        router.received_s[origin] = self.clock.now_s
        if changed:
            self.routing.view_changed(router)
        self.outboxes.put(router.number, partial(self._send_on, router, origin, sender))

    def _send_on(self, router: Router, origin: int, sender: int) -> None:
        sequence, content = router.sequences[origin], router.contents[origin]
        for arc in self.clock.layout.arcs_of[router.number]:
            known = self.routers[arc.neighbour].sequences[origin] >= sequence
            if not known and arc.neighbour != sender and router.takes_part(arc.id):
                self._send(arc.id, origin, sequence, content)

    def _send(self, arc_id: int, origin: int, sequence: int, content: int) -> None:
        arc = self.clock.layout.arcs[arc_id]
        receiver = self.routers[arc.neighbour]
        if receiver.sequences[origin] >= sequence:
            return
        if not self.clock.talking[arc.adjacency]:
            return  # sent in vain; it comes again only if the adjacency outlives the break (`neighbours`)
        if not receiver.takes_part(arc_id ^ 1):
            self._again(arc_id, origin, sequence, content)
        elif (origin, sequence) not in self.coming[arc.neighbour]:
            self.coming[arc.neighbour].add((origin, sequence))
            self.inboxes.put(arc.neighbour, partial(self._arrive, arc_id, origin, sequence, content))

    def _arrive(self, arc_id: int, origin: int, sequence: int, content: int) -> None:
        arc = self.clock.layout.arcs[arc_id]
        receiver = self.routers[arc.neighbour]
        self.coming[arc.neighbour].discard((origin, sequence))
        if receiver.sequences[origin] >= sequence:
            return
        if self._recent(receiver, origin) or not receiver.takes_part(arc_id ^ 1):
            self._again(arc_id, origin, sequence, content)
            return
        self._take(receiver, origin, sequence, content, arc.router)

    def _again(self, arc_id: int, origin: int, sequence: int, content: int) -> None:
        """Send once more after the retransmission interval, unless the neighbour or the link state is gone by then."""
        sender = self.routers[self.clock.layout.arcs[arc_id].router]

        def retransmit() -> None:
            if sender.takes_part(arc_id) and sender.sequences[origin] == sequence:
                self._send(arc_id, origin, sequence, content)

        self.clock.later(self.retransmit_s, retransmit)
