"""Sixty components in fifteen groups: compiled lives, and a lean SimPy twin with a process for each component."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import simpy

from simulation.availability.components import Component, System
from simulation.availability.exact import HOURS_PER_YEAR
from simulation.availability.monte_carlo import Lives, simulate
from simulation.availability.structure import all_of, works

GROUPS = 15
MTBF_H, MTTR_H = 87_600.0, 4.0


def system(single_mtbf_h: float = 4.0e4) -> System:
    """Return two chains of two in each group, and beside them a part without a twin: away 1e-4 of the time."""
    parts = [Component(f"{group}-{n}", MTBF_H, MTTR_H) for group in range(GROUPS) for n in range(4)]
    parts[0] = Component("0-0", single_mtbf_h, MTTR_H)
    chains = [(works(f"{g}-0") & works(f"{g}-1")) | (works(f"{g}-2") & works(f"{g}-3")) for g in range(1, GROUPS)]
    return System(tuple(parts), {"service": all_of(works("0-0"), *chains)})


def lives(count: int, years: float) -> Lives:
    """Return so many compiled lives."""
    return simulate(system(), count, years, seed=1)


def simpy_years(years: float, single_mtbf_h: float = 4.0e4) -> float:
    """Return the share of time away over so many years of a lean SimPy twin."""
    draw = random.Random(1).expovariate
    env = simpy.Environment()
    up = [True] * (4 * GROUPS)
    since_h, away_h = -1.0, 0.0

    def judge() -> None:
        nonlocal since_h, away_h
        there = up[0]
        for first in range(4, len(up), 4):
            there = there and ((up[first] and up[first + 1]) or (up[first + 2] and up[first + 3]))
        if not there and since_h < 0:
            since_h = env.now
        elif there and since_h >= 0:
            away_h += env.now - since_h
            since_h = -1.0

    def live(number: int) -> Generator[simpy.Event, Any, None]:
        failing, repairing = 1 / (MTBF_H if number else single_mtbf_h), 1 / MTTR_H
        while True:
            yield env.timeout(draw(failing))
            up[number] = False
            judge()
            yield env.timeout(draw(repairing))
            up[number] = True
            judge()

    for number in range(len(up)):
        env.process(live(number))
    env.run(until=years * HOURS_PER_YEAR)
    return away_h / (years * HOURS_PER_YEAR)
