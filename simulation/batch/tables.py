"""The arrays that a night is played on: the net, its lines, what is drawn for each replication, and how it went.

All times are seconds after noon, all transfers payload bits. A replication is one night, a row in each table of `Plays`
and `Outcome`. Leaves what happens with them to `schedule`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from simulation.batch.jobs import JobNet
from simulation.batch.lines import LinePlan
from simulation.batch.restarts import Attempts
from simulation.errors import MechanismInvalid
from simulation.heap import Floats, Ints
from simulation.sharing.flows import NONE

Truths = np.ndarray[Any, np.dtype[np.bool_]]
BIN_S = 900.0
# The rows of `LineTables.timers`: for connections that are opened, and for those that send.
OPENING, DATA = range(2)
HORIZON_S = 86400.0


class NetTables(NamedTuple):
    """Server, number of jobs to wait for, and payload (bit) of each job; places of each server; who follows whom."""

    servers: Ints
    places: Ints
    waits_for: Ints
    follower_starts: Ints
    followers: Ints
    bits: Floats


class LineTables(NamedTuple):
    """From each instant on: capacity by link (bit/s), and links by job and hop (-1: no more).

    Behind the links stands one more that never carries anything, and each route has room for it: who stalls crosses it.
    `timers` says for `OPENING` and `DATA` when each timer of a sender is over (s after its path went away, infinite: no
    more), `tries` how many of them end with an attempt; after the next one the connection breaks.
    """

    starts_s: Floats
    capacities: Floats
    routes: Ints
    timers: Floats
    tries: Ints


class Plays(NamedTuple):
    """What is drawn or decided: by replication and job, but holds and leaving out by job alone.

    A job is held from `hold_from` until `hold_until` unless it has begun, and left out at `skip_at` unless it has ended
    (what follows goes on without it). `runs` has a column for each attempt, of which `tries` are made. An attempt whose
    connection breaks is made again while fewer than `most` have been made in all.
    """

    releases: Floats
    hold_from: Floats
    hold_until: Floats
    skip_at: Floats
    runs: Floats
    tries: Ints
    pauses: Floats
    succeeds: Truths
    most: Ints


class Outcome(NamedTuple):
    """By replication and job: when it could begin, first begin, last begin, end (NaN: never), attempts, left out.

    `broken` counts the attempts of which the connection broke.
    `busy` sums place-seconds by server and `carried` bits by link over all replications, in bins of `BIN_S`.
    """

    ready: Floats
    begins: Floats
    lasts: Floats
    ends: Floats
    made: Ints
    skipped: Truths
    broken: Ints
    busy: Floats
    carried: Floats


def net_tables(net: JobNet) -> NetTables:
    """Return the arrays of a net, in its order."""
    servers = {server: index for index, server in enumerate(net.places)}
    starts, followers = _rows(net.followers())
    return NetTables(
        np.array([servers[job.server] for job in net.jobs], np.int64),
        np.array(list(net.places.values()), np.int64),
        np.array([len(before) for before in net.before], np.int64),
        starts,
        followers,
        np.array([job.moves_bytes * 8 / job.goodput_factor for job in net.jobs], np.float64),
    )


def line_tables(net: JobNet, lines: LinePlan | None) -> LineTables:
    """Return the arrays of lines; raises MechanismInvalid where a job sends and there are none."""
    if lines is None:
        problems = [
            f"job `{job.name}` sends over circuits, expected the lines that it crosses"
            for job in net.jobs
            if job.moves_bytes > 0
        ]
        if problems:
            raise MechanismInvalid(problems)
        nowhere: Ints = np.full((1, len(net.jobs), 2), NONE, np.int64)
        return LineTables(np.zeros(1), np.zeros((1, 1)), nowhere, np.full((2, 1), np.inf), np.zeros(2, np.int64))
    hops = max([1, *(len(route) for routes in lines.routes for route in routes)])
    table: Ints = np.full((len(lines.starts_s), len(net.jobs), hops + 1), NONE, np.int64)
    for epoch, routes in enumerate(lines.routes):
        for number, route in enumerate(routes):
            if net.jobs[number].moves_bytes > 0:
                numbers = lines.links.route(route)
                table[epoch, number, : len(numbers)] = numbers
    capacities = np.array(lines.capacities_bps, dtype=float).reshape(len(lines.starts_s), -1)
    capacities = np.hstack((capacities, np.zeros((len(capacities), 1))))
    waits = (lines.back_offs.opening, lines.back_offs.data)
    timers: Floats = np.full((2, 1 + max(wait.attempts for wait in waits)), np.inf)
    for row, wait in enumerate(waits):
        timers[row, : wait.attempts + 1] = (*wait.attempts_s, wait.breaks_s)
    tries = np.array([wait.attempts for wait in waits], np.int64)
    return LineTables(np.array(lines.starts_s, dtype=float), capacities, table, timers, tries)


def plays_of(net: JobNet, nights: Sequence[Sequence[Attempts]]) -> Plays:
    """Return the plays of nights of which the attempts are given, with nothing held or left out."""
    count, shape = len(net.jobs), (len(nights), len(net.jobs))
    most = max([1, *(len(attempt.run_s) for night in nights for attempt in night)])
    runs, tries = np.zeros((*shape, most)), np.ones(shape, np.int64)
    pauses, succeeds, allowed = np.zeros(shape), np.ones(shape, np.bool_), np.ones(shape, np.int64)
    for row, night in enumerate(nights):
        for number, attempt in enumerate(night):
            tries[row, number] = len(attempt.run_s)
            runs[row, number, : len(attempt.run_s)] = attempt.run_s
            pauses[row, number], succeeds[row, number] = attempt.delay_s, attempt.succeeds
            allowed[row, number] = attempt.most
    releases = np.tile(np.array([job.release_s for job in net.jobs], dtype=float), (len(nights), 1))
    return Plays(releases, *untouched(count), runs, tries, pauses, succeeds, allowed)


def untouched(jobs: int) -> tuple[Floats, Floats, Floats]:
    """Return `hold_from`, `hold_until` and `skip_at` of jobs that nobody holds or leaves out."""
    return np.full(jobs, np.inf), np.full(jobs, np.inf), np.full(jobs, np.inf)


def blank(net: NetTables, lines: LineTables, nights: int, horizon_s: float = HORIZON_S) -> Outcome:
    """Return an outcome to be filled in."""
    shape = (nights, len(net.servers))
    bins = max(1, int(np.ceil(horizon_s / BIN_S))) if horizon_s < np.inf else 1
    ready, begins, lasts, ends = (np.full(shape, np.nan) for _ in range(4))
    busy, carried = np.zeros((len(net.places), bins)), np.zeros((lines.capacities.shape[1] - 1, bins))
    made, broken = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    return Outcome(ready, begins, lasts, ends, made, np.zeros(shape, np.bool_), broken, busy, carried)


def _rows(lists: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return where each list begins when all stand one after the other (one more for the end), and all."""
    starts = np.zeros(len(lists) + 1, np.int64)
    starts[1:] = np.cumsum([len(part) for part in lists])
    return starts, np.array([item for part in lists for item in part], np.int64)
