"""Totals, savings, and the shares at which all cities save alike (得する率を揃える), exactly or rounded as agreed.

With s the part of the cost that would be spent alone and J the joint cost, equal saving means J_c / s_c = J / Σ s for
every city c, so its share of J is s_c / Σ s.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from fractions import Fraction

from inventory.models.economics import MEASURES, TOGETHER, Apportionment, Economics
from topology.economics.costs import Leaves, WhatIf, leaves

Key = tuple[str, str, str]
_NONE = Fraction(0)


@dataclasses.dataclass(frozen=True)
class Figures:
    """Derived figures by `(who, alternative, measure)`: amounts in yen, shares and savings as fractions of one."""

    of: dict[Key, Fraction]
    cities: tuple[str, ...]
    term_years: int


def derive(economics: Economics, *, rounded: bool = True, what_if: WhatIf | None = None) -> Figures:
    """Return every figure. Rounded: shares first to the agreed decimals, then amounts to the agreed step.

    Rounding keeps the sums: what is left goes to those whose remainder is largest.
    """
    stated = leaves(economics, what_if)
    whole = sum((city.alone_shared for city in stated.cities.values()), Fraction(0))
    shares = {name: city.alone_shared / whole for name, city in stated.cities.items()}
    amounts = {name: stated.joint_shared * share for name, share in shares.items()}
    if rounded:
        shares, amounts = _agreed(shares, stated.joint_shared, economics.apportionment)
    return Figures(_figures(stated, shares, amounts), tuple(stated.cities), stated.term_years)


def _agreed(
    shares: Mapping[str, Fraction], joint: Fraction, rule: Apportionment
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """Return shares and amounts as the scheme rounds them."""
    rounded = round_together(shares, Fraction(1, 100 * 10**rule.share_decimals), Fraction(1))
    amounts = {name: joint * share for name, share in rounded.items()}
    return rounded, round_together(amounts, Fraction(rule.amount_step), joint)


def round_together(values: Mapping[str, Fraction], step: Fraction, total: Fraction) -> dict[str, Fraction]:
    """Round each value to a multiple of `step` so that they add to `total` (largest remainders first).

    Where `total` is no multiple of the step itself, the values add to the multiple nearest to it.
    """
    down = {name: math.floor(value / step) for name, value in values.items()}
    left = int(round_half_up(total / step)) - sum(down.values())
    order = sorted(values, key=lambda name: (down[name] - values[name] / step, name))
    return {name: (down[name] + (name in order[:left])) * step for name in values}


def round_half_up(value: Fraction, decimals: int = 0) -> Fraction:
    """Round to so many decimals, halves away from zero, as amounts and percentages are printed."""
    scale = 10**decimals
    sign = -1 if value < 0 else 1
    return sign * Fraction(math.floor(abs(value) * scale + Fraction(1, 2)), scale)


def _figures(stated: Leaves, shares: Mapping[str, Fraction], amounts: Mapping[str, Fraction]) -> dict[Key, Fraction]:
    of: dict[Key, Fraction] = {}
    for name, city in stated.cities.items():
        of |= {
            (name, "as-is", "total"): city.as_is,
            (name, "alone", "shared"): city.alone_shared,
            (name, "alone", "own"): city.alone_own,
            (name, "alone", "share"): shares[name],
            (name, "joint", "shared"): amounts[name],
            (name, "joint", "own"): city.joint_own,
            (name, "joint", "share"): shares[name],
        }
    for alternative, measure in {key[1:] for key in of}:
        of[TOGETHER, alternative, measure] = sum((of[name, alternative, measure] for name in stated.cities), _NONE)
    for who in (*stated.cities, TOGETHER):
        for alternative in ("alone", "joint"):
            of[who, alternative, "total"] = of[who, alternative, "shared"] + of[who, alternative, "own"]
            of[who, alternative, "saving"] = 1 - of[who, alternative, "total"] / of[who, "as-is", "total"]
        of[who, "joint", "shared-saving"] = 1 - of[who, "joint", "shared"] / of[who, "alone", "shared"]
    return {
        (who, alternative, measure): of[who, alternative, measure]
        for who in (*stated.cities, TOGETHER)
        for alternative, measures in MEASURES.items()
        for measure in measures
    }
