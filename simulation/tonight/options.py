"""What may still be decided of a job tonight, and what becomes of its plays when it is decided at a minute."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Literal

import numpy as np

from simulation.batch.tables import Plays
from simulation.batch.variation import attempts, table_of
from simulation.tonight.standing import Standing, kept_share, whole_times_s

Kind = Literal["restart", "restart-from-step", "release", "stop-and-restart", "skip", "hold", "delay", "stop"]
HOLD_S = 3600.0
DELAY_S = 7200.0


@dataclasses.dataclass(frozen=True)
class Option:
    """Something to decide of a job.

    `by` says who may: the operator alone, or the city. What holds back (`holds`) is shown for an hour, a backup for
    two; its latest minute is that until which it may be held, that of any other when it must be decided.
    """

    kind: Kind
    job: str
    city: str
    by: Literal["operator", "city", "nobody"]

    @property
    def id(self) -> str:
        """A name for it: `restart:fuji-payments`."""
        return f"{self.kind}:{self.job}"

    @property
    def holds(self) -> bool:
        """Whether it holds a job back."""
        return self.kind in {"hold", "delay"}

    def plays(self, standing: Standing, before: Plays, at_s: float) -> Plays:
        """Return what becomes of plays when it is decided at an instant (s after noon), or held until then."""
        plays = before._replace(
            releases=before.releases.copy(), hold_from=before.hold_from.copy(), hold_until=before.hold_until.copy(),
            skip_at=before.skip_at.copy(), runs=before.runs.copy(), tries=before.tries.copy(),
            succeeds=before.succeeds.copy(), most=before.most.copy(),
        )  # fmt: skip
        number = standing.number(self.job)
        if self.kind in {"skip", "stop"}:
            plays.skip_at[number] = at_s
        elif self.holds:
            plays.hold_from[number], plays.hold_until[number] = standing.now_s, at_s
        elif self.kind == "release":
            plays.hold_until[number] = at_s
        elif self.kind == "stop-and-restart":
            _restart_running(standing, self.job, at_s, plays)
        else:
            _restart_failed(standing, self.job, at_s, self.kind == "restart-from-step", plays)
        return plays

    def shown_at_s(self, standing: Standing) -> float:
        """Return the instant that it is shown for: now, or until when it is held."""
        if not self.holds:
            return standing.now_s
        job = standing.layout.net.jobs[standing.number(self.job)]
        return max(standing.now_s, job.release_s) + (HOLD_S if self.kind == "hold" else DELAY_S)


def put_right(standing: Standing, but: str | None = None) -> Plays:
    """Return the plays with every failed job started again and every held one let go now, but for one of them."""
    plays = standing.plays
    for job in standing.state.of("failed", "held"):
        if job != but:
            plays = _remedy(standing, job).plays(standing, plays, standing.now_s)
    return plays


def _remedy(standing: Standing, job: str) -> Option:
    """Return what puts a failed or held job right: from its step where that is known, else from its beginning."""
    state, city = standing.state.jobs[job], standing.habits[job].city
    if state.state == "held":
        return Option("release", job, city, "operator")
    stepped = standing.habits[job].restart == "step" and state.since_s is not None
    return Option("restart-from-step" if stepped else "restart", job, city, "operator")


def options_of(standing: Standing) -> tuple[Option, ...]:
    """Return all that may be decided tonight, job by job in the order of the net."""
    return tuple(option for job in standing.layout.net.jobs for option in _of_job(standing, job.name))


def _of_job(standing: Standing, name: str) -> Iterator[Option]:
    state, records = standing.state.jobs[name].state, standing.estate.records
    city = standing.habits[name].city
    backup = name in standing.layout.backups
    skipping = "operator" if backup else records.jobs[name].skipped_by
    if state == "failed":
        yield Option("restart", name, city, "operator")
        if standing.habits[name].restart == "step" and standing.state.jobs[name].since_s is not None:
            yield Option("restart-from-step", name, city, "operator")
    elif state == "held":
        yield Option("release", name, city, "operator")
    elif state == "running":
        if not backup:
            yield Option("stop-and-restart", name, city, "operator")
        if skipping != "nobody":
            yield Option("stop" if backup else "skip", name, city, skipping)
    elif state == "waiting":
        yield Option("delay" if backup else "hold", name, city, "operator")
    if state in {"failed", "held", "waiting"} and skipping != "nobody":
        yield Option("skip", name, city, skipping)


def _restart_failed(standing: Standing, name: str, at_s: float, from_step: bool, plays: Plays) -> None:
    """Start a failed job again at an instant, from the step that failed or from its beginning."""
    number, told, habit = standing.number(name), standing.state.jobs[name], standing.habits[name]
    times_s = whole_times_s(standing, name)
    ran_s = (told.at_in_night_s or 0.0) - (told.since_in_night_s or told.at_in_night_s or 0.0)
    reached = ran_s / np.maximum(times_s, 1e-9)
    kept = kept_share(habit, reached) if from_step else np.zeros(len(times_s))
    more = dataclasses.replace(habit, attempts=max(1, habit.attempts - told.times))
    made = attempts(more, times_s, np.roll(table_of(standing.streams, name), -told.times, axis=1), done=kept)
    plays.runs[:, number], plays.tries[:, number], plays.succeeds[:, number] = made
    plays.releases[:, number], plays.hold_from[number] = at_s, np.inf
    plays.most[:, number] = more.attempts


def _restart_running(standing: Standing, name: str, at_s: float, plays: Plays) -> None:
    """Stop a running job at an instant and start it from its beginning, unless it is over by then."""
    number, before = standing.number(name), standing.plays
    over = (before.runs[:, number, 0] < at_s - standing.now_s) & (before.tries[:, number] == 1)
    table = np.roll(table_of(standing.streams, name), -1, axis=1)
    runs, tries, succeeds = attempts(standing.habits[name], whole_times_s(standing, name), table)
    plays.runs[:, number] = np.where(over[:, None], before.runs[:, number], runs)
    plays.tries[:, number] = np.where(over, before.tries[:, number], tries)
    plays.succeeds[:, number] = np.where(over, before.succeeds[:, number], succeeds)
    plays.releases[:, number] = np.where(over, before.releases[:, number], at_s)
