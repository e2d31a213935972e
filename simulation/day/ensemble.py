"""Many days on any executor: the same records for any number of workers, as every draw hangs on day and replication.

The world of an estate is made once, here, and handed to each worker once. Of each day a worker gives back only what is
asked for, so that neither side ever holds the days of others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar

from inventory.models.estate import Estate
from simulation.day.plant import build_plant
from simulation.day.scenario import DayScenario
from simulation.day.world import Day, DayRecord, World
from simulation.workers import Handed, handed_over, portions, taken

Task = tuple[dt.date, int]
Progress = Callable[[int, int], None]
Kept = TypeVar("Kept")
Keep = Callable[[World, DayRecord], Kept]
_worlds: dict[str, World] = {}


def world_of(estate: Estate) -> World:
    """Return the world of an estate, made once in each process; raises EstateLacks where it states no demand."""
    if estate.digest not in _worlds:
        _worlds.clear()
        _worlds[estate.digest] = World(build_plant(estate))
    return _worlds[estate.digest]


def play_days(
    estate: Estate, tasks: Sequence[Task], seed: int, *, keep: Keep[Kept], scenario: DayScenario | None = None,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Iterator[Kept]:  # fmt: skip
    """Yield what `keep` makes of each day and replication, in order; `progress` is told how many of all are done.

    `keep` stands at the top of a module, so that workers find it, and what it returns can be sent.
    """
    world, done = world_of(estate), 0
    if executor is None:
        for task in tasks:
            yield keep(world, play(world, task, seed, scenario))
            done += 1
            if progress:
                progress(done, len(tasks))
        return
    world.conditions.of()  # what all days begin with, before it is handed over
    with handed_over(world, executor) as handed:
        parts = portions(tasks, executor)
        work: list[tuple[Handed, Sequence[Task], int, DayScenario | None, Any]] = [
            (handed, part, seed, scenario, keep) for part in parts
        ]
        for kept in executor.map(_portion, *zip(*work, strict=True)):
            yield from kept
            done += len(kept)
            if progress:
                progress(done, len(tasks))


def whole(_world: World, record: DayRecord) -> DayRecord:
    """Keep all of a day."""
    return record


def play(world: World, task: Task, seed: int, scenario: DayScenario | None = None) -> DayRecord:
    """Play one day; a replication below 0 stands for expected numbers and even shares, with nothing drawn."""
    day, replication = task
    arrivals = world.plant.arrivals
    requests, calls = arrivals.expected(day) if replication < 0 else arrivals.drawn(day, seed, replication)
    return Day(world, day, requests, calls, seed=seed, replication=replication, scenario=scenario).run()


def _portion(
    handed: Handed, tasks: Sequence[Task], seed: int, scenario: DayScenario | None, keep: Keep[Kept]
) -> list[Kept]:
    """Play a portion in a worker."""
    world: World = taken(handed)
    return [keep(world, play(world, task, seed, scenario)) for task in tasks]
