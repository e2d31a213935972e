"""The leaves of a cost comparison as plain exact numbers, as the estate states them or under other circumstances."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from fractions import Fraction

from inventory.models.economics import CostLine, Economics


@dataclasses.dataclass(frozen=True)
class CityLeaves:
    """One city's costs over the term in yen: as it is, alone (shared and own part), its own part in the scheme."""

    as_is: Fraction
    alone_shared: Fraction
    alone_own: Fraction
    joint_own: Fraction


@dataclasses.dataclass(frozen=True)
class Leaves:
    """All that the comparison derives from. `joint_shared` is the shared cost of the scheme over the term in yen."""

    term_years: int
    cities: dict[str, CityLeaves]
    joint_shared: Fraction


@dataclasses.dataclass(frozen=True)
class WhatIf:
    """Other circumstances: another term, prices of finer lines in yen (per year or term, as the line is), who joins."""

    term_years: int | None = None
    prices: Mapping[str, int] = dataclasses.field(default_factory=dict)
    joining: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is different at all."""
        return bool(self.term_years or self.prices or self.joining)


def leaves(economics: Economics, what_if: WhatIf | None = None) -> Leaves:
    """Return the leaves under the circumstances given.

    With another term, a line per year and the part of the rest that is not spent once grow with the years; the rest is
    what no line of a cell names. What the estate states about lines and about the rest is assumed. Raises KeyError for
    a line or candidate that the estate does not have.
    """
    change = what_if or WhatIf()
    candidates = {name: economics.candidates[name] for name in change.joining}
    stated = {**economics.cities, **{name: candidate.costs for name, candidate in candidates.items()}}
    cells = _Cells(economics, change)
    cities = {
        name: CityLeaves(
            as_is=cells.scaled(Fraction(costs.as_is)),
            alone_shared=cells.cell(costs.alone.shared, "alone", "shared", name),
            alone_own=cells.cell(costs.alone.own, "alone", "own", name),
            joint_own=cells.cell(costs.joint_own, "joint", "own", name),
        )
        for name, costs in stated.items()
    }
    more = sum((cells.scaled(Fraction(candidate.joint_shared_more)) for candidate in candidates.values()), Fraction(0))
    shared = cells.cell(economics.joint_shared, "joint", "shared", None) + more
    return Leaves(change.term_years or economics.term_years, cities, shared)


class _Cells:
    """Amounts of the table's cells under a change."""

    def __init__(self, economics: Economics, change: WhatIf) -> None:
        self.economics = economics
        self.change = change
        self.growth = Fraction(change.term_years or economics.term_years, economics.term_years)
        unknown = [name for name in change.prices if name not in economics.lines]
        if unknown:
            raise KeyError(unknown[0])

    def scaled(self, amount: Fraction) -> Fraction:
        """Return an amount over the other term: what is spent once stays, the rest grows with the years."""
        once = Fraction(str(self.economics.rest_one_off))
        return amount * (once + (1 - once) * self.growth)

    def cell(self, stated: int, alternative: str, part: str, city: str | None) -> Fraction:
        """Return a cell: its lines at their prices, and the rest."""
        lines = {
            name: line for name, line in self.economics.lines.items()
            if (line.alternative, line.part, line.city) == (alternative, part, city)
        }  # fmt: skip
        named = sum(self._over(line, line.amount, self.economics.term_years) for line in lines.values())
        years = self.change.term_years or self.economics.term_years
        priced = sum(self._over(line, self.change.prices.get(name, line.amount), years) for name, line in lines.items())
        return priced + self.scaled(Fraction(stated - named))

    @staticmethod
    def _over(line: CostLine, amount: int, years: int) -> int:
        return amount * (years if line.per == "year" else 1)
