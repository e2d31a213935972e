"""The denominators of availability: of which hours a share is spoken, all of them or those when counters are open."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from simulation.compiled import bare
from simulation.errors import MechanismInvalid

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclasses.dataclass(frozen=True)
class Hours:
    """Windows (begin, end) in hours of a period that repeats, in order; what lies outside does not count."""

    name: str
    period_h: float
    windows: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        edges = [edge for window in self.windows for edge in window]
        if not edges or edges != sorted(set(edges)) or edges[0] < 0 or edges[-1] > self.period_h:
            expected = "expected one or more in order, each with a length, within the period"
            raise MechanismInvalid([f"hours `{self.name}`: windows {self.windows} of {self.period_h} h, {expected}"])

    @property
    def per_period_h(self) -> float:
        """Hours that count in one period."""
        return sum(end - begin for begin, end in self.windows)

    def table(self) -> tuple[Floats, Floats]:
        """Return the edges within a period, and the hours that counted up to each."""
        edges, counted = [0.0], [0.0]
        for begin, end in self.windows:
            edges += [begin, end]
            counted += [counted[-1], counted[-1] + end - begin]
        return np.array([*edges, self.period_h]), np.array([*counted, counted[-1]])

    def within(self, time_h: float) -> float:
        """Return the hours that count from the start of a period for `time_h`."""
        return float(counted(time_h, *self.table()))


ALL_HOURS = Hours("24 × 365", 1.0, ((0.0, 1.0),))


def weekly(name: str, opens_h: float, closes_h: float, days: int = 5) -> Hours:
    """Return hours of a day on the first so many days of each week, holidays not taken out."""
    return Hours(name, 168.0, tuple((24.0 * day + opens_h, 24.0 * day + closes_h) for day in range(days)))


@bare
def counted(time: float, edges: Floats, counts: Floats) -> float:
    """Return the hours that count from 0 to a time: whole periods, and the part of the last one."""
    period = edges[-1]
    whole = np.floor(time / period)
    rest = time - whole * period
    low, high = 0, len(edges) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if edges[middle] <= rest:
            low = middle
        else:
            high = middle
    grows = counts[high] > counts[low]
    return float(whole * counts[-1] + counts[low] + (rest - edges[low] if grows else 0.0))
