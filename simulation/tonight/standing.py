"""Tonight from now on: what is over stays so, what runs goes on, what waits still waits, many times over.

A job that runs has lasted for a while: what is left of it is drawn from the times longer than that. Where none is, it
lasts longer than it ever should (`overdue`) and is taken as if it began anew. What it sends is taken to be all still to
send. A failed or held job stays so until somebody decides. A circuit that is down, and of which the carrier has not
said when it is back, stays down.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np

from inventory.models.batch import in_night
from inventory.models.estate import Estate
from simulation.batch.jobs import BatchJob, JobNet
from simulation.batch.layout import NightLayout, described, night_of
from simulation.batch.lines import LineChange
from simulation.batch.played import Played
from simulation.batch.schedule import Scheduler
from simulation.batch.tables import HORIZON_S, Outcome, Plays
from simulation.batch.variation import Habit, attempts, day_factors, drawn_plays, habits, own_factor, table_of
from simulation.draws import Streams, Table
from simulation.heap import Floats
from simulation.tonight.duty_state import DutyState

_OVER = "over"


@dataclasses.dataclass(frozen=True)
class Standing:
    """A night as it stands, ready to be played with decisions on top; `plays` are those without any."""

    estate: Estate
    state: DutyState
    layout: NightLayout
    scheduler: Scheduler
    plays: Plays
    streams: Streams
    habits: dict[str, Habit]
    overdue: tuple[str, ...]

    @property
    def now_s(self) -> float:
        """Now, in seconds after noon."""
        return self.state.now_in_night_s

    def number(self, job: str) -> int:
        """Return a job's number in the net."""
        return self.layout.net.number[job]

    def planned_s(self, job: str) -> float:
        """Return the most likely time of a job tonight (s)."""
        return self.layout.net.jobs[self.number(job)].takes_s

    def play(self, plays: Plays | None = None) -> Played:
        """Return how the night goes, by default with nothing decided; what had begun keeps its begin."""
        chosen = self.plays if plays is None else plays
        outcome = self.scheduler.play(chosen)
        for id_, job in self.state.jobs.items():
            begin_s = job.since_in_night_s if job.since_in_night_s is not None else job.at_in_night_s
            if job.state in {"running", "done"} and begin_s is not None:
                _keep_begin(outcome, self.number(id_), begin_s, self.now_s)
        return Played(self.estate, self.layout, chosen, outcome)


def standing_of(estate: Estate, state: DutyState, seed: int, replications: int) -> Standing:
    """Return the night as a state has it, with its draws."""
    now_s = state.now_in_night_s
    planned = night_of(estate, state.day, changes=_changes(state))
    net = _net_now(planned, state)
    order = [planned.net.number[job.name] for job in net.jobs]
    plan = dataclasses.replace(
        planned.lines, routes=tuple(tuple(row[n] for n in order) for row in planned.lines.routes)
    )
    layout = dataclasses.replace(planned, net=net, lines=plan)
    streams = Streams(seed, replications)
    plays = drawn_plays(estate, planned.net, streams)
    rows = np.array(order, np.int64)
    plays = plays._replace(
        releases=np.maximum(now_s, plays.releases[:, rows]), runs=plays.runs[:, rows].copy(),
        tries=plays.tries[:, rows].copy(), pauses=plays.pauses[:, rows].copy(), succeeds=plays.succeeds[:, rows].copy(),
        most=plays.most[:, rows].copy(),
    )  # fmt: skip
    known = habits(estate, net)
    overdue = []
    for number, job in enumerate(net.jobs):
        told = state.jobs[job.name]
        if told.state == "done":
            plays.releases[:, number] = told.at_in_night_s
            plays.runs[:, number], plays.tries[:, number], plays.succeeds[:, number] = 0.0, 1, True
        elif told.state == "skipped":
            plays.skip_at[number] = 0.0
        elif told.state == "held":
            plays.hold_from[number] = 0.0
        elif told.state == "running":
            elapsed_s = now_s - (told.since_in_night_s or now_s)
            times_s = _times_s(estate, planned.net.jobs[order[number]], known[job.name], streams)
            plays.releases[:, number] = now_s
            if _go_on(known[job.name], times_s, table_of(streams, job.name), elapsed_s, plays, number):
                overdue.append(job.name)
        elif told.state == "failed":
            plays.releases[:, number] = now_s
            plays.hold_from[number] = 0.0
    return Standing(estate, state, layout, Scheduler(net, plan), plays, streams, known, tuple(overdue))


def whole_times_s(standing: Standing, job: str) -> Floats:
    """Return what a job takes tonight from its beginning, by replication."""
    planned = standing.layout.net.jobs[standing.number(job)]
    return _times_s(standing.estate, planned, standing.habits[job], standing.streams)


