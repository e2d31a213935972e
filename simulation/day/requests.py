"""The same stations request by request: every user thinks, then sends a request through its stations, and waits.

What `hour` reckons by formulas is played here, to hold the formulas to. A station shares its servers among all inside
and the jobs that always compute (cores, circuits), or serves in order of arrival (disks). All times come from one
table, so the kernel and its plain SimPy form (`plain_requests`) walk the same path. Limits of places are left to the
formulas' own tests.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from simulation.compiled import compiled
from simulation.day.plant import NONE, Floats, Ints
from simulation.heap import pop, push
from simulation.queues.load import ServiceLaw

Cube = np.ndarray[Any, np.dtype[np.float64]]


@dataclasses.dataclass(frozen=True)
class Visited:
    """A station: its servers, whether they are shared by all inside, and the jobs that always compute beside."""

    servers: int
    shared: bool = True
    jobs: float = 0.0


@dataclasses.dataclass(frozen=True)
class Class:
    """Requests of a kind: their share of all, and their visits in order as (station, seconds at full speed)."""

    share: float
    visits: tuple[tuple[int, float], ...]


@dataclasses.dataclass(frozen=True)
class Rounds:
    """What every user does: think times (s) and class of each round, and the service time of each visit (s)."""

    think_s: Floats
    kind: Ints
    service_s: Cube


def draw_rounds(
    generator: np.random.Generator, users: int, rounds: int, think_s: float, classes: Sequence[Class], scv: float
) -> Rounds:
    """Return exponential think times, classes by their shares, and service times of a squared coefficient `scv`."""
    shares = np.array([one.share for one in classes])
    visits = max(len(one.visits) for one in classes)
    kinds = generator.choice(len(classes), size=(users, rounds), p=shares / shares.sum())
    means = np.array([[*(mean for _, mean in one.visits), *[0.0] * (visits - len(one.visits))] for one in classes])
    units = ServiceLaw(1.0, scv).draw(generator, users * rounds * visits).reshape(users, rounds, visits)
    return Rounds(generator.exponential(think_s, (users, rounds)), kinds.astype(np.int64), units * means[kinds])


def play(stations: Sequence[Visited], classes: Sequence[Class], rounds: Rounds) -> tuple[Floats, Floats]:
    """Return when each round's request was sent and answered (s), shape (users, rounds), all thinking from 0 s on."""
    visits = rounds.service_s.shape[2]
    routes: Ints = np.full((len(classes), visits), NONE, np.int64)
    for number, one in enumerate(classes):
        routes[number, : len(one.visits)] = [station for station, _ in one.visits]
    sent, answered = np.zeros(rounds.think_s.shape), np.zeros(rounds.think_s.shape)
    _play(
        np.array([one.servers for one in stations], dtype=float), np.array([one.shared for one in stations]),
        np.array([one.jobs for one in stations]), routes, rounds.think_s, rounds.kind, rounds.service_s, sent, answered,
    )  # fmt: skip
    return sent, answered


@compiled
def _play(
    servers: Floats,
    shared: Any,
    jobs: Floats,
    routes: Ints,
    think: Floats,
    kind: Ints,
    service: Cube,
    sent: Floats,
    answered: Floats,
) -> None:
    """Go from event to event: the end of a thought or of a turn at a disk, or the next end on a shared station."""
    users, rounds = think.shape
    stations, visits = len(servers), routes.shape[1]
    keys, numbers, count = np.empty(users), np.empty(users, np.int64), 0
    marks, inside, counts = (
        np.empty((stations, users)),
        np.empty((stations, users), np.int64),
        np.zeros(stations, np.int64),
    )
    attained, moved = np.zeros(stations), np.zeros(stations)
    free = np.zeros((stations, int(servers.max())))
    turn, step = np.zeros(users, np.int64), np.full(users, -1, np.int64)
    for user in range(users):
        count = push(keys, numbers, count, think[user, 0], user)
    while True:
        now, at = next_end(keys, count, servers, jobs, marks, counts, attained, moved)
        if now == np.inf:
            return
        user = numbers[0] if at == NONE else inside[at, 0]
        if at == NONE:
            count = pop(keys, numbers, count)
        else:
            attained[at], moved[at] = marks[at, 0], now
            counts[at] = pop(marks[at], inside[at], counts[at])
            attained[at] = attained[at] if counts[at] > 0 else 0.0
        here = turn[user]
        if step[user] == -1:
            sent[user, here] = now
        step[user] += 1
        there = routes[kind[user, here], step[user]] if step[user] < visits else NONE
        if there == NONE:
            answered[user, here] = now
            turn[user], step[user] = here + 1, -1
            if here + 1 < rounds:
                count = push(keys, numbers, count, now + think[user, here + 1], user)
        elif shared[there]:
            if counts[there] > 0:
                attained[there] += (now - moved[there]) * min(1.0, servers[there] / (counts[there] + jobs[there]))
            moved[there] = now
            mark = attained[there] + service[user, here, step[user]]
            counts[there] = push(marks[there], inside[there], counts[there], mark, user)
        else:
            first = int(np.argmin(free[there, : int(servers[there])]))
            free[there, first] = max(now, free[there, first]) + service[user, here, step[user]]
            count = push(keys, numbers, count, free[there, first], user)


@compiled
def next_end(
    keys: Floats,
    count: int,
    servers: Floats,
    jobs: Floats,
    marks: Floats,
    counts: Ints,
    attained: Floats,
    moved: Floats,
) -> tuple[float, int]:
    """Return the next instant and the shared station where a request ends then, -1 for a thought or a disk."""
    now, at = (keys[0] if count > 0 else np.inf), NONE
    for station in range(len(servers)):
        if counts[station] > 0:
            pace = min(1.0, servers[station] / (counts[station] + jobs[station]))
            end = moved[station] + (marks[station, 0] - attained[station]) / pace
            if end < now:
                now, at = end, station
    return now, at
