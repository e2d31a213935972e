"""The plain SimPy form of `transfers`: one process that waits for the next begin, change or end."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Generator, Sequence
from typing import Any

import simpy

from simulation.sharing.links import Links
from simulation.sharing.max_min import CLOCK_ROUNDING, plain_shares
from simulation.sharing.transfers import BITS, ROUNDING, TransferRecord, checked


@dataclasses.dataclass
class _OnWay:
    """A transfer on its way, with the bits that are left of it and its present rate (bit/s)."""

    name: str
    size_bytes: float
    begin_s: float
    done: simpy.Event
    route: tuple[int, ...]
    left_bits: float
    least_bits: float
    weight: float
    rate_bps: float = 0.0


class PlainTransfers:
    """As `Transfers`, for sending and for changes of capacity."""

    def __init__(self, env: simpy.Environment, links: Links) -> None:
        """Start with none on the way, and the process that watches them."""
        self.env = env
        self.links = links
        self._capacities = list(links.capacities_bps)
        self._on_way: list[_OnWay] = []
        self._changed = env.event()
        env.process(self._watch())

    def send(
        self, name: str, size_bytes: float, route: Sequence[str], *, goodput_factor: float = 1.0, weight: float = 1.0
    ) -> _OnWay:
        """Begin a transfer now."""
        checked(size_bytes, goodput_factor, weight)
        bits = size_bytes * BITS / goodput_factor
        numbers = self.links.route(route)
        begun = _OnWay(name, size_bytes, float(self.env.now), self.env.event(), numbers, bits, bits * ROUNDING, weight)
        self._on_way.append(begun)
        self._change()
        return begun

    def set_capacity(self, link: str, rate_bps: float) -> None:
        """Give a link another capacity from now on."""
        self._capacities[self.links.number(link)] = rate_bps
        self._change()

    def _change(self) -> None:
        if not self._changed.triggered:
            self._changed.succeed()

    def _watch(self) -> Generator[simpy.Event, Any, None]:
        while True:
            begin_s = float(self.env.now)
            ends_s = [one.left_bits / one.rate_bps for one in self._on_way if one.rate_bps > 0]
            next_s = min(ends_s, default=math.inf)
            waiting = [self._changed, *([self.env.timeout(next_s)] if next_s < math.inf else [])]
            yield self.env.any_of(waiting)
            self._changed = self.env.event()
            for one in self._on_way:
                one.left_bits -= one.rate_bps * (float(self.env.now) - begin_s)
            tick_s = float(self.env.now) * CLOCK_ROUNDING
            for one in [one for one in self._on_way if one.left_bits <= max(one.least_bits, one.rate_bps * tick_s)]:
                self._on_way.remove(one)
                one.done.succeed(TransferRecord(one.name, one.size_bytes, one.begin_s, float(self.env.now)))
            rates = plain_shares(
                self._capacities, [one.route for one in self._on_way], [one.weight for one in self._on_way]
            )
            for one, rate_bps in zip(self._on_way, rates, strict=True):
                one.rate_bps = rate_bps