def planned_ends(estate: Estate, date: dt.date) -> dict[str, tuple[float, float]]:
    """Return when each job of a night should begin and end (s after noon), nothing failing and all as likely."""
    from simulation.batch.restarts import smooth
    from simulation.batch.tables import plays_of

    layout = night_of(estate, date)
    outcome = Scheduler(layout.net, layout.lines).play(plays_of(layout.net, [smooth(layout.net)]))
    ends = np.where(np.isnan(outcome.ends), HORIZON_S, outcome.ends)
    begins = np.where(np.isnan(outcome.begins), HORIZON_S, outcome.begins)
    return {job.name: (float(begins[0, n]), float(ends[0, n])) for n, job in enumerate(layout.net.jobs)}


def _net_now(planned: NightLayout, state: DutyState) -> JobNet:
    """Return the net from now on: what runs has its place first, what is over takes none and sends nothing."""

    def rank(job: BatchJob) -> tuple[int, float, str]:
        return (0 if state.jobs[job.name].state == "running" else 1, job.release_s, job.name)

    jobs = []
    for job in sorted(planned.net.jobs, key=rank):
        told = state.jobs[job.name].state
        if told in {"done", "skipped"}:
            jobs.append(dataclasses.replace(job, server=_OVER, after=(), moves_bytes=0.0, route=()))
        elif told in {"running", "failed"}:
            jobs.append(dataclasses.replace(job, after=()))
        else:
            jobs.append(job)
    return JobNet(jobs, {**planned.net.places, _OVER: max(1, len(jobs))}, may_be_late=True)


def _changes(state: DutyState) -> list[LineChange]:
    """Return what becomes of circuits from now on."""
    found = []
    for id_, circuit in state.circuits.items():
        if circuit.state == "down":
            found.append(LineChange(0.0, id_, 0.0))
        elif circuit.rate_bps is not None:
            found.append(LineChange(0.0, id_, circuit.rate_bps))
        if circuit.back_s is not None:
            found.append(LineChange(in_night(circuit.back_s), id_, None))
    return found


def _times_s(estate: Estate, job: BatchJob, habit: Habit, streams: Streams) -> Floats:
    """Return what a whole job takes tonight, by replication."""
    spread = described(estate).day_spread
    times: Floats = job.takes_s * own_factor(streams, job.name, habit) * day_factors(streams, habit.city, spread)
    return times


def kept_share(habit: Habit, reached: Floats) -> Floats:
    """Return the share of a job that need not be done again after it failed at `reached`: whole steps, or nothing."""
    kept: Floats = np.floor(np.minimum(1.0, reached) * habit.steps) / habit.steps
    return kept if habit.restart == "step" else np.zeros(len(reached))


def _go_on(habit: Habit, times_s: Floats, table: Table, elapsed_s: float, plays: Plays, number: int) -> bool:
    """Let a job that runs go on for what is left of it; return whether it has lasted longer than it ever should."""
    longer = np.sort(times_s[times_s > elapsed_s])
    # A pure transfer has no time of its own to outlast.
    overdue = len(longer) == 0 and bool(times_s.any())
    if len(longer):
        ranks = np.argsort(np.argsort(times_s, kind="stable"), kind="stable")
        times_s = longer[(ranks * len(longer)) // len(times_s)]
    else:
        elapsed_s = 0.0
    share = elapsed_s / np.maximum(times_s, 1e-9)
    left_s = times_s - elapsed_s
    fails = table[:, 2] < habit.fails * (1 - share)
    first_s = np.where(fails, table[:, 7] * left_s, left_s)
    kept = kept_share(habit, (elapsed_s + first_s) / np.maximum(times_s, 1e-9))
    later = dataclasses.replace(habit, attempts=max(1, habit.attempts - 1))
    shifted = np.roll(table, -1, axis=1)
    runs, tries, succeeds = attempts(later, times_s, shifted, done=kept)
    again = fails & (habit.attempts > 1)
    plays.runs[:, number] = 0.0
    plays.runs[:, number, 0] = first_s
    plays.runs[:, number, 1:] = np.where(again[:, None], runs[:, :-1], 0.0)
    plays.tries[:, number] = np.where(again, 1 + tries, 1)
    plays.succeeds[:, number] = np.where(fails, again & succeeds, True)
    return overdue


def _keep_begin(outcome: Outcome, number: int, begin_s: float, now_s: float) -> None:
    """Write when a job really began, where the play knows only of now."""
    outcome.begins[:, number] = begin_s
    again = outcome.lasts[:, number] > now_s
    outcome.lasts[:, number] = np.where(again & (outcome.made[:, number] > 1), outcome.lasts[:, number], begin_s)
