"""The phase after: payments levelled over its years, held against what the first plan would have allowed."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from inventory.models.economics import TOGETHER, Economics, SecondPhase
from topology.economics.derivation import derive, round_together


@dataclasses.dataclass(frozen=True)
class Schedule:
    """Payments in yen by city and fiscal year. `allowed` is the first plan's cost for as many years, by city."""

    years: tuple[str, ...]
    payments: dict[str, dict[str, int]]
    planned: dict[str, Fraction]
    allowed: dict[str, Fraction]

    @property
    def kept(self) -> dict[str, bool]:
        """Tell for each city, and for all together, whether the phase stays within the first plan."""
        return {who: self.planned[who] <= self.allowed[who] for who in self.planned}


def schedule(economics: Economics, phase: SecondPhase) -> Schedule:
    """Return the levelled payments: every year the same to the yen, what does not divide in the last years."""
    figures = derive(economics)
    first = int(phase.first_year.removeprefix("fy"))
    years = tuple(f"fy{first + index}" for index in range(phase.years))
    shares = {city: figures.of[city, "joint", "share"] for city in figures.cities}
    amounts = {city: phase.shared * share for city, share in shares.items()}
    shared = round_together(amounts, Fraction(economics.apportionment.amount_step), Fraction(phase.shared))
    planned = {city: shared[city] + phase.own[city] for city in figures.cities}
    part = Fraction(phase.years, economics.term_years)
    allowed = {city: figures.of[city, "joint", "total"] * part for city in figures.cities}
    for of in (planned, allowed):
        of[TOGETHER] = sum(of.values(), Fraction(0))
    payments = {city: _levelled(int(planned[city]), years) for city in figures.cities}
    return Schedule(years, payments, planned, allowed)


def _levelled(amount: int, years: tuple[str, ...]) -> dict[str, int]:
    each, left = divmod(amount, len(years))
    return {year: each + (index >= len(years) - left) for index, year in enumerate(years)}
