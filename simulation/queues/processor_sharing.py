"""A station whose cores are shared by all requests inside, as an operating system shares them: kernel and plain form.

With n requests on c cores each goes at min(1, c / n) of a core's speed. `threads` limits how many share; the others
wait in order of arrival (an application server's pool, a database's connections). The kernel counts attained service:
all requests inside have attained the same since they met, so each ends when the common count reaches its own mark,
and one heap of marks does (Yashkov, Processor-sharing queues, Queueing Systems 2, 1987).
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from simulation.compiled import compiled
from simulation.errors import MechanismInvalid
from simulation.heap import Floats, Ints, pop, push
from simulation.queues.fcfs import checked_requests

ENDLESS = 2**62
_CLOCK, _ATTAINED = 0, 1
_INSIDE, _WAITING, _NEXT = 0, 1, 2


class ProcessorSharing:
    """A station with `cores` (may be a fraction of one), at most `threads` requests sharing (None: no limit)."""

    def __init__(self, cores: float, threads: int | None = None) -> None:
        """Start empty at 0 s; raises MechanismInvalid."""
        self.cores = checked_cores(cores)
        checked_threads(threads)
        self._threads = ENDLESS if threads is None else threads
        self._state: Floats = np.zeros(2)
        self._counts: Ints = np.zeros(3, np.int64)
        self._marks: Floats = np.zeros(0)
        self._numbers: Ints = np.zeros(0, np.int64)
        self._waiting: Floats = np.zeros(0)

    @property
    def inside(self) -> int:
        """How many requests share the cores or wait, at the end of the last window."""
        return int(self._counts[_INSIDE] + self._counts[_WAITING])

    def serve(self, arrivals_s: Floats, services_s: Floats, until_s: float = math.inf) -> tuple[Ints, Floats]:
        """Go on to `until_s` with these arrivals; return the numbers of the requests that ended, and when (s).

        Requests are numbered from 0 in order of arrival. A service time (s) is on a core of its own.
        """
        checked_requests(arrivals_s, services_s, float(self._state[_CLOCK]))
        if len(arrivals_s) and arrivals_s[-1] > until_s:
            raise MechanismInvalid(
                [f"an arrival at {arrivals_s[-1]} s, expected none after the window's end, {until_s} s"]
            )
        most = self.inside + len(arrivals_s)
        self._grow(most)
        ended, ends_s = np.empty(most, np.int64), np.empty(most)
        count = share(
            arrivals_s, services_s, until_s, self.cores, self._threads, self._state, self._counts, self._marks,
            self._numbers, self._waiting, ended, ends_s,
        )  # fmt: skip
        return ended[:count], ends_s[:count]

    def set_cores(self, cores: float) -> None:
        """Go on with another number of cores from the end of the last window; 0 stops all that is inside."""
        self.cores = checked_cores(cores)

    def _grow(self, most: int) -> None:
        for name in ("_marks", "_numbers", "_waiting"):
            old = getattr(self, name)
            if len(old) < most:
                new = np.zeros(most, old.dtype)
                new[: len(old)] = old
                setattr(self, name, new)


def checked_cores(cores: float) -> float:
    """Return the number of cores; raises MechanismInvalid where it is none."""
    if not (cores >= 0 and math.isfinite(cores)):
        raise MechanismInvalid([f"{cores} cores, expected 0 or more, and finite"])
    return float(cores)


def checked_threads(threads: int | None) -> None:
    """Raise MechanismInvalid for a limit that lets nobody in."""
    if threads is not None and threads < 1:
        raise MechanismInvalid([f"{threads} threads, expected at least 1"])


@compiled
def share(
    arrivals: Floats,
    services: Floats,
    until: float,
    cores: float,
    threads: int,
    state: Floats,
    counts: Ints,
    marks: Floats,
    numbers: Ints,
    waiting: Floats,
    ended: Ints,
    ends: Floats,
) -> int:
    """Write who ended and when; return how many. `state`, `counts`, `marks`, `numbers`, `waiting` are carried on.

    `waiting` holds the service times of those who wait, the first first; their numbers follow those who were let in.
    """
    clock, attained = state[_CLOCK], state[_ATTAINED]
    inside, queued, let_in = counts[_INSIDE], counts[_WAITING], counts[_NEXT]
    done = coming = first = 0
    while True:
        speed = min(1.0, cores / inside) if inside > 0 else 0.0
        end = max(clock, clock + (marks[0] - attained) / speed) if speed > 0 else np.inf
        arrival = arrivals[coming] if coming < len(arrivals) else np.inf
        if end <= arrival and end <= until and end < np.inf:
            clock, attained = end, marks[0]
            ended[done], ends[done] = numbers[0], clock
            done += 1
            inside = pop(marks, numbers, inside)
            attained = attained if inside > 0 else 0.0
        elif arrival <= until and arrival < np.inf:
            attained += (arrival - clock) * speed
            clock = arrival
            waiting[first + queued] = services[coming]
            queued += 1
            coming += 1
        else:
            break
        while queued > 0 and inside < threads:
            inside = push(marks, numbers, inside, attained + waiting[first], let_in)
            let_in, first, queued = let_in + 1, first + 1, queued - 1
        if queued == 0:
            first = 0
    if until < np.inf:
        attained += (until - clock) * (min(1.0, cores / inside) if inside > 0 else 0.0)
        clock = until
    for place in range(queued):
        waiting[place] = waiting[first + place]
    state[_CLOCK], state[_ATTAINED] = clock, attained
    counts[_INSIDE], counts[_WAITING], counts[_NEXT] = inside, queued, let_in
    return done


def plain_sharing(
    arrivals_s: Floats, services_s: Floats, cores: float, threads: int | None = None
) -> tuple[list[int], list[float]]:
    """Return what a fresh `ProcessorSharing.serve` returns, by a SimPy process that waits for what comes next."""
    checked_cores(cores)
    checked_threads(threads)
    checked_requests(arrivals_s, services_s)
    env = simpy.Environment()
    left_s: dict[int, float] = {}
    waiting: list[int] = []
    ended: list[int] = []
    ends_s: list[float] = []
    doors = [env.event()]

    def source() -> Generator[simpy.Event, Any, None]:
        for number, arrival_s in enumerate(arrivals_s):
            yield env.timeout(arrival_s - env.now)
            waiting.append(number)
            if not doors[0].triggered:
                doors[0].succeed()

    def station() -> Generator[simpy.Event, Any, None]:
        while True:
            speed, begin_s = min(1.0, cores / max(len(left_s), 1)), env.now
            moving = left_s and speed > 0
            ends = [env.timeout(max(0.0, min(left_s.values()) / speed))] if moving else []
            yield env.any_of([doors[0], *ends])
            doors[0] = env.event()
            for number in left_s:
                left_s[number] -= (env.now - begin_s) * speed
            for number in [number for number, left in left_s.items() if left <= 1e-12 * max(1.0, env.now)]:
                del left_s[number]
                ended.append(number)
                ends_s.append(env.now)
            while waiting and (threads is None or len(left_s) < threads):
                number = waiting.pop(0)
                left_s[number] = services_s[number]

    env.process(source())
    env.process(station())
    env.run()
    return ended, ends_s
