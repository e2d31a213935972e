"""Whether what the source prints follows from its leaves, or the estate says why it does not."""

from __future__ import annotations

from fractions import Fraction

from inventory.models.economics import MONEY_MEASURES
from inventory.models.estate import Estate
from inventory.problems import Problem
from inventory.quantities import show_money
from topology.economics.printed import Comparison, compare


def find_unexplained(estate: Estate) -> list[Problem]:
    """Return the printed figures that differ without a `slip`, and those that have one and do not differ."""
    economics = estate.records.economics
    found = []
    for one in compare(economics) if economics else ():
        path = f"economics.printed.{one.index}"
        file, line = estate.where(path)
        if not one.agrees and not one.slip:
            problem = f"{_named(one)} is printed as {figure(one, one.printed)}, {figure(one, one.shown)} follows"
            found.append(Problem(file, line, path, problem, "the figure that follows, or a `slip` that says why not"))
        if one.agrees and one.slip:
            problem = f"{_named(one)} follows as it is printed"
            found.append(Problem(file, line, f"{path}.slip", problem, "no `slip`"))
    return found


def figure(one: Comparison, value: Fraction) -> str:
    """Return a value with the digits and the unit in which the figure is printed."""
    if one.key[2] in MONEY_MEASURES:
        return f"{show_money(value)} MJPY"
    return f"{float(value * 100):.{one.decimals}f} %"


def _named(one: Comparison) -> str:
    who, alternative, measure = one.key
    return f"{who}, {alternative}: {measure}"
