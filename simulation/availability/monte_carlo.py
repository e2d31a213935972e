"""Availability of a system by many independent lives: shares with intervals, of named hours, for each service.

Lives are numbered and draw by their number, so the same seed gives the same result in any portions, on any number of
workers. The interval is Student's over lives; where fewer than a hundred outages were seen it says little, and
`outages` tells so.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from simulation.availability.components import System
from simulation.availability.exact import HOURS_PER_YEAR
from simulation.availability.hours import ALL_HOURS, Hours
from simulation.availability.life import live
from simulation.availability.tables import tables_of
from simulation.errors import MechanismInvalid
from simulation.intervals import CONFIDENCE, Interval, of_independent
from simulation.workers import portions

Cube = np.ndarray[Any, np.dtype[np.float64]]
WARM_UP_H = 1000.0


@dataclasses.dataclass(frozen=True)
class Lives:
    """Time away of each service in each life, as a share of its hours (lives × services × denominators), and outages.

    `seed` and `years` say what was run.
    """

    services: tuple[str, ...]
    hours: tuple[Hours, ...]
    seed: int
    years: float
    away: Cube
    outages: np.ndarray[Any, np.dtype[np.int64]]

    def unavailability(self, service: str, hours: str = ALL_HOURS.name, confidence: float = CONFIDENCE) -> Interval:
        """Return the share of the named hours that a service is away, with its interval."""
        return of_independent(self.shares(service, hours), confidence)

    def shares(self, service: str, hours: str = ALL_HOURS.name) -> Cube:
        """Return that share life by life: how a promise for so many years is spread."""
        names = tuple(one.name for one in self.hours)
        if service not in self.services or hours not in names:
            known = f"services {', '.join(self.services)}; hours {', '.join(names)}"
            raise MechanismInvalid([f"service `{service}` in hours `{hours}` was not simulated, expected of: {known}"])
        shares: Cube = self.away[:, self.services.index(service), names.index(hours)]
        return shares

    def outages_per_year(self, service: str, confidence: float = CONFIDENCE) -> Interval:
        """Return how often a year a service goes away, with its interval."""
        return of_independent(self.outages[:, self.services.index(service)] / self.years, confidence)


def simulate(
    system: System,
    lives: int,
    years: float,
    *,
    seed: int,
    hours: Sequence[Hours] = (ALL_HOURS,),
    executor: Executor | None = None,
) -> Lives:
    """Return so many lives of so many years of 8,760 h each; with an executor in portions on its workers."""
    problems = [] if lives >= 1 else [f"{lives} lives, expected at least 1"]
    if not (years > 0 and math.isfinite(years)):
        problems.append(f"lives of {years} years, expected more than 0, and finite")
    if len({one.name for one in hours}) < len(hours) or not hours:
        problems.append("hours of the same name or none at all, expected one or more of different names")
    if problems:
        raise MechanismInvalid(problems)
    parts_of = portions(range(lives), executor)
    work = [(system, tuple(hours), seed, part[0], len(part), years) for part in parts_of]
    parts = list(executor.map(_portion, work) if executor else map(_portion, work))
    counted_h = np.array([one.within(years * HOURS_PER_YEAR) for one in hours])
    away = np.concatenate([part for part, _ in parts]) / counted_h
    outages = np.concatenate([part for _, part in parts])
    return Lives(tuple(system.services), tuple(hours), seed, years, away, outages)


def _portion(work: tuple[System, tuple[Hours, ...], int, int, int, float]) -> tuple[Cube, np.ndarray[Any, Any]]:
    """Run the lives from `first` on; at the top of the module, so that worker processes find it."""
    system, hours, seed, first, count, years = work
    away = np.zeros((count, len(system.services), len(hours)))
    outages = np.zeros((count, len(system.services)), np.int64)
    live(tables_of(system, hours, seed), first, WARM_UP_H, years * HOURS_PER_YEAR, away, outages)
    return away, outages
