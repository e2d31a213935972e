"""Sixty components in fifteen groups: compiled lives, and a lean SimPy twin with a process for each component."""

from __future__ import annotations

import contextlib
import dataclasses
import random
from collections.abc import Generator
from typing import Any

import simpy

from simulation.availability.components import CommonCause, Component, System
from simulation.availability.exact import HOURS_PER_YEAR
from simulation.availability.monte_carlo import Lives, simulate
from simulation.availability.structure import all_of, works

GROUPS = 15
MTBF_H, MTTR_H = 87_600.0, 4.0
DUCTS, DUCT_H, HITS_OTHER, CREW = 5, 175_200.0, 0.5, 2


def system(single_mtbf_h: float = 4.0e4) -> System:
    """Return two chains of two in each group, and beside them a part without a twin: away 1e-4 of the time."""
    parts = [Component(f"{group}-{n}", MTBF_H, MTTR_H) for group in range(GROUPS) for n in range(4)]
    parts[0] = Component("0-0", single_mtbf_h, MTTR_H)
    chains = [(works(f"{g}-0") & works(f"{g}-1")) | (works(f"{g}-2") & works(f"{g}-3")) for g in range(1, GROUPS)]
    return System(tuple(parts), {"service": all_of(works("0-0"), *chains)})


def tied(single_mtbf_h: float = 4.0e4) -> System:
    """Return the same with a crew for all, and ducts that take down half of a group at a time."""
    plain = system(single_mtbf_h)
    parts = tuple(dataclasses.replace(part, crew="field") for part in plain.components)
    ducts = tuple(CommonCause(f"duct {g}", DUCT_H, {f"{g}-1": 1.0, f"{g}-3": HITS_OTHER}) for g in range(1, DUCTS + 1))
    return System(parts, plain.services, ducts, crews={"field": CREW})


def lives(count: int, years: float, of: System | None = None) -> Lives:
    """Return so many compiled lives."""
    return simulate(of or system(), count, years, seed=1)


def simpy_years(years: float, single_mtbf_h: float = 4.0e4, *, ties: bool = False) -> float:
    """Return the share of time away over so many years of a lean SimPy twin, without or with the ties."""
    twin = _Twin(single_mtbf_h, ties=ties)
    twin.env.run(until=years * HOURS_PER_YEAR)
    return twin.away_h / (years * HOURS_PER_YEAR)


class _Twin:
    """A process for each component and each duct, and nothing that is not needed."""

    def __init__(self, single_mtbf_h: float, *, ties: bool) -> None:
        self.draw = random.Random(1).expovariate
        self.chance = random.Random(2).random
        self.env = simpy.Environment()
        self.up = [True] * (4 * GROUPS)
        self.since_h, self.away_h = -1.0, 0.0
        self.crew = simpy.Resource(self.env, CREW)
        of = self.live_tied if ties else self.live
        self.lives = [
            self.env.process(of(number, 1 / (MTBF_H if number else single_mtbf_h), 1 / MTTR_H))
            for number in range(len(self.up))
        ]
        for group in range(1, DUCTS + 1 if ties else 1):
            self.env.process(self.strike(4 * group))

    def judge(self) -> None:
        """Note whether the service went away or came back."""
        up = self.up
        there = up[0]
        for first in range(4, len(up), 4):
            there = there and ((up[first] and up[first + 1]) or (up[first + 2] and up[first + 3]))
        if not there and self.since_h < 0:
            self.since_h = self.env.now
        elif there and self.since_h >= 0:
            self.away_h += self.env.now - self.since_h
            self.since_h = -1.0

    def live(self, number: int, failing: float, repairing: float) -> Generator[simpy.Event, Any, None]:
        """Fail and be repaired."""
        while True:
            yield self.env.timeout(self.draw(failing))
            self.up[number] = False
            self.judge()
            yield self.env.timeout(self.draw(repairing))
            self.up[number] = True
            self.judge()

    def live_tied(self, number: int, failing: float, repairing: float) -> Generator[simpy.Event, Any, None]:
        """Fail alone or by a duct, and wait for the crew."""
        while True:
            with contextlib.suppress(simpy.Interrupt):
                yield self.env.timeout(self.draw(failing))
            self.up[number] = False
            self.judge()
            with self.crew.request() as turn:
                yield turn
                yield self.env.timeout(self.draw(repairing))
            self.up[number] = True
            self.judge()

    def strike(self, first: int) -> Generator[simpy.Event, Any, None]:
        """Let a duct take down what lies in it."""
        while True:
            yield self.env.timeout(self.draw(1 / DUCT_H))
            hit = [first + 1, *([first + 3] if self.chance() < HITS_OTHER else [])]
            for number in hit:
                if self.up[number]:
                    self.up[number] = False
                    self.lives[number].interrupt()
