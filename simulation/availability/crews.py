"""k of n equal components that a few people repair: birth and death, exactly.

With as many people as components each is repaired at once; with fewer, those that failed wait. Exponential up and
repair times. Source: Kleinrock, Queueing Systems, volume 1, chapter 3; Trivedi, Probability and Statistics with
Reliability, Queuing and Computer Science Applications, 2nd edition, section 8.2.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from simulation.errors import MechanismInvalid

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclasses.dataclass(frozen=True)
class RepairedGroup:
    """`count` equal components of which `needed` must work, and `crew` people (None: one for each)."""

    count: int
    needed: int
    mtbf_h: float
    mttr_h: float
    crew: int | None = None

    def __post_init__(self) -> None:
        problems = (
            []
            if 1 <= self.needed <= self.count
            else [f"{self.needed} of {self.count} needed, expected 1 to {self.count}"]
        )
        if not (0 < self.mtbf_h < math.inf and 0 < self.mttr_h < math.inf):
            problems.append(
                f"{self.mtbf_h} h between failures and {self.mttr_h} h to repair, expected more than 0, and finite"
            )
        if self.crew is not None and self.crew < 1:
            problems.append(f"a crew of {self.crew}, expected at least 1")
        if problems:
            raise MechanismInvalid(problems)

    @property
    def rates_per_h(self) -> tuple[list[float], list[float]]:
        """With j failed: rate of the next failure, and of the next repair (1/h), for j = 0 to n."""
        people = self.count if self.crew is None else self.crew
        failed = range(self.count + 1)
        return [(self.count - j) / self.mtbf_h for j in failed], [min(j, people) / self.mttr_h for j in failed]

    @property
    def shares(self) -> list[float]:
        """Share of the time with j failed, for j = 0 to n."""
        failing, repairing = self.rates_per_h
        weights = [1.0]
        for j in range(1, self.count + 1):
            weights.append(weights[-1] * failing[j - 1] / repairing[j])
        total = math.fsum(weights)
        return [weight / total for weight in weights]

    @property
    def unavailability(self) -> float:
        """Share of the time with fewer than `needed` working."""
        return math.fsum(self.shares[self.count - self.needed + 1 :])

    @property
    def outages_per_h(self) -> float:
        """How often it falls below what is needed, per hour in the long run."""
        last_good = self.count - self.needed
        return self.shares[last_good] * self.rates_per_h[0][last_good]

    @property
    def mean_outage_h(self) -> float:
        """Mean length of such a time (h)."""
        return self.unavailability / self.outages_per_h

    def generator(self) -> tuple[Floats, np.ndarray[Any, np.dtype[np.bool_]]]:
        """Return the rates between the numbers of failed components (1/h, rows sum to 0), and in which it is away."""
        failing, repairing = self.rates_per_h
        rates = np.zeros((self.count + 1, self.count + 1))
        for j in range(self.count):
            rates[j, j + 1] = failing[j]
            rates[j + 1, j] = repairing[j + 1]
        np.fill_diagonal(rates, -rates.sum(axis=1))
        return rates, np.arange(self.count + 1) > self.count - self.needed
