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
from typing import NamedTuple

import numpy as np
import simpy

from simulation.afterwards import Afterwards
from simulation.compiled import bare
from simulation.errors import MechanismInvalid
from simulation.sharing.flows import (
    CAPACITY,
    END,
    FIGURES,
    LEAST,
    LEFT,
    LEVEL,
    LINK_FIGURES,
    NONE,
    OVER,
    RATE,
    SINCE,
    WEIGHT,
    Floats,
    Ints,
    enter,
    leave,
    move,
)
from simulation.sharing.links import Links
from simulation.sharing.max_min import least_level, refill

BITS = 8.0
# A transfer is over when no more of it is left than rounding leaves: of its size, or of the clock (at its rate).
ROUNDING = 1e-9
_FIRST_ROOM = 64
_APART = 8


class TransferRecord(NamedTuple):
    """A transfer that is over: when it began and ended (s), and its payload (bytes)."""

    name: str
    size_bytes: float
    begin_s: float
    end_s: float

    @property
    def goodput_bps(self) -> float:
        """Payload per time, in bit/s."""
        return self.size_bytes * BITS / (self.end_s - self.begin_s) if self.end_s > self.begin_s else math.inf


@dataclasses.dataclass(slots=True, eq=False)
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
    if 0 < size_bytes < math.inf and 0 < goodput_factor <= 1 and 0 < weight < math.inf:
        return
    problems = []
    if not (size_bytes > 0 and math.isfinite(size_bytes)):
        problems.append(f"a transfer of {size_bytes} bytes, expected more than 0, and finite")
    if not 0 < goodput_factor <= 1:
        problems.append(f"a goodput factor of {goodput_factor}, expected more than 0 and at most 1")
    if not (weight > 0 and math.isfinite(weight)):
        problems.append(f"a weight of {weight}, expected more than 0, and finite")
    raise MechanismInvalid(problems)


