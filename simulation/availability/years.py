"""Many lives of an estate, stage by stage, and what the ties of each stage cost on the same draws."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from simulation.availability.counter_hours import COUNTER
from simulation.availability.hours import ALL_HOURS
from simulation.availability.model import Model
from simulation.availability.monte_carlo import Lives, simulate
from simulation.availability.ties import STAGES
from simulation.intervals import Interval, of_independent

Floats = np.ndarray[Any, np.dtype[np.float64]]
ONE_YEAR_LIVES = 10
"""Lives of one year for each replication."""


@dataclasses.dataclass(frozen=True)
class Years:
    """Lives of so many years at every stage, and lives of one year with all ties."""

    stages: tuple[Lives, ...]
    single: Lives

    @property
    def full(self) -> Lives:
        """The lives with all ties."""
        return self.stages[-1]

    def cost(self, service: str, hours: str, stage: str) -> Interval:
        """Return by how much the ties of a stage raise a service's unavailability, on the same draws."""
        number = STAGES.index(stage) + 1
        return of_independent(
            self.stages[number].shares(service, hours) - self.stages[number - 1].shares(service, hours)
        )

    def ties(self, service: str, hours: str) -> Interval:
        """Return by how much all ties raise it."""
        return of_independent(self.full.shares(service, hours) - self.stages[0].shares(service, hours))


def live_through(
    model: Model, years: float, replications: int, seed: int, progress: Callable[[int, int], None] | None
) -> Years:
    """Return the lives; `progress` is told after each of the runs how many are done."""
    hours = (ALL_HOURS, dataclasses.replace(model.counters.hours, name=COUNTER))
    runs = len(STAGES) + 2
    stages = []
    for stage in range(len(STAGES) + 1):
        stages.append(simulate(model.ties.system(stage), replications, years, seed=seed, hours=hours))
        if progress:
            progress(stage + 1, runs)
    single = simulate(model.ties.system(len(STAGES)), replications * ONE_YEAR_LIVES, 1.0, seed=seed + 1, hours=hours)
    if progress:
        progress(runs, runs)
    return Years(tuple(stages), single)
