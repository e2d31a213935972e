"""One replication: the faults of a scenario on a converged estate, and what each pair of hosts could reach when."""

from __future__ import annotations

import dataclasses
from functools import partial

from simulation.control_plane.clockwork import Clockwork
from simulation.control_plane.flooding import Flooding
from simulation.control_plane.forwarding import ForwardingState, Reach, reach
from simulation.control_plane.gateways import Gateways
from simulation.control_plane.layout import Layout
from simulation.control_plane.neighbours import Neighbours
from simulation.control_plane.queue import Queues
from simulation.control_plane.router import Router
from simulation.control_plane.routing import Routing
from simulation.control_plane.tunnels import Tunnels
from simulation.draws import Draws
from simulation.scenario import Fault, Scenario


@dataclasses.dataclass(frozen=True)
class Span:
    """A stretch of time in which the reach of a pair does not change."""

    from_s: float
    until_s: float
    reach: Reach


class Replication:
    """The estate's moving parts on one clock."""

    def __init__(self, layout: Layout, draws: Draws) -> None:
        """Build everything converged at time 0."""
        self.layout = layout
        self.clock = Clockwork(layout, draws)
        self.routers = [Router(layout, number) for number in range(len(layout.routers))]
        self.routing = Routing(self.clock, self.routers)
        self.inboxes = Queues(self.clock, "flood-hop")
        self.flooding = Flooding(self.clock, self.routers, self.routing, self.inboxes)
        self.neighbours = Neighbours(self.clock, self.routers, self.flooding, self.inboxes)
        self.gateways = Gateways(self.clock)
        self.tunnels = Tunnels(self.clock, layout.dpd_delay_s, self._look)
        self.boots = dict.fromkeys(layout.routers, 0)
        self.flooding.converge()
        self.routing.converge()
        self.changes: list[list[tuple[float, Reach]]] = [[] for _ in layout.pairs]
        self.clock.changed = self._observe

    def run(self, scenario: Scenario) -> list[list[Span]]:
        """Run to the scenario's horizon and return, for each pair of the layout, its spans."""
        self._observe()
        for fault in scenario.faults:
            self.clock.later(fault.at_s, partial(self._fail, fault))
            if fault.repaired_s is not None:
                self.clock.later(fault.repaired_s, partial(self._repair, fault))
        self.clock.env.run(until=scenario.horizon_s)
        return [_spans(changes, scenario.horizon_s) for changes in self.changes]

    def _fail(self, fault: Fault) -> None:
        self.clock.physical.fail(fault.kind, fault.target)
        if fault.kind == "node-crash" and fault.target in self.boots:
            number = self.layout.routers.index(fault.target)
            self.boots[fault.target] += 1
            self.clock.running[number] = False
            self.neighbours.stopped(number)
        self._after(fault)

    def _repair(self, fault: Fault) -> None:
        self.clock.physical.repair(fault.kind, fault.target)
        if fault.kind == "node-crash" and fault.target in self.boots:
            boot = self.boots[fault.target]
            delay_s = self.clock.reaction_s("node-boot", fault.target)
            self.clock.later(delay_s, lambda: self._start(fault.target, boot))
        self._after(fault)

    def _after(self, fault: Fault) -> None:
        if fault.kind == "port-down" and fault.target.split("/", maxsplit=1)[0] in self.boots:
            self.neighbours.port_changed(fault.target)
        self._look()

    def _start(self, router: str, boot: int) -> None:
        """Start a repaired router's daemons, unless it has crashed again."""
        number = self.layout.routers.index(router)
        if self.boots[router] == boot and router not in self.clock.physical.crashed:
            self.clock.running[number] = True
            self.neighbours.started(number)
            self._look()

    def _look(self) -> None:
        """Let every protocol compare what it stands on; then note what reaches what."""
        self.tunnels.look()
        self.neighbours.look()
        self.gateways.look()
        self._observe()

    def _observe(self) -> None:
        now_s = self.clock.now_s
        reaches = self._reaches()
        for changes, found in zip(self.changes, reaches, strict=True):
            if not changes or changes[-1][1] is not found:
                changes.append((now_s, found))

    def _reaches(self) -> tuple[Reach, ...]:
        """Return the reach of every pair in the present state, from the layout's cache where the state is known."""
        fibs = tuple(router.fib for router in self.routers)
        holders, keyed = tuple(self.gateways.holders), tuple(self.clock.keyed)
        key = (self.clock.physical.key(), fibs, holders, keyed)
        found = self.layout.state_cache.get(key)
        if found is None:
            state = ForwardingState(self.clock.physical, fibs, holders, keyed)
            found = tuple(
                self.layout.reaches.setdefault(made := reach(self.layout, state, pair), made)
                for pair in self.layout.pairs
            )
            self.layout.state_cache[key] = found
        return found


def _spans(changes: list[tuple[float, Reach]], horizon_s: float) -> list[Span]:
    """Return changes as spans without gaps; what lasted no time is left out."""
    ends = [at_s for at_s, _ in changes[1:]] + [horizon_s]
    return [
        Span(from_s, until_s, found) for (from_s, found), until_s in zip(changes, ends, strict=True) if until_s > from_s
    ]
