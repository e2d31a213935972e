"""What is asked of a station: Poisson arrivals, and service times by mean and squared coefficient of variation."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from simulation.errors import MechanismInvalid, Overloaded

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclasses.dataclass(frozen=True)
class ServiceLaw:
    """Service times with a mean (s) and a squared coefficient of variation (variance / mean²).

    0 is a constant, 1 exponential; between them a gamma distribution, above 1 a mixture of two exponentials with
    balanced means (Whitt, The Queueing Network Analyzer, Bell System Technical Journal 62, 1983, section 3.1).
    """

    mean_s: float
    scv: float = 1.0

    def __post_init__(self) -> None:
        problems = []
        if not (self.mean_s > 0 and math.isfinite(self.mean_s)):
            problems.append(f"a mean service time of {self.mean_s} s, expected more than 0, and finite")
        if not (self.scv >= 0 and math.isfinite(self.scv)):
            problems.append(f"a squared coefficient of variation of {self.scv}, expected 0 or more, and finite")
        if problems:
            raise MechanismInvalid(problems)

    def draw(self, generator: np.random.Generator, count: int) -> Floats:
        """Return `count` independent service times (s)."""
        if self.scv == 0:
            return np.full(count, self.mean_s)
        if self.scv < 1:
            return generator.gamma(1 / self.scv, self.mean_s * self.scv, count)
        times = generator.standard_exponential(count)
        times *= self.mean_s
        if self.scv > 1:
            first = (1 + math.sqrt((self.scv - 1) / (self.scv + 1))) / 2
            times *= np.where(generator.random(count) < first, 0.5 / first, 0.5 / (1 - first))
        return times


def poisson_arrivals(generator: np.random.Generator, rate_per_s: float, count: int, after_s: float = 0.0) -> Floats:
    """Return the instants (s) of the next `count` arrivals after an instant."""
    if not (rate_per_s > 0 and math.isfinite(rate_per_s)):
        raise MechanismInvalid([f"{rate_per_s} arrivals a second, expected more than 0, and finite"])
    gaps = generator.standard_exponential(count)
    gaps *= 1 / rate_per_s
    gaps[:1] += after_s
    return np.cumsum(gaps, out=gaps)


def offered(rate_per_s: float, mean_s: float, servers: int = 1) -> float:
    """Return the offered load in Erlang (how many servers are busy on average); raises MechanismInvalid."""
    problems = []
    if not (rate_per_s >= 0 and math.isfinite(rate_per_s)):
        problems.append(f"{rate_per_s} arrivals a second, expected 0 or more, and finite")
    if not (mean_s > 0 and math.isfinite(mean_s)):
        problems.append(f"a mean service time of {mean_s} s, expected more than 0, and finite")
    if servers < 1:
        problems.append(f"{servers} servers, expected at least 1")
    if problems:
        raise MechanismInvalid(problems)
    return rate_per_s * mean_s


def stable(rate_per_s: float, mean_s: float, servers: int = 1) -> float:
    """Return the offered load as `offered`; raises Overloaded where a queue would grow without end."""
    load = offered(rate_per_s, mean_s, servers)
    if load >= servers:
        many = "1 server" if servers == 1 else f"{servers} servers"
        least = f"expected less than {servers / mean_s:g} arrivals a second"
        raise Overloaded(f"{load:g} Erlang are offered to {many}: the queue grows without end, {least}")
    return load
