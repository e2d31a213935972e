"""First come first served with several servers, request by request: the kernel, and the plain SimPy form.

Every arrival takes the server that is free first. With a waiting room of finite size an arrival that finds it full is
refused; without any room this is Erlang's loss system. Requests go in one after the other, in as many portions as
wanted: the station remembers when its servers are free and who still waits.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from simulation.compiled import compiled
from simulation.errors import MechanismInvalid

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
ENDLESS = -1


class Fcfs:
    """A station with `servers`, and `room` places to wait (None: no limit)."""

    def __init__(self, servers: int, room: int | None = None) -> None:
        """Start empty; raises MechanismInvalid."""
        checked_size(servers, room)
        self._free: Floats = np.full(servers, -math.inf)
        self._room = ENDLESS if room is None else room
        # Those who wait, as the instants at which their service begins: a ring, its first place and how many it holds.
        self._waiting: Floats = np.zeros(max(room or 0, 1))
        self._ring: Ints = np.zeros(2, np.int64)
        self._last_s = -math.inf

    def serve(self, arrivals_s: Floats, services_s: Floats) -> Floats:
        """Return when each service begins (s; NaN: refused). Arrivals are in order, and after all earlier ones."""
        checked_requests(arrivals_s, services_s, self._last_s)
        begins_s = np.empty(len(arrivals_s))
        serve(arrivals_s, services_s, self._free, self._room, self._waiting, self._ring, begins_s)
        if len(arrivals_s):
            self._last_s = float(arrivals_s[-1])
        return begins_s


def checked_size(servers: int, room: int | None) -> None:
    """Raise MechanismInvalid for a station that can serve nobody."""
    problems = [f"{servers} servers, expected at least 1"] if servers < 1 else []
    if room is not None and room < 0:
        problems.append(f"{room} places to wait, expected 0 or more")
    if problems:
        raise MechanismInvalid(problems)


def checked_requests(arrivals_s: Floats, services_s: Floats, last_s: float = -math.inf) -> None:
    """Raise MechanismInvalid for arrivals out of order, in the past, or without a service time each."""
    if len(arrivals_s) != len(services_s):
        raise MechanismInvalid([f"{len(arrivals_s)} arrivals with {len(services_s)} service times, expected as many"])
    if not len(arrivals_s):
        return
    problems = []
    if not (np.all(arrivals_s[1:] >= arrivals_s[:-1]) and math.isfinite(float(arrivals_s[-1]))):
        problems.append("arrivals are out of order or not finite, expected the earliest first")
    if arrivals_s[0] < last_s:
        problems.append(f"an arrival at {arrivals_s[0]} s, expected none before {last_s} s, which is past")
    if not (services_s.min() >= 0 and math.isfinite(float(services_s.max()))):
        problems.append("a service time is negative or not finite, expected 0 s or more")
    if problems:
        raise MechanismInvalid(problems)


@compiled
def serve(
    arrivals: Floats, services: Floats, free: Floats, room: int, waiting: Floats, ring: Ints, begins: Floats
) -> None:
    """Write the begins of service; `free` (when servers are free, soonest first), `waiting` and `ring` are carried on.

    Begins never fall from one request to the next, so who waits at an instant is found at the head of the ring.
    """
    servers, places = len(free), len(waiting)
    head, count = ring[0], ring[1]
    for number in range(len(arrivals)):
        arrival = arrivals[number]
        begin = max(arrival, free[0])
        if room != ENDLESS and begin > arrival:
            while count > 0 and waiting[head] <= arrival:
                head, count = (head + 1) % places, count - 1
            if count >= room:
                begins[number] = np.nan
                continue
            waiting[(head + count) % places] = begin
            count += 1
        end = begin + services[number]
        for place in range(1, servers):
            sooner = free[place] < end
            free[place - 1], end = (free[place], end) if sooner else (end, free[place])
        free[servers - 1] = end
        begins[number] = begin
    ring[0], ring[1] = head, count


def plain_fcfs(arrivals_s: Floats, services_s: Floats, servers: int, room: int | None = None) -> Floats:
    """Return what `Fcfs.serve` returns, by a SimPy process for each request that asks for a Resource."""
    checked_size(servers, room)
    checked_requests(arrivals_s, services_s)
    env = simpy.Environment()
    desk = simpy.Resource(env, servers)
    begins_s = np.full(len(arrivals_s), math.nan)

    def request(number: int) -> Generator[simpy.Event, Any, None]:
        if room is not None and desk.count == servers and len(desk.queue) >= room:
            return
        with desk.request() as turn:
            yield turn
            begins_s[number] = env.now
            yield env.timeout(services_s[number])

    def source() -> Generator[simpy.Event, Any, None]:
        before_s = 0.0
        for number, arrival_s in enumerate(arrivals_s):
            yield env.timeout(arrival_s - before_s)
            before_s = arrival_s
            env.process(request(number))

    env.process(source())
    env.run()
    return begins_s
