"""What is drawn of a night: how long each job takes, whether and where it fails, how soon someone reacts.

A job's time is its most likely one, times what is its own (its spread), times what all jobs of its city share that
night (the day's spread). Each source has its own stream and each replication its row, so that two nights that differ
in one decision or one job read the same numbers for all others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from inventory.models.batch import Restart, Spread
from inventory.models.estate import Estate
from simulation.batch.jobs import BatchJob, JobNet
from simulation.batch.layout import described
from simulation.batch.restarts import Attempts
from simulation.batch.tables import Plays, Truths, untouched
from simulation.draws import Streams, Table, triangular
from simulation.heap import Floats, Ints

_MOST_ATTEMPTS = 5
_TIME, _PAUSE, _FIRST = 0, 1, 2
_WIDTH = _FIRST + 2 * _MOST_ATTEMPTS


@dataclasses.dataclass(frozen=True)
class Habit:
    """How a job varies and fails: chance of each attempt, what then happens, in how many steps, at most how often."""

    city: str
    spread: Spread
    fails: float
    restart: Restart
    steps: int
    attempts: int


def habits(estate: Estate, net: JobNet) -> dict[str, Habit]:
    """Return how each job and backup of a net varies; a backup lasts as long as its bytes, and may fail to start."""
    records, batch = estate.records, described(estate)
    still = Spread(low=1.0, high=1.0)
    found = {}
    for job in net.jobs:
        stated = records.jobs.get(job.name)
        if stated is None:
            city = records.devices[records.backups[job.name].of].city or ""
            found[job.name] = Habit(city, still, batch.fails, "rerun", 1, batch.on_failure.attempts)
            continue
        fails = batch.fails if stated.fails is None else stated.fails
        restart = stated.restart or batch.restart
        attempts = 1 if restart == "hold" else batch.on_failure.attempts
        found[job.name] = Habit(stated.city, stated.spread or batch.spread, fails, restart, stated.steps, attempts)
    return found


def drawn_plays(
    estate: Estate, net: JobNet, streams: Streams, told: Mapping[str, tuple[float, ...]] | None = None
) -> Plays:
    """Return what is drawn for every replication of a night.

    `told` are failures that are stated and not drawn, by job: the first attempts end after these shares (0 to 1) of
    what is left to do.
    """
    batch, known = described(estate), habits(estate, net)
    shape = (streams.replications, len(net.jobs))
    runs = np.zeros((*shape, _MOST_ATTEMPTS))
    tries, succeeds, pauses = np.ones(shape, np.int64), np.ones(shape, np.bool_), np.zeros(shape)
    most = np.ones(shape, np.int64)
    react = batch.on_failure
    for number, job in enumerate(net.jobs):
        habit, table = known[job.name], table_of(streams, job.name)
        pauses[:, number] = triangular(table[:, _PAUSE], react.low_s, react.mode_s, react.high_s)
        times_s = (
            job.takes_s * own_factor(streams, job.name, habit) * day_factors(streams, habit.city, batch.day_spread)
        )
        made = attempts(habit, times_s, table, (told or {}).get(job.name, ()))
        runs[:, number], tries[:, number], succeeds[:, number] = made
        most[:, number] = habit.attempts
    releases = np.tile(np.array([job.release_s for job in net.jobs], dtype=float), (streams.replications, 1))
    return Plays(releases, *untouched(len(net.jobs)), runs, tries, pauses, succeeds, most)


def undisturbed(estate: Estate, net: JobNet) -> tuple[Attempts, ...]:
    """Return the attempts of a night on which all takes its most likely time and fails only with its connection.

    Then the job starts again after the most likely reaction, as often as it may.
    """
    pause_s, known = described(estate).on_failure.mode_s, habits(estate, net)
    return tuple(Attempts((job.takes_s,), pause_s, most=known[job.name].attempts) for job in net.jobs)


def own_factor(streams: Streams, name: str, habit: Habit) -> Table:
    """Return how many times its most likely time a job takes by itself, by replication."""
    return triangular(table_of(streams, name)[:, _TIME], habit.spread.low, 1.0, habit.spread.high)


def day_factors(streams: Streams, city: str, spread: Spread) -> Table:
    """Return how many times as long all jobs of a city take that night, by replication."""
    return triangular(streams.table(("day", city), 1)[:, 0], spread.low, 1.0, spread.high)


def attempts(
    habit: Habit, times_s: Floats, table: Table, told: tuple[float, ...] = (), done: float | Floats = 0.0
) -> tuple[Floats, Ints, Truths]:
    """Return how long each attempt runs, how many are made, and whether the last succeeds, by replication.

    `times_s` is what the whole job takes, `done` the share of it that the first attempt need not do again. A told
    failure is one more attempt, whatever the chance; the last failed attempt is never made again.
    """
    count = len(times_s)
    runs: Floats = np.zeros((count, _MOST_ATTEMPTS))
    tries: Ints = np.zeros(count, np.int64)
    failing: Truths = np.ones(count, np.bool_)
    kept: Floats = np.full(count, done, dtype=float)
    for turn in range(min(_MOST_ATTEMPTS, habit.attempts)):
        chance, share = table[:, _FIRST + turn], table[:, _FIRST + _MOST_ATTEMPTS + turn]
        fails = chance < habit.fails
        if turn < len(told):
            fails, share = np.ones(count, np.bool_), np.full(count, told[turn])
        left_s = (1 - kept) * times_s
        runs[:, turn] = np.where(failing, np.where(fails, share * left_s, left_s), 0.0)
        tries += failing
        reached = kept + (1 - kept) * share
        again = np.floor(reached * habit.steps) / habit.steps if habit.restart == "step" else np.zeros(count)
        kept = np.where(failing & fails, again, kept)
        failing &= fails
    return runs, tries, ~failing


def pause_s(streams: Streams, estate: Estate, job: BatchJob) -> Floats:
    """Return how long it takes until someone has started a failed job again, by replication."""
    react = described(estate).on_failure
    return triangular(table_of(streams, job.name)[:, _PAUSE], react.low_s, react.mode_s, react.high_s)


def table_of(streams: Streams, name: str) -> Table:
    """Return a job's draws by replication: its time, the reaction, for each attempt whether and where it fails."""
    return streams.table(("job", name), _WIDTH)
