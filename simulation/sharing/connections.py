"""Transfers by TCP over circuits that fail: with the path away a connection stalls, and it notices the repair late.

How long it waits between attempts is `back_off`'s. Whatever happens at an instant counts as a whole: a transfer that is
moved to another path as its circuit goes does not stall, and an attempt finds what is there after all changes. Slow
start after a stall is left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Sequence
from typing import Any

import simpy

from simulation.afterwards import Afterwards
from simulation.sharing.back_off import BackOff, BackOffs
from simulation.sharing.links import Links
from simulation.sharing.transfers import Transfer, Transfers

_WAITING = "waits for its timer"


@dataclasses.dataclass
class _Course:
    """Where a connection goes, and whether it waits for its timer."""

    route: tuple[str, ...]
    stalled: bool = False


class Connections(Transfers):
    """As `Transfers`, with stalls: a capacity of 0 takes the path away.

    `broken` lists what gave up; what is left of it is lost, and `done` fires without a record.
    """

    def __init__(self, env: simpy.Environment, links: Links, back_offs: BackOffs) -> None:
        """Start with none; connections that begin while their path is away wait as those that are opened."""
        # Whoever waits for its timer crosses a link that carries nothing.
        super().__init__(env, Links({**dict(zip(links.names, links.capacities_bps, strict=True)), _WAITING: 0.0}))
        self.back_offs = back_offs
        self.broken: list[Transfer] = []
        # Told where a connection stalls or goes on: its rate changes though nothing else does.
        self.watch: Callable[[], None] = lambda: None
        self._capacity_bps = dict(zip(links.names, links.capacities_bps, strict=True))
        self._courses: dict[Transfer, _Course] = {}
        self._reviewing = False
        self._changed = env.event()

    def send(
        self, name: str, size_bytes: float, route: Sequence[str], *, goodput_factor: float = 1.0, weight: float = 1.0
    ) -> Transfer:
        """Begin a transfer now, or with the first attempt after its path is back."""
        transfer = super().send(name, size_bytes, route, goodput_factor=goodput_factor, weight=weight)
        course = self._courses[transfer] = _Course(tuple(route))
        transfer.done.callbacks.append(lambda _: self._forget(transfer))
        if not self.passes(course.route):
            self._review_later()
        return transfer

    def set_capacity(self, link: str, rate_bps: float) -> None:
        """Give a link another capacity from now on; 0 takes it away."""
        super().set_capacity(link, rate_bps)
        if (rate_bps > 0) != (self._capacity_bps[link] > 0):
            self._review_later()
        self._capacity_bps[link] = rate_bps

    def reroute(self, transfer: Transfer, route: Sequence[str]) -> None:
        """Move a connection to another path; one that stalls goes on there with its next attempt."""
        course = self._courses.get(transfer)
        super().reroute(transfer, [*route, _WAITING] if course is not None and course.stalled else route)
        if course is not None:
            course.route = tuple(route)
            if not self.passes(course.route):
                self._review_later()

    def passes(self, route: Sequence[str]) -> bool:
        """Tell whether every link on a route carries something now."""
        return all(self._capacity_bps[link] > 0 for link in route)

    def changed(self) -> simpy.Event:
        """Return an event that fires after the next instant at which a link goes or is back."""
        return self._changed

    def _review_later(self) -> None:
        """Find out who stalls, once all that happens at this instant has happened."""
        if not self._reviewing:
            self._reviewing = True
            Afterwards(self.env, self._review)

    def _review(self) -> None:
        """Stall each connection whose path is away and that does not wait already."""
        self._reviewing = False
        changed, self._changed = self._changed, self.env.event()
        changed.succeed()
        for transfer, course in self._courses.items():
            if not course.stalled and transfer.on_way and not self.passes(course.route):
                course.stalled = True
                super().reroute(transfer, [*course.route, _WAITING])
                begins = transfer.begin_s == self.env.now
                self.env.process(
                    self._wait(transfer, course, self.back_offs.opening if begins else self.back_offs.data)
                )
                self.watch()

    def _wait(self, transfer: Transfer, course: _Course, back_off: BackOff) -> Generator[simpy.Event, Any, None]:
        """Try at each timer; go on where the path is there, and break after the last."""
        since_s = float(self.env.now)
        for attempt_s in back_off.attempts_s:
            yield self.env.timeout(since_s + attempt_s - self.env.now)
            yield Afterwards(self.env, lambda: None)
            if not transfer.on_way:
                return
            if self.passes(course.route):
                course.stalled = False
                super().reroute(transfer, course.route)
                self.watch()
                return
        yield self.env.timeout(since_s + back_off.breaks_s - self.env.now)
        self._settle_now()
        if transfer.on_way:
            self.abort(transfer)
            self.broken.append(transfer)
            transfer.done.succeed()

    def _forget(self, transfer: Transfer) -> None:
        del self._courses[transfer]
