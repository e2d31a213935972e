"""Terminals and stations round by round: the kernel behind the formulas of `terminals`, and the plain SimPy form.

Each terminal thinks, then goes through all stations in their order, each first come first served. All times come from
one table, so both forms walk the same path.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy

from simulation.compiled import compiled
from simulation.errors import MechanismInvalid
from simulation.heap import Ints, pop, push
from simulation.queues.terminals import Station, checked_terminals

Table = np.ndarray[Any, np.dtype[np.float64]]


def draw_rounds(
    generator: np.random.Generator, terminals: int, rounds: int, think_s: float, stations: Sequence[Station]
) -> Table:
    """Return exponential times (s), shape (terminals, rounds, 1 + stations): the think time first."""
    checked_terminals(terminals, think_s, stations)
    means = np.array([think_s, *(station.demand_s for station in stations)])
    times: Table = generator.standard_exponential((terminals, rounds, len(means))) * means
    return times


def walk(times_s: Table, servers: Sequence[int]) -> Table:
    """Return when each terminal ends each round (s), shape (terminals, rounds), all starting to think at 0 s."""
    _checked(times_s, servers)
    ends_s = np.empty(times_s.shape[:2])
    if ends_s.size:
        _walk(np.ascontiguousarray(times_s), np.array(servers), ends_s)
    return ends_s


def _checked(times_s: Table, servers: Sequence[int]) -> None:
    if times_s.ndim != 3 or times_s.shape[2] != len(servers) + 1 or min(servers, default=1) < 1:
        raise MechanismInvalid([f"times of shape {times_s.shape} for servers {list(servers)}, expected one time more"])
    if not (np.all(times_s >= 0) and np.all(np.isfinite(times_s))):
        raise MechanismInvalid(["a time is negative or not finite, expected 0 s or more"])


@compiled
def _walk(times: Table, servers: Ints, ends: Table) -> None:
    """Take the terminals in the order in which they reach their next station, and write the ends of their rounds."""
    terminals, rounds, stages = times.shape
    free = np.zeros((stages, servers.max()))
    keys, numbers = np.empty(terminals), np.empty(terminals, np.int64)
    stage, turn = np.ones(terminals, np.int64), np.zeros(terminals, np.int64)
    count = 0
    for terminal in range(terminals):
        count = push(keys, numbers, count, times[terminal, 0, 0], terminal)
    while count > 0:
        now, terminal = keys[0], numbers[0]
        count = pop(keys, numbers, count)
        here = stage[terminal]
        first = 0
        for server in range(1, servers[here - 1]):
            if free[here, server] < free[here, first]:
                first = server
        end = max(now, free[here, first]) + times[terminal, turn[terminal], here]
        free[here, first] = end
        stage[terminal] += 1
        if stage[terminal] == stages:
            ends[terminal, turn[terminal]] = end
            turn[terminal] += 1
            stage[terminal] = 1
            if turn[terminal] == rounds:
                continue
            end += times[terminal, turn[terminal], 0]
        count = push(keys, numbers, count, end, terminal)


def plain_walk(times_s: Table, servers: Sequence[int]) -> Table:
    """Return what `walk` returns, by a SimPy process for each terminal and a Resource for each station."""
    _checked(times_s, servers)
    env = simpy.Environment()
    desks = [simpy.Resource(env, count) for count in servers]
    ends_s = np.empty(times_s.shape[:2])

    def terminal(number: int) -> Generator[simpy.Event, Any, None]:
        for turn, (think_s, *services_s) in enumerate(times_s[number].tolist()):
            yield env.timeout(think_s)
            for desk, service_s in zip(desks, services_s, strict=True):
                with desk.request() as place:
                    yield place
                    yield env.timeout(service_s)
            ends_s[number, turn] = env.now

    for number in range(len(times_s)):
        env.process(terminal(number))
    env.run()
    return ends_s
