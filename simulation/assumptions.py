"""Which values an answer hangs on that nobody printed or measured, the heaviest first: the one place that knows.

Each kind of prediction says of what its figures are made (`Touched`); what that means for the assumed and least trusted
values is reckoned here: a value's weight is the share of a figure that follows it, times how far its trust allows it to
be off. It is a first order of what `sensitivity` then finds by asking again.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping

from inventory.models.estate import Estate, Trust
from simulation.moving import FACTORS

MOST = 8
"""So many values an answer names; it says how many more there are."""
LEAST = 0.01
"""Values of less weight, a hundredth of a figure, are not named."""
_CHOSEN = 0.1
"""The doubt about a value that was chosen and stands as it is: named after those that may be wrong."""


class Touched:
    """How much of a figure follows each value, entry or section, by dotted path: 1 where it is in proportion to it."""

    def __init__(self, *touched: str) -> None:
        """Begin with what the answer touches at all, with no share known."""
        self._known = dict.fromkeys(touched, 0.0)

    def add(self, path: str, share: float) -> None:
        """State a share; the largest of several figures counts. What is no number counts for nothing."""
        if share >= 0:
            self._known[path] = max(self._known.get(path, 0.0), min(share, 1.0))

    def take(self, others: Mapping[str, float]) -> None:
        """State the shares of one figure."""
        for path, share in others.items():
            self.add(path, share)

    def of(self, path: str) -> float | None:
        """Return the share of a value: its own, else that of the nearest entry around it; None for what is untouched.

        What stands inside a value that has a share is a part of it.
        """
        parts = path.split(".")
        return next(
            (
                share
                for length in range(len(parts), 0, -1)
                if (share := self._known.get(".".join(parts[:length]))) is not None
            ),
            None,
        )


@dataclasses.dataclass(frozen=True)
class Assumption:
    """A value with its place, as reports list it. `weight` orders values: 0 where nothing is known to hang on it."""

    path: str
    file: str
    line: int
    source: str
    trust: Trust
    how: str
    weight: float = 0.0


def assumed_values(estate: Estate, shares: Touched) -> tuple[Assumption, ...]:
    """Return the assumed or least trusted values that an answer touches, the heaviest first, equals by path."""
    found = []
    for path, origin in estate.provenance.items():
        share = shares.of(path) if origin.trust == "L" or origin.how == "assumed" else None
        if share is not None:
            file, line = estate.where(path)
            weight = round(share * doubt(origin.trust), 4)
            found.append(Assumption(path, file, line, origin.source, origin.trust, origin.how, weight))
    return tuple(sorted(found, key=lambda one: (-one.weight, one.path)))


def named(assumed: Iterable[Assumption]) -> tuple[Assumption, ...]:
    """Return the few that an answer names."""
    return tuple(one for one in assumed if one.weight >= LEAST)[:MOST]


@dataclasses.dataclass(frozen=True)
class Counts:
    """How many values an answer names, and how many more it stands on."""

    named: int
    others: int


def counts(assumed: tuple[Assumption, ...]) -> Counts:
    """Return how many of the values are named, and how many are not."""
    few = len(named(assumed))
    return Counts(few, len(assumed) - few)


def rates(estate: Estate, circuits: Iterable[str]) -> dict[str, str]:
    """Return by circuit where the rate stands that it is reckoned with."""
    records = estate.records.circuits
    return {
        id_: f"circuits.{id_}.{'rate' if records[id_].planning_rate_bps is None else 'planning_rate'}"
        for id_ in circuits
    }


def doubt(trust: str) -> float:
    """Return how far a value may be off by its trust, in doublings: 1 for L, a third for M (`moving`)."""
    factors = FACTORS.get(trust)
    return math.log2(factors[1]) if factors else _CHOSEN
