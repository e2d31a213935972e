"""Many days on any executor: the same records for any number of workers, as every draw hangs on day and replication.

Work goes out in portions of at least half a second; each worker makes the world of an estate once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor

from inventory.models.estate import Estate
from simulation.day.plant import build_plant
from simulation.day.scenario import DayScenario
from simulation.day.world import Day, DayRecord, World

PORTION = 100
Task = tuple[dt.date, int]
Progress = Callable[[int, int], None]
_worlds: dict[str, World] = {}


def world_of(estate: Estate) -> World:
    """Return the world of an estate, made once in each process; raises EstateLacks where it states no demand."""
    if estate.digest not in _worlds:
        _worlds.clear()
        _worlds[estate.digest] = World(build_plant(estate))
    return _worlds[estate.digest]


def play_days(
    estate: Estate, tasks: Sequence[Task], seed: int, *, scenario: DayScenario | None = None,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Iterator[DayRecord]:  # fmt: skip
    """Yield the record of each day and replication, in order; `progress` is told how many of all are done."""
    done = 0
    if executor is None:
        world = world_of(estate)
        for task in tasks:
            yield play(world, task, seed, scenario)
            done += 1
            if progress:
                progress(done, len(tasks))
        return
    portions = [tasks[begin : begin + PORTION] for begin in range(0, len(tasks), PORTION)]
    for records in executor.map(_portion, *zip(*((estate, part, seed, scenario) for part in portions), strict=True)):
        yield from records
        done += len(records)
        if progress:
            progress(done, len(tasks))


def play(world: World, task: Task, seed: int, scenario: DayScenario | None = None) -> DayRecord:
    """Play one day; a replication below 0 stands for expected numbers and even shares, with nothing drawn."""
    day, replication = task
    arrivals = world.plant.arrivals
    requests, calls = arrivals.expected(day) if replication < 0 else arrivals.drawn(day, seed, replication)
    return Day(world, day, requests, calls, seed=seed, replication=replication, scenario=scenario).run()


def _portion(estate: Estate, tasks: Sequence[Task], seed: int, scenario: DayScenario | None) -> list[DayRecord]:
    """Play a portion in a worker."""
    world = world_of(estate)
    return [play(world, task, seed, scenario) for task in tasks]
