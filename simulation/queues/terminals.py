"""Terminals that think, then ask stations for service one after the other: exact figures of a closed network.

`mva` is mean value analysis (Reiser and Lavenberg, JACM 27, 1980) for stations with one server each, step by step up
to the number of terminals. `product_form` takes stations with several servers too, by convolution (Buzen, CACM 16,
1973) in logarithms: mean value analysis subtracts nearly equal numbers there and loses all digits under load. Exact for
exponential service first come first served, and for any service law under processor sharing (Baskett, Chandy, Muntz
and Palacios, JACM 22, 1975); think times may have any law.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from simulation.errors import MechanismInvalid

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclasses.dataclass(frozen=True)
class Station:
    """A station: the service time that a terminal asks of it per round (s), and its servers."""

    name: str
    demand_s: float
    servers: int = 1


@dataclasses.dataclass(frozen=True)
class ClosedFigures:
    """What terminals see: rounds per second of all, response without thinking (s), and by station in their order.

    `responses_s` is the time at each station per round, `inside` the mean number there, `busy` the share of its servers
    that work.
    """

    throughput_per_s: float
    response_s: float
    responses_s: tuple[float, ...]
    inside: tuple[float, ...]
    busy: tuple[float, ...]


def checked_terminals(terminals: int, think_s: float, stations: Sequence[Station]) -> None:
    """Raise MechanismInvalid, naming every figure that means nothing."""
    problems = [f"{terminals} terminals, expected 0 or more"] if terminals < 0 else []
    if not (think_s >= 0 and math.isfinite(think_s)):
        problems.append(f"a think time of {think_s} s, expected 0 or more, and finite")
    if not stations:
        problems.append("no station, expected at least one")
    for station in stations:
        if not (station.demand_s > 0 and math.isfinite(station.demand_s)):
            problems.append(
                f"station `{station.name}`: a demand of {station.demand_s} s, expected more than 0, and finite"
            )
        if station.servers < 1:
            problems.append(f"station `{station.name}`: {station.servers} servers, expected at least 1")
    if problems:
        raise MechanismInvalid(problems)


def mva(terminals: int, think_s: float, stations: Sequence[Station]) -> ClosedFigures:
    """Return the figures by mean value analysis; raises MechanismInvalid, also for a station with several servers."""
    checked_terminals(terminals, think_s, stations)
    several = [station.name for station in stations if station.servers > 1]
    if several:
        raise MechanismInvalid(
            [f"station `{name}` has several servers, expected one: use `product_form`" for name in several]
        )
    inside = [0.0] * len(stations)
    responses = [station.demand_s for station in stations]
    throughput = 0.0
    for count in range(1, terminals + 1):
        responses = [station.demand_s * (1 + here) for station, here in zip(stations, inside, strict=True)]
        throughput = count / (think_s + math.fsum(responses))
        inside = [throughput * response for response in responses]
    return _figures(throughput, inside, stations)


def product_form(terminals: int, think_s: float, stations: Sequence[Station]) -> ClosedFigures:
    """Return the figures by convolution; raises MechanismInvalid."""
    checked_terminals(terminals, think_s, stations)
    counts = np.arange(terminals + 1)
    factors = [_log_factor(counts, station.demand_s, station.servers) for station in stations]
    thinking = _log_factor(counts, think_s, terminals + 1)
    whole = thinking
    for factor in factors:
        whole = _convolved(whole, factor)
    throughput = math.exp(whole[-2] - whole[-1]) if terminals else 0.0
    inside = []
    for number, factor in enumerate(factors):
        others = thinking
        for other in factors[:number] + factors[number + 1 :]:
            others = _convolved(others, other)
        shares = np.exp(factor + others[::-1] - whole[-1])
        inside.append(float(shares @ counts))
    return _figures(throughput, inside, stations)


def _figures(throughput: float, inside: Sequence[float], stations: Sequence[Station]) -> ClosedFigures:
    """Return the figures by Little's law; without terminals a response is the bare service time."""
    pairs = list(zip(inside, stations, strict=True))
    responses = tuple(here / throughput if throughput else station.demand_s for here, station in pairs)
    busy = tuple(throughput * station.demand_s / station.servers for station in stations)
    return ClosedFigures(throughput, math.fsum(responses), responses, tuple(inside), busy)


def _log_factor(counts: np.ndarray[Any, np.dtype[np.int64]], demand_s: float, servers: int) -> Floats:
    """Return log(D^n / (min(1, c) ... min(n, c))) for n = 0, 1, ...: the weight of n at a station."""
    steps = (
        np.full(len(counts), -math.inf) if demand_s == 0 else math.log(demand_s) - np.log(np.clip(counts, 1, servers))
    )
    steps[0] = 0.0
    return np.cumsum(steps)


def _convolved(one: Floats, other: Floats) -> Floats:
    """Return log of the sum over k of exp(one[k] + other[n - k]), for each n."""
    result = np.empty(len(one))
    for count in range(len(one)):
        terms = one[: count + 1] + other[count::-1]
        greatest = terms.max()
        result[count] = greatest + math.log(np.exp(terms - greatest).sum())
    return result
