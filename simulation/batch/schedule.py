"""List scheduling, compiled: whenever a place is free, the first job of the list that may run takes it.

As schedulers of job nets do, and as Graham studied it (Bounds on multiprocessing timing anomalies, SIAM Journal on
Applied Mathematics 17, 1969): more places, shorter jobs or fewer dependencies can make the night longer. For whole
sets of nights without transfers; a night with transfers, and the plain SimPy form, is `night`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulation.batch.jobs import JobNet
from simulation.batch.restarts import Attempts, checked_attempts
from simulation.compiled import compiled
from simulation.errors import MechanismInvalid
from simulation.heap import Floats, Ints, pop, push

Truths = np.ndarray[Any, np.dtype[np.bool_]]


class Scheduler:
    """A net compiled into arrays; `run` schedules one night."""

    def __init__(self, net: JobNet) -> None:
        """Raises MechanismInvalid for a net with transfers, whose length depends on what else is sent."""
        sending = [job.name for job in net.jobs if job.moves_bytes > 0]
        if sending:
            raise MechanismInvalid(
                [f"job `{name}` sends over circuits, expected none: use `Night`" for name in sending]
            )
        self.net = net
        servers = {server: index for index, server in enumerate(net.places)}
        self._servers = np.array([servers[job.server] for job in net.jobs], np.int64)
        self._places = np.array(list(net.places.values()), np.int64)
        self._releases_s = np.array([job.release_s for job in net.jobs])
        self._waits_for = np.array([len(before) for before in net.before], np.int64)
        self._follower_starts, self._followers = _rows(net.followers())

    def run(self, attempts: Sequence[Attempts]) -> tuple[Floats, Floats]:
        """Return when each job first begins and when it ends (s; NaN: never), in the order of the net."""
        checked_attempts(self.net, attempts)
        run_starts, _ = _rows([attempt.run_s for attempt in attempts])
        runs_s = np.array([run_s for attempt in attempts for run_s in attempt.run_s], dtype=float)
        delays_s = np.array([attempt.delay_s for attempt in attempts], dtype=float)
        succeeds = np.array([attempt.succeeds for attempt in attempts], dtype=np.bool_)
        begins_s = np.full(len(attempts), np.nan)
        ends_s = np.full(len(attempts), np.nan)
        schedule(
            self._servers, self._places.copy(), self._releases_s, self._waits_for.copy(), self._follower_starts,
            self._followers, run_starts, runs_s, delays_s, succeeds, begins_s, ends_s,
        )  # fmt: skip
        return begins_s, ends_s


def _rows(lists: Sequence[Sequence[float]]) -> tuple[Ints, Ints]:
    """Return where each list begins when all stand one after the other (one more for the end), and all."""
    starts = np.zeros(len(lists) + 1, np.int64)
    starts[1:] = np.cumsum([len(part) for part in lists])
    return starts, np.array([int(item) for part in lists for item in part], np.int64)


@compiled
def schedule(
    servers: Ints,
    free: Ints,
    releases: Floats,
    waits_for: Ints,
    follower_starts: Ints,
    followers: Ints,
    run_starts: Ints,
    runs: Floats,
    delays: Floats,
    succeeds: Truths,
    begins: Floats,
    ends: Floats,
) -> None:
    """Write the begins and ends. `free` (places by server) and `waits_for` (jobs still to end) are used up.

    The calendar holds instants with job numbers: a job that runs ends then, one that does not may run from then on.
    """
    jobs = len(servers)
    keys, numbers = np.empty(jobs), np.empty(jobs, np.int64)
    running, ready = np.zeros(jobs, np.bool_), np.zeros(jobs, np.bool_)
    turn = run_starts[:jobs].copy()
    count = 0
    first: Ints = np.nonzero(waits_for == 0)[0]
    for job in first:
        count = push(keys, numbers, count, releases[job], job)
    while count > 0:
        now = keys[0]
        while count > 0 and keys[0] == now:
            job = numbers[0]
            count = pop(keys, numbers, count)
            if not running[job]:
                ready[job] = True
                continue
            running[job] = False
            free[servers[job]] += 1
            turn[job] += 1
            if turn[job] < run_starts[job + 1]:
                count = push(keys, numbers, count, now + delays[job], job)
            elif succeeds[job]:
                ends[job] = now
                following = followers[follower_starts[job] : follower_starts[job + 1]]
                count = _let_follow(now, following, releases, waits_for, keys, numbers, count)
        for job in range(jobs):
            if ready[job] and free[servers[job]] > 0:
                ready[job], running[job] = False, True
                free[servers[job]] -= 1
                if turn[job] == run_starts[job]:
                    begins[job] = now
                count = push(keys, numbers, count, now + runs[turn[job]], job)


@compiled
def _let_follow(
    now: float, following: Ints, releases: Floats, waits_for: Ints, keys: Floats, numbers: Ints, count: int
) -> int:
    """Note that a job has ended: who waited for it alone may run from its release on. Return the calendar's count."""
    for follower in following:
        waits_for[follower] -= 1
        if waits_for[follower] == 0:
            count = push(keys, numbers, count, max(now, releases[follower]), follower)
    return count
