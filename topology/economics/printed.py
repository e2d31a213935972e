"""What the source prints beside what follows from its leaves, with every difference named."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from inventory.models.economics import MONEY_MEASURES, Economics
from inventory.quantities import MONEY_UNITS
from topology.economics.derivation import Key, derive, round_half_up


@dataclasses.dataclass(frozen=True)
class Comparison:
    """One printed figure: yen, or a fraction of one. `derived` is rounded as the scheme rounds, `exact` not at all.

    `shown` is `derived` rounded to the digits that the source prints; `agrees` tells whether that is what it prints.
    `slip` is what the estate says about a difference.
    """

    key: Key
    index: int
    source: str
    printed: Fraction
    shown: Fraction
    derived: Fraction
    exact: Fraction
    decimals: int
    slip: str | None
    slip_ja: str | None

    @property
    def agrees(self) -> bool:
        """Tell whether the derived figure is the printed one, to the digit."""
        return self.printed == self.shown

    @property
    def rounding_matters(self) -> bool:
        """Tell whether the exact figure would be printed otherwise than the derived one."""
        return _as_printed(self.exact, self.key[2], self.decimals) != self.shown


def compare(economics: Economics) -> list[Comparison]:
    """Return every printed figure with what is derived, in the estate's order."""
    derived, exact = derive(economics).of, derive(economics, rounded=False).of
    found = []
    for index, figure in enumerate(economics.printed):
        key, (value, decimals) = (figure.who, figure.alternative, figure.measure), figure.figure
        shown = _as_printed(derived[key], figure.measure, decimals)
        comparison = Comparison(
            key, index, figure.source, value, shown, derived[key], exact[key], decimals, figure.slip, figure.slip_ja
        )
        found.append(comparison)
    return found


def _as_printed(value: Fraction, measure: str, decimals: int) -> Fraction:
    """Return a figure with the digits that the source prints: whole millions of yen, or so many decimals."""
    if measure in MONEY_MEASURES:
        million = MONEY_UNITS["MJPY"]
        return round_half_up(value / million) * million
    return round_half_up(value * 100, decimals) / 100
