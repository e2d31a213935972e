"""List scheduling, compiled: whenever a place is free, the first job of the list that may run takes it.

As schedulers of job nets do, and as Graham studied it (Bounds on multiprocessing timing anomalies, SIAM Journal on
Applied Mathematics 17, 1969): more places, shorter jobs or fewer dependencies can make the night longer. A job that
sends keeps its place until all has arrived; transfers share their lines by `settle` and stall as `stalls` says. The
plain SimPy form is `night`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulation.batch.jobs import JobNet
from simulation.batch.lines import LinePlan
from simulation.batch.night_state import (
    EPOCH,
    GIVEN_UP,
    IN_CALENDAR,
    MOVED_AT,
    NEXT_END,
    OVER,
    PAUSED,
    READY,
    RUNNING,
    SENDING,
    SHARED_EPOCH,
    WAITING,
    State,
    begin,
    plan,
)
from simulation.batch.restarts import Attempts, checked_attempts
from simulation.batch.stalls import attempt, back_at, lay
from simulation.batch.tables import (
    BIN_S,
    HORIZON_S,
    LineTables,
    NetTables,
    Outcome,
    Plays,
    blank,
    line_tables,
    net_tables,
    plays_of,
)
from simulation.compiled import bare, compiled
from simulation.heap import Floats, pop
from simulation.sharing.flows import (
    CAPACITY,
    LEAST,
    LEFT,
    NONE,
    RATE,
    WEIGHT,
    enter,
    leave,
)
from simulation.sharing.flows import (
    OVER as OVER_FROM,
)
from simulation.sharing.transfers import ROUNDING, settle


class Scheduler:
    """A net and its lines compiled into arrays; `play` runs many nights, `run` one."""

    def __init__(self, net: JobNet, lines: LinePlan | None = None) -> None:
        """Raises MechanismInvalid where a job sends and no lines are given."""
        self.net = net
        self.tables = net_tables(net)
        self.lines = line_tables(net, lines)

    def run(self, attempts: Sequence[Attempts], horizon_s: float = np.inf) -> tuple[Floats, Floats]:
        """Return when each job first begins and when it ends (s; NaN: never), in the order of the net."""
        checked_attempts(self.net, attempts)
        outcome = self.play(plays_of(self.net, [attempts]), horizon_s)
        return outcome.begins[0], outcome.ends[0]

    def play(self, plays: Plays, horizon_s: float = HORIZON_S) -> Outcome:
        """Play every replication until the horizon (s after noon)."""
        outcome = blank(self.tables, self.lines, len(plays.releases), horizon_s)
        play_nights(self.tables, self.lines, plays, horizon_s, outcome)
        return outcome


@compiled
def play_nights(net: NetTables, lines: LineTables, plays: Plays, horizon: float, outcome: Outcome) -> None:
    """Play all replications, one after the other."""
    for night in range(len(plays.releases)):
        play_night(net, lines, plays, night, horizon, outcome)


@compiled
def play_night(net: NetTables, lines: LineTables, plays: Plays, night: int, horizon: float, outcome: Outcome) -> None:
    """Write how one night goes into the outcome. Of each instant all is taken in before places are given out."""
    state = begin(net, lines, plays, night)
    while True:
        now = state.times[NEXT_END]
        if state.counts[IN_CALENDAR] > 0 and state.keys[0] < now:
            now = state.keys[0]
        if not now < horizon:
            break
        moving = state.counts[SENDING] > 0
        _take_in(now, state, net, lines, plays, night, outcome)
        if moving:
            _move(now, state, net, lines, plays, night, outcome)
        # What a finished transfer lets go on at this very instant is taken in before places are given out.
        if state.counts[IN_CALENDAR] == 0 or state.keys[0] > now:
            _dispatch(now, state, net, lines, plays, night, outcome)
    for job in range(len(net.servers)):
        if state.phase[job] == RUNNING:
            _mark(outcome.busy[net.servers[job]], outcome.lasts[night, job], horizon, 1.0)


@bare
def _take_in(
    now: float, state: State, net: NetTables, lines: LineTables, plays: Plays, night: int, outcome: Outcome
) -> None:
    """Take in all that the calendar holds for now."""
    jobs, changes = len(net.servers), len(lines.starts_s)
    while state.counts[IN_CALENDAR] > 0 and state.keys[0] == now:
        number = state.numbers[0]
        state.counts[IN_CALENDAR] = pop(state.keys, state.numbers, state.counts[IN_CALENDAR])
        if number >= 2 * jobs + changes:
            attempt(now, number - 2 * jobs - changes, state, lines)
        elif number >= 2 * jobs:
            state.counts[EPOCH] = number - 2 * jobs
        elif number >= jobs:
            _leave_out(now, number - jobs, state, net, plays, night, outcome)
        elif state.phase[number] in (WAITING, PAUSED):
            if plays.hold_from[number] <= now < plays.hold_until[number]:
                plan(plays.hold_until[number], number, state)
            else:
                state.phase[number] = READY
                if np.isnan(outcome.begins[night, number]):
                    outcome.ready[night, number] = now
        elif state.phase[number] == RUNNING:
            _part_over(now, number, state, net, lines, plays, night, outcome)


@bare
def _leave_out(now: float, job: int, state: State, net: NetTables, plays: Plays, night: int, outcome: Outcome) -> None:
    """Leave a job out unless it is over: it stops where it is, and what follows goes on."""
    if state.phase[job] == OVER:
        return
    if state.phase[job] == RUNNING:
        state.free[net.servers[job]] += 1
        _mark(outcome.busy[net.servers[job]], outcome.lasts[night, job], now, 1.0)
        for slot in range(state.counts[SENDING]):
            if state.sender[slot] == job:
                state.flow[OVER_FROM, slot] = -np.inf
    state.phase[job] = OVER
    outcome.skipped[night, job] = True
    _let_follow(now, job, state, net, plays.releases[night])


@bare
def _move(
    now: float, state: State, net: NetTables, lines: LineTables, plays: Plays, night: int, outcome: Outcome
) -> None:
    """Move all that is sent on to now, end what has arrived, and share the lines anew, as they are from now on."""
    for slot in range(state.counts[SENDING]):
        for link in state.route[slot]:
            if link != NONE and state.flow[RATE, slot] > 0.0:
                _mark(outcome.carried[link], state.times[MOVED_AT], now, state.flow[RATE, slot])
    _share(now, state.counts[SENDING], state, net, lines, plays, night, outcome)


@bare
def _share(
    now: float, known: int, state: State, net: NetTables, lines: LineTables, plays: Plays, night: int, outcome: Outcome
) -> None:
    """Share the lines as they are from now on, among the first `known` senders and those that came after them."""
    floor, epoch = np.inf, state.counts[EPOCH]
    if state.counts[SHARED_EPOCH] != epoch:
        floor, state.counts[SHARED_EPOCH] = 0.0, epoch
        for link in range(len(state.link)):
            state.link[link, CAPACITY] = lines.capacities[epoch, link]
        for slot in range(known):
            leave(state.route, slot, state.member)
            lay(now, slot, False, state, lines)
            enter(state.route, slot, state.member)
    _, ended, next_end = settle(
        now, floor, known, state.counts[SENDING], state.flow, state.route, state.link, state.member, state.still,
        state.gone,
    )  # fmt: skip
    state.times[MOVED_AT], state.times[NEXT_END] = now, next_end
    for slot in state.gone[:ended]:
        job = state.sender[slot]
        state.counts[SENDING] -= 1
        state.sender[slot], state.since[job] = state.sender[state.counts[SENDING]], np.inf
        if state.phase[job] == RUNNING:
            _part_over(now, job, state, net, lines, plays, night, outcome)


@bare
def _dispatch(
    now: float, state: State, net: NetTables, lines: LineTables, plays: Plays, night: int, outcome: Outcome
) -> None:
    """Give free places to the first jobs of the list that may run, and begin what they send."""
    known = state.counts[SENDING]
    for job in range(len(net.servers)):
        if state.phase[job] != READY or state.free[net.servers[job]] == 0:
            continue
        if plays.hold_from[job] <= now < plays.hold_until[job]:
            state.phase[job] = WAITING
            plan(plays.hold_until[job], job, state)
            continue
        state.phase[job], state.parts[job] = RUNNING, 1
        state.free[net.servers[job]] -= 1
        turn = state.turn[job]
        if outcome.made[night, job] == 0:
            outcome.begins[night, job] = now
        outcome.lasts[night, job] = now
        outcome.made[night, job] += 1
        plan(now + plays.runs[night, job, turn], job, state)
        if net.bits[job] > 0 and turn == plays.tries[night, job] - 1 and plays.succeeds[night, job]:
            slot = state.counts[SENDING]
            state.parts[job], state.sender[slot] = 2, job
            lay(now, slot, True, state, lines)
            state.flow[WEIGHT, slot], state.flow[LEFT, slot] = 1.0, net.bits[job]
            state.flow[LEAST, slot] = net.bits[job] * ROUNDING
            state.counts[SENDING] = slot + 1
    if state.counts[SENDING] > known:
        _share(now, known, state, net, lines, plays, night, outcome)


@bare
def _part_over(
    now: float, job: int, state: State, net: NetTables, lines: LineTables, plays: Plays, night: int, outcome: Outcome
) -> None:
    """Note that a job's run, or what it sends, is over; after both the attempt is.

    Then the next attempt comes after its pause, or the job is over, or given up. An attempt whose connection broke is
    made again, as long as fewer have been made than may be; who starts it again waits until there is a path.
    """
    state.parts[job] -= 1
    if state.parts[job] > 0:
        return
    state.free[net.servers[job]] += 1
    _mark(outcome.busy[net.servers[job]], outcome.lasts[night, job], now, 1.0)
    broke, state.broke[job] = state.broke[job], False
    state.turn[job] += not broke
    outcome.broken[night, job] += broke
    if broke and outcome.made[night, job] >= plays.most[night, job]:
        state.phase[job] = GIVEN_UP
    elif state.turn[job] < plays.tries[night, job]:
        state.phase[job] = PAUSED
        at = now + plays.pauses[night, job]
        plan(back_at(at, job, lines) if broke else at, job, state)
    elif plays.succeeds[night, job]:
        state.phase[job] = OVER
        outcome.ends[night, job] = now
        _let_follow(now, job, state, net, plays.releases[night])
    else:
        state.phase[job] = GIVEN_UP


@bare
def _let_follow(now: float, job: int, state: State, net: NetTables, releases: Floats) -> None:
    """Note that a job is over: who waited for it alone may run from its release on."""
    for follower in net.followers[net.follower_starts[job] : net.follower_starts[job + 1]]:
        state.waits_for[follower] -= 1
        if state.waits_for[follower] == 0:
            plan(max(now, releases[follower]), follower, state)


@bare
def _mark(bins: Floats, begin: float, end: float, level: float) -> None:
    """Add `level` times the seconds of [begin, end) to the bins that they fall into; a single bin is none."""
    if len(bins) < 2 or level == 0.0:
        return
    place = int(begin // BIN_S)
    while place < len(bins) and place * BIN_S < end:
        bins[place] += level * (min(end, (place + 1) * BIN_S) - max(begin, place * BIN_S))
        place += 1
