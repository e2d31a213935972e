"""Where a night stands while the kernel plays it: jobs, what they send, and the calendar of what is to come.

Leaves what happens at each instant to `schedule`, and who stalls to `stalls`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.batch.tables import LineTables, NetTables, Plays, Truths
from simulation.compiled import bare, compiled
from simulation.heap import Floats, Ints, push
from simulation.sharing.flows import FIGURES, LINK_FIGURES, NONE

WAITING, READY, RUNNING, PAUSED, OVER, GIVEN_UP = range(6)
IN_CALENDAR, SENDING, EPOCH, SHARED_EPOCH = range(4)
MOVED_AT, NEXT_END = range(2)


class State(NamedTuple):
    """Where a night stands.

    The calendar (`keys`, `numbers`) holds instants with numbers: a job's own (it may run from then on, its run is
    over), beyond those its leaving out, beyond those the changes of lines, beyond those the attempts of what stalls.
    What sends has a slot each: its job (`sender`) and its column of `flow`; `route`, `link`, `member`, `still` and
    `gone` are as `settle` wants them. `counts` and `times` hold what is named above.

    By job: `since` when its transfer has stalled (infinite: it does not), how often it `tried` since, by which row of
    timers (`waits_as`); whether its connection `broke` in this attempt.
    """

    keys: Floats
    numbers: Ints
    phase: Ints
    turn: Ints
    parts: Ints
    waits_for: Ints
    free: Ints
    sender: Ints
    flow: Floats
    route: Ints
    link: Floats
    member: Ints
    still: Ints
    gone: Ints
    counts: Ints
    times: Floats
    since: Floats
    tried: Ints
    waits_as: Ints
    broke: Truths


@compiled
def begin(net: NetTables, lines: LineTables, plays: Plays, night: int) -> State:
    """Return the state at noon, with the calendar of what is known by then."""
    jobs, changes = len(net.servers), len(lines.starts_s)
    room, hops, links = 5 * jobs + changes + 1, lines.routes.shape[2], lines.capacities.shape[1]
    state = State(
        np.empty(room), np.empty(room, np.int64),
        np.full(jobs, WAITING), np.zeros(jobs, np.int64), np.zeros(jobs, np.int64),
        net.waits_for.copy(), net.places.copy(), np.zeros(jobs, np.int64),
        np.zeros((FIGURES, jobs)), np.full((jobs, hops), NONE), np.zeros((links, LINK_FIGURES)),
        np.zeros((links, jobs + 1), np.int64), np.zeros(links, np.int64), np.zeros(jobs, np.int64),
        np.zeros(4, np.int64), np.array([0.0, np.inf]),
        np.full(jobs, np.inf), np.zeros(jobs, np.int64), np.zeros(jobs, np.int64), np.zeros(jobs, np.bool_),
    )  # fmt: skip
    state.counts[SHARED_EPOCH] = NONE
    for job in range(jobs):
        if state.waits_for[job] == 0:
            plan(plays.releases[night, job], job, state)
        if plays.skip_at[job] < np.inf:
            plan(plays.skip_at[job], jobs + job, state)
    for change in range(1, changes):
        plan(lines.starts_s[change], 2 * jobs + change, state)
    return state


@bare
def plan(at: float, number: int, state: State) -> None:
    """Put an instant into the calendar."""
    state.counts[IN_CALENDAR] = push(state.keys, state.numbers, state.counts[IN_CALENDAR], at, number)
