"""Transfers in time: each takes its fair share of the circuits on its route until its bytes are over.

A fluid: shares change only when a transfer begins or ends, a capacity changes or a transfer is moved to another route.
SimPy owns these instants; between two of them one compiled call moves every transfer on, takes out those that are done
and shares anew. TCP's slow start and recovery are left out: within 1 % of a packet simulator from some 12.5 MB on.
The same mechanism without a kernel is `plain_transfers`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import simpy

from simulation.afterwards import Afterwards
from simulation.compiled import compiled
from simulation.errors import MechanismInvalid
from simulation.sharing.links import Links
from simulation.sharing.max_min import NONE, Floats, Ints, fill

BITS = 8.0
# A transfer is over when no more of it is left than rounding leaves: of its size, or of the clock (at its rate).
ROUNDING = 1e-9
CLOCK_ROUNDING = 2.0**-50
_FIRST_ROOM = 64


@dataclasses.dataclass(frozen=True)
class TransferRecord:
    """A transfer that is over: when it began and ended (s), and its payload (bytes)."""

    name: str
    size_bytes: float
    begin_s: float
    end_s: float

    @property
    def goodput_bps(self) -> float:
        """Payload per time, in bit/s."""
        return self.size_bytes * BITS / (self.end_s - self.begin_s) if self.end_s > self.begin_s else math.inf


@dataclasses.dataclass
class Transfer:
    """A transfer on its way; `done` fires at its end with its record."""

    name: str
    size_bytes: float
    begin_s: float
    done: simpy.Event
    slot: int

    @property
    def on_way(self) -> bool:
        """Whether something of it is still to arrive."""
        return self.slot != NONE


def checked(size_bytes: float, goodput_factor: float, weight: float) -> None:
    """Raise MechanismInvalid for a transfer whose figures mean nothing."""
    problems = []
    if not (size_bytes > 0 and math.isfinite(size_bytes)):
        problems.append(f"a transfer of {size_bytes} bytes, expected more than 0, and finite")
    if not 0 < goodput_factor <= 1:
        problems.append(f"a goodput factor of {goodput_factor}, expected more than 0 and at most 1")
    if not (weight > 0 and math.isfinite(weight)):
        problems.append(f"a weight of {weight}, expected more than 0, and finite")
    if problems:
        raise MechanismInvalid(problems)


class Transfers:
    """All transfers over one set of links, inside a SimPy environment."""

    def __init__(self, env: simpy.Environment, links: Links) -> None:
        """Start with none on the way."""
        self.env = env
        self.links = links
        self._capacities: Floats = np.array(links.capacities_bps)
        self._on_way: list[Transfer] = []
        self._routes: Ints = np.full((0, 0), NONE, np.int64)
        self._left = self._least = self._weights = self._rates = np.zeros(0)
        self._make_room(_FIRST_ROOM, 4)
        self._moved_at_s = float(env.now)
        self._settling = False
        self._alarm = 0

    def send(
        self, name: str, size_bytes: float, route: Sequence[str], *, goodput_factor: float = 1.0, weight: float = 1.0
    ) -> Transfer:
        """Begin a transfer of `size_bytes` of payload now, and return it.

        The links carry size / `goodput_factor`; `weight` is the number of connections that the transfer stands for.
        """
        checked(size_bytes, goodput_factor, weight)
        numbers = self.links.route(route)
        slot = len(self._on_way)
        if slot == len(self._left) or len(numbers) > self._routes.shape[1]:
            self._make_room(max(slot * 2, _FIRST_ROOM), max(len(numbers), self._routes.shape[1]))
        self._change()
        transfer = Transfer(name, size_bytes, float(self.env.now), self.env.event(), slot)
        self._on_way.append(transfer)
        self._write_route(slot, numbers)
        self._left[slot] = size_bytes * BITS / goodput_factor
        self._least[slot] = self._left[slot] * ROUNDING
        self._weights[slot] = weight
        self._rates[slot] = 0.0
        return transfer

    def set_capacity(self, link: str, rate_bps: float) -> None:
        """Give a link another capacity from now on; 0 stops what crosses it."""
        if not (rate_bps >= 0 and math.isfinite(rate_bps)):
            raise MechanismInvalid([f"link `{link}`: a capacity of {rate_bps} bit/s, expected 0 or more, and finite"])
        self._change()
        self._capacities[self.links.number(link)] = rate_bps

    def reroute(self, transfer: Transfer, route: Sequence[str]) -> None:
        """Move a transfer that is on its way to another route, with what is left of it."""
        numbers = self.links.route(route)
        if transfer.slot == NONE:
            raise MechanismInvalid([f"transfer `{transfer.name}` is over, expected one on its way"])
        if len(numbers) > self._routes.shape[1]:
            self._make_room(len(self._left), len(numbers))
        self._change()
        self._write_route(transfer.slot, numbers)

    def stop(self, transfer: Transfer) -> None:
        """End a transfer that is on its way, whatever is left of it; `done` fires as if all had arrived."""
        if transfer.slot == NONE:
            raise MechanismInvalid([f"transfer `{transfer.name}` is over, expected one on its way"])
        self._change()
        self._left[transfer.slot] = 0.0

    def rate_bps(self, transfer: Transfer) -> float:
        """Return the bits per second that a transfer takes of its links now; 0 when it is over."""
        self._settle_now()
        return 0.0 if transfer.slot == NONE else float(self._rates[transfer.slot])

    def unfinished(self) -> tuple[Transfer, ...]:
        """Return what is on its way; at the end of a run, what never ended."""
        return tuple(self._on_way)

    def _write_route(self, slot: int, numbers: Sequence[int]) -> None:
        self._routes[slot] = NONE
        self._routes[slot, : len(numbers)] = numbers

    def _make_room(self, slots: int, hops: int) -> None:
        """Make the tables large enough, keeping what they hold."""
        count = len(self._on_way)
        routes: Ints = np.full((slots, hops), NONE, np.int64)
        columns: list[Floats] = [np.zeros(slots) for _ in range(4)]
        routes[:count, : self._routes.shape[1]] = self._routes[:count]
        for new, old in zip(columns, (self._left, self._least, self._weights, self._rates), strict=True):
            new[:count] = old[:count]
        self._routes = routes
        self._left, self._least, self._weights, self._rates = columns
        self._gone: Ints = np.zeros(slots, np.int64)

    def _change(self) -> None:
        """Note that shares are no longer right: they are solved once, after all that happens at this instant."""
        if self._settling:
            return
        self._settling = True
        Afterwards(self.env, self._settle_now)

    def _settle_now(self) -> None:
        if self._settling:
            self._settling = False
            self._settle()

    def _settle(self) -> None:
        """Move all on to now, end what is over, share anew, and set the alarm for the next end."""
        now_s = float(self.env.now)
        elapsed_s, self._moved_at_s = now_s - self._moved_at_s, now_s
        columns = (self._weights, self._left, self._least, self._rates)
        tick_s, count = now_s * CLOCK_ROUNDING, len(self._on_way)
        gone, next_s = settle(elapsed_s, tick_s, self._capacities, self._routes, *columns, count, self._gone)
        for slot in self._gone[:gone].tolist():
            self._end(slot, now_s)
        self._alarm += 1
        if next_s < math.inf:
            alarm = self._alarm
            self.env.timeout(next_s).callbacks.append(lambda _: self._ring(alarm))

    def _ring(self, alarm: int) -> None:
        """Settle at a predicted end, unless something changed since it was predicted."""
        if alarm == self._alarm:
            self._settling = False
            self._settle()

    def _end(self, slot: int, now_s: float) -> None:
        """Take a transfer out as the kernel did: the last one moves into its place."""
        transfer, last = self._on_way[slot], self._on_way.pop()
        if last is not transfer:
            self._on_way[slot] = last
            last.slot = slot
        transfer.slot = NONE
        transfer.done.succeed(TransferRecord(transfer.name, transfer.size_bytes, transfer.begin_s, now_s))


@compiled
def settle(
    elapsed_s: float,
    tick_s: float,
    capacities: Floats,
    routes: Ints,
    weights: Floats,
    left: Floats,
    least: Floats,
    rates: Floats,
    count: int,
    gone: Ints,
) -> tuple[int, float]:
    """Move `count` transfers on by `elapsed_s`, take out what is over, share anew.

    Returns how many were taken out and the seconds to the next end (infinite where nothing moves). `gone` lists the
    slots that were emptied, in order; each was filled with the last transfer at that time. Bits and bit/s throughout;
    `tick_s` is what the clock cannot tell apart.
    """
    for slot in range(count):
        left[slot] -= rates[slot] * elapsed_s
    ended = 0
    slot = count - 1
    while slot >= 0:
        if left[slot] <= max(least[slot], rates[slot] * tick_s):
            count -= 1
            gone[ended] = slot
            ended += 1
            routes[slot] = routes[count]
            weights[slot], rates[slot] = weights[count], rates[count]
            left[slot], least[slot] = left[count], least[count]
        slot -= 1
    fill(capacities, routes, weights, count, rates)
    next_s = np.inf
    for slot in range(count):
        if rates[slot] > 0:
            next_s = min(next_s, left[slot] / rates[slot])
    return ended, next_s
