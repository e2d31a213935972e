"""Transfers of a night whose path goes away, compiled: who stalls, what an attempt finds, which connections break.

A route with a link that carries nothing is away. What stalls crosses the last link, which never carries anything, until
an attempt of its sender finds the path. The plain form is `simulation.sharing.connections`.
"""

from __future__ import annotations

import numpy as np

from simulation.batch.night_state import EPOCH, SENDING, SHARED_EPOCH, State, plan
from simulation.batch.tables import DATA, OPENING, LineTables
from simulation.compiled import bare
from simulation.sharing.flows import NONE
from simulation.sharing.flows import OVER as OVER_FROM


@bare
def lay(now: float, slot: int, opens: bool, state: State, lines: LineTables) -> None:
    """Give what sends in a slot the route of its job, as it is now; where its path is away it stalls from now on.

    One that `opens` its connection waits as such. One that stalls already waits on for its next attempt.
    """
    job = state.sender[slot]
    for hop in range(state.route.shape[1]):
        state.route[slot, hop] = lines.routes[state.counts[EPOCH], job, hop]
    if state.since[job] == np.inf and not _there(job, state.counts[EPOCH], lines):
        state.since[job], state.tried[job], state.waits_as[job] = now, 0, OPENING if opens else DATA
        _wait(job, state, lines)
    if state.since[job] < np.inf:
        hop = 0
        while state.route[slot, hop] != NONE:
            hop += 1
        state.route[slot, hop] = lines.capacities.shape[1] - 1


@bare
def attempt(now: float, job: int, state: State, lines: LineTables) -> None:
    """Let the sender of a job try: it goes on if its path is there, else it waits for its next timer.

    Where no attempt is left its connection breaks, and what it sends ends now. An instant that was planned for a stall
    that is over means nothing.
    """
    row = state.waits_as[job]
    if now != state.since[job] + lines.timers[row, state.tried[job]]:
        return
    if state.tried[job] == lines.tries[row]:
        state.broke[job] = True
        for slot in range(state.counts[SENDING]):
            if state.sender[slot] == job:
                state.flow[OVER_FROM, slot] = -np.inf
    elif _there(job, state.counts[EPOCH], lines):
        state.since[job] = np.inf
        # All routes are laid anew before the lines are shared again.
        state.counts[SHARED_EPOCH] = NONE
    else:
        state.tried[job] += 1
        _wait(job, state, lines)


@bare
def back_at(at: float, job: int, lines: LineTables) -> float:
    """Return from when on, not before `at`, what a job sends has a path; infinite where the night has none more."""
    for epoch in range(len(lines.starts_s)):
        lasts = epoch + 1 == len(lines.starts_s) or lines.starts_s[epoch + 1] > at
        if lasts and _there(job, epoch, lines):
            return max(at, float(lines.starts_s[epoch]))
    return np.inf


@bare
def _there(job: int, epoch: int, lines: LineTables) -> bool:
    """Tell whether every link on a job's route carries something, from one change of lines to the next."""
    for link in lines.routes[epoch, job]:  # noqa: SIM110 -- kernels know no generators
        if link != NONE and lines.capacities[epoch, link] == 0.0:
            return False
    return True


@bare
def _wait(job: int, state: State, lines: LineTables) -> None:
    """Put the end of a sender's present timer into the calendar."""
    over = state.since[job] + lines.timers[state.waits_as[job], state.tried[job]]
    plan(over, 2 * len(state.phase) + len(lines.starts_s) + job, state)