class Transfers:
    """All transfers over one set of links, inside a SimPy environment."""

    def __init__(self, env: simpy.Environment, links: Links) -> None:
        """Start with none on the way."""
        self.env = env
        self.links = links
        self._on_way: list[Transfer] = []
        self._aborted: set[Transfer] = set()
        self._link: Floats = np.zeros((len(links.names), LINK_FIGURES))
        self._link[:, CAPACITY] = links.capacities_bps
        self._still: Ints = np.zeros(len(links.names), np.int64)
        self._flow: Floats = np.zeros((FIGURES, 0))
        self._route: Ints = np.full((0, 0), NONE, np.int64)
        self._member: Ints = np.zeros((len(links.names), 1), np.int64)
        self._make_room(_FIRST_ROOM, 4, _FIRST_ROOM)
        self._settled, self._floor = 0, math.inf
        self._settling = False
        self._next_s = self._alarm_s = math.inf

    def send(
        self, name: str, size_bytes: float, route: Sequence[str], *, goodput_factor: float = 1.0, weight: float = 1.0
    ) -> Transfer:
        """Begin a transfer of `size_bytes` of payload now, and return it.

        The links carry size / `goodput_factor`; `weight` is the number of connections that the transfer stands for.
        """
        checked(size_bytes, goodput_factor, weight)
        numbers = self.links.route(route)
        slot = len(self._on_way)
        if slot == self._room or len(numbers) > self._hops:
            self._make_room(max(2 * slot, self._room), max(len(numbers), self._hops), self._crowd)
        self._change()
        transfer = Transfer(name, size_bytes, float(self.env.now), self.env.event(), slot)
        self._on_way.append(transfer)
        self._write_route(slot, numbers)
        self._left[slot] = bits = size_bytes * BITS / goodput_factor
        self._least[slot] = bits * ROUNDING
        self._weight[slot] = weight
        return transfer

    def set_capacity(self, link: str, rate_bps: float) -> None:
        """Give a link another capacity from now on; 0 stops what crosses it."""
        if not (rate_bps >= 0 and math.isfinite(rate_bps)):
            raise MechanismInvalid([f"link `{link}`: a capacity of {rate_bps} bit/s, expected 0 or more, and finite"])
        self._change()
        self._link[self.links.number(link), CAPACITY] = rate_bps
        self._floor = 0.0

    def reroute(self, transfer: Transfer, route: Sequence[str]) -> None:
        """Move a transfer that is on its way to another route, with what is left of it."""
        numbers = self.links.route(route)
        slot = transfer.slot
        if slot == NONE:
            raise MechanismInvalid([f"transfer `{transfer.name}` is over, expected one on its way"])
        if len(numbers) > self._hops:
            self._make_room(self._room, len(numbers), self._crowd)
        self._change()
        if slot < self._settled:
            leave(self._route, slot, self._member)
        self._write_route(slot, numbers)
        while slot < self._settled and not enter(self._route, slot, self._member):
            self._make_room(self._room, self._hops, 2 * self._crowd)
        self._floor = 0.0

    def stop(self, transfer: Transfer) -> None:
        """End a transfer that is on its way, whatever is left of it; `done` fires as if all had arrived."""
        if transfer.slot == NONE:
            raise MechanismInvalid([f"transfer `{transfer.name}` is over, expected one on its way"])
        self._change()
        self._left[transfer.slot] = 0.0
        if transfer.slot < self._settled:
            self._flow[OVER, transfer.slot] = -math.inf

    def abort(self, transfer: Transfer) -> None:
        """Take a transfer out that will not end: `done` never fires, and what is left of it is lost."""
        self._settle_now()
        if transfer.slot == NONE:
            raise MechanismInvalid([f"transfer `{transfer.name}` is over, expected one on its way"])
        self._aborted.add(transfer)
        self._flow[OVER, transfer.slot] = -math.inf
        self._change()

    def rate_bps(self, transfer: Transfer) -> float:
        """Return the bits per second that a transfer takes of its links now; 0 when it is over."""
        self._settle_now()
        return 0.0 if transfer.slot == NONE else float(self._flow[RATE, transfer.slot])

    def unfinished(self) -> tuple[Transfer, ...]:
        """Return what is on its way; at the end of a run, what never ended."""
        return tuple(self._on_way)

    def _write_route(self, slot: int, numbers: Sequence[int]) -> None:
        for place, number in enumerate(numbers):
            self._places[slot, place] = number
        if len(numbers) < self._hops:
            self._places[slot, len(numbers)] = NONE

    def _make_room(self, slots: int, hops: int, members: int) -> None:
        """Make the tables large enough for so many transfers, links of each and transfers on each link, keeping all."""
        # Rows whose length is a power of two would all fall on the same few places of the processor's cache.
        flow, route = np.zeros((FIGURES, slots + _APART)), np.full((slots, hops), NONE, np.int64)
        member = np.zeros((len(self._still), members + _APART), np.int64)
        flow[:, : self._flow.shape[1]] = self._flow
        route[: self._route.shape[0], : self._route.shape[1]] = self._route
        member[:, : self._member.shape[1]] = self._member
        self._flow, self._route, self._member = flow, route, member
        gone: Ints = np.zeros(slots, np.int64)
        self._tables = (flow, route, self._link, member, self._still, gone)
        self._room, self._hops, self._crowd = slots, hops, members
        # Single numbers go into a table most quickly by these.
        self._places, self._emptied = route.data, gone.data
        self._weight, self._left, self._least = (flow[row].data for row in (WEIGHT, LEFT, LEAST))

    def _change(self) -> None:
        """Note that shares are no longer right: they are solved once, after all that happens at this instant."""
        if not self._settling:
            self._settling = True
            Afterwards(self.env, self._settle_now)

    def _settle_now(self) -> None:
        if self._settling:
            self._settle()

    def _settle(self) -> None:
        """End what is over, share anew, and set the alarm for the next end."""
        now_s, count = float(self.env.now), len(self._on_way)
        while True:
            self._settled, gone, self._next_s = settle(now_s, self._floor, self._settled, count, *self._tables)
            if self._settled == count:
                break
            self._make_room(self._room, self._hops, 2 * self._crowd)
            self._floor = 0.0
        for place in range(gone):
            self._end(self._emptied[place], now_s)
        self._settling, self._settled, self._floor = False, count - gone, math.inf
        if self._next_s < self._alarm_s:
            self._set_alarm(now_s)

    def _set_alarm(self, now_s: float) -> None:
        """Ring at the next end; one that rings for an end that has moved on is set again then."""
        self._alarm_s = self._next_s
        self.env.timeout(self._alarm_s - now_s, self._alarm_s).callbacks.append(self._ring)

    def _ring(self, alarm: simpy.Event) -> None:
        """Settle at the foreseen end, unless it has moved."""
        if alarm.value != self._alarm_s:
            return
        self._alarm_s = math.inf
        if self._next_s <= alarm.value:
            self._settle()
        elif self._next_s < math.inf:
            self._set_alarm(float(self.env.now))

    def _end(self, slot: int, now_s: float) -> None:
        """Take a transfer out as the kernel did: the last one moves into its place."""
        transfer, last = self._on_way[slot], self._on_way.pop()
        if last is not transfer:
            self._on_way[slot] = last
            last.slot = slot
        transfer.slot = NONE
        if transfer in self._aborted:
            self._aborted.remove(transfer)
            return
        transfer.done.succeed(TransferRecord(transfer.name, transfer.size_bytes, transfer.begin_s, now_s))


@bare
def settle(
    now: float, floor: float, known: int, count: int,
    flow: Floats, route: Ints, link: Floats, member: Ints, still: Ints, gone: Ints,
) -> tuple[int, int, float]:  # fmt: skip
    """Let in the flows numbered from `known` up to `count`, take out those that are over, share anew from `floor` on.

    Returns how many it knows now (fewer than `count` where the rows of `member` are too short: nothing else is done
    then), how many it took out, and the next end (s, infinite where nothing moves). `gone` lists the places that were
    emptied, in order; each was filled with the last flow at that time.
    """
    first = known
    while known < count and enter(route, known, member):
        flow[LEVEL, known], flow[RATE, known], flow[SINCE, known] = np.inf, 0.0, now
        flow[END, known], flow[OVER, known] = np.inf, np.inf
        known += 1
    if known < count:
        return known, 0, np.inf
    for one in range(first, count):
        floor = min(floor, least_level(flow, route, link, member, one))
    ended = 0
    for one in range(first - 1, -1, -1):
        if flow[OVER, one] <= now:
            floor = min(floor, flow[LEVEL, one])
            leave(route, one, member)
            count -= 1
            if one < count:
                move(flow, route, count, one, member)
            gone[ended] = one
            ended += 1
    refill(flow, count, route, link, member, still, floor * (1 - ROUNDING), now)
    next_end = np.inf
    for one in range(count):
        next_end = min(next_end, flow[END, one])
    return known, ended, next_end
