"""The chance that one component is away at each hour of a week, where its crew keeps hours of service.

A failure on Friday evening is repaired on Monday, so what is away at night is often back when counters have opened for
a while. Exact for exponential up times to the square of the chance; the week repeats.
"""

from __future__ import annotations

import functools
import itertools
import math
from typing import Any

import numpy as np

from simulation.availability.components import Component
from simulation.availability.service_hours import DAY_H, WEEK_H, ServiceHours

Floats = np.ndarray[Any, np.dtype[np.float64]]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)
_EVEN = (np.arange(300) + 0.5) / 150 - 1
_EVEN_WEIGHTS = np.full(300, 1 / 150)
_LEAST = 1e-9


def away(component: Component, hours: Floats) -> float | Floats:
    """Return the chance that a component is away at hours of a week from Monday 00:00; one number where all are alike.

    At an hour t that is the failures per hour times the time that a failure is still felt: working time passes only in
    hours of service, so each closed time before t adds its length times the chance that the work reaches across it.
    """
    if component.service is None:
        return component.unavailability
    felt = np.array(_felt_at(component.mttr_h, component.repair_scv, component.service, tuple(hours.tolist())))
    return felt / (component.mtbf_h + calendar_mean_h(component))


def calendar_mean_h(component: Component) -> float:
    """Return how long a component is away on average after a failure at any hour of the week (h), by the calendar."""
    return (
        component.mttr_h
        if component.service is None
        else _mean_h(component.mttr_h, component.repair_scv, component.service)
    )


@functools.lru_cache(maxsize=1024)
def _mean_h(mean_h: float, scv: float, service: ServiceHours) -> float:
    """Return the mean over a week of the time that a failure is felt; constant repairs end in steps, so many points."""
    edges = sorted({0.0, service.opens_h, service.closes_h, DAY_H})
    nodes, weights = (_EVEN, _EVEN_WEIGHTS) if scv == 0 else (_NODES, _WEIGHTS)
    total = 0.0
    for day in range(7):
        for begin, end in itertools.pairwise(edges):
            middle, half = (begin + end) / 2, (end - begin) / 2
            hours = (day * DAY_H + middle + half * nodes).tolist()
            felt = [_felt_h(mean_h, scv, service, hour) for hour in hours]
            total += half * float(weights @ np.array(felt))
    return total / WEEK_H


@functools.lru_cache(maxsize=1024)
def _felt_at(mean_h: float, scv: float, service: ServiceHours, hours: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(_felt_h(mean_h, scv, service, hour) for hour in hours)


def _felt_h(mean_h: float, scv: float, service: ServiceHours, hour: float) -> float:
    """Return for how many hours before `hour` a failure is still felt at it, on average."""
    felt, worked, until = mean_h, 0.0, hour
    open_h = service.closes_h - service.opens_h
    day = math.floor(until / DAY_H)
    while True:
        # Go back over the day `day`: what is closed after its hours, its hours, what is closed before them.
        serves = day % 7 < service.days
        opens, closes = day * DAY_H + service.opens_h, day * DAY_H + service.closes_h
        reaches = still_at_work(mean_h, scv, worked)
        if reaches < _LEAST:
            return felt
        if not serves:
            felt += (until - day * DAY_H) * reaches
        else:
            felt += max(until - closes, 0.0) * reaches
            worked += min(max(until - opens, 0.0), open_h)
            felt += (min(until, opens) - day * DAY_H) * still_at_work(mean_h, scv, worked)
        until, day = day * DAY_H, day - 1


def still_at_work(mean: float, scv: float, worked_h: float) -> float:
    """Return the chance that a repair needs more than so many hours of work; the same laws as in `life`."""
    if worked_h <= 0:
        return 1.0
    if scv == 0:
        return 1.0 if worked_h < mean else 0.0
    if scv == 1:
        return math.exp(-worked_h / mean)
    spread = math.sqrt(math.log1p(scv))
    return math.erfc((math.log(worked_h / mean) / spread + spread / 2) / math.sqrt(2)) / 2
