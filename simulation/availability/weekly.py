"""Services over independent components through a week: unavailability of all hours and of counter hours, and causes.

Exact but for the square of single chances (`presence`). What each component contributes is its Aumann-Shapley share
(Values of Non-Atomic Games, 1974): its chance times the derivative, averaged while all chances grow from nothing to
what they are, so that the shares add up to the whole.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from simulation.availability.components import Component
from simulation.availability.diagram import Diagram
from simulation.availability.hours import ALL_HOURS
from simulation.availability.presence import away
from simulation.availability.service_hours import DAY_H
from simulation.availability.structure import Need

Floats = np.ndarray[Any, np.dtype[np.float64]]
_WITHIN, _WITHIN_WEIGHTS = np.polynomial.legendre.leggauss(3)
_GROWTH, _GROWTH_WEIGHTS = np.polynomial.legendre.leggauss(4)
_GROWTH, _GROWTH_WEIGHTS = (_GROWTH + 1) / 2, _GROWTH_WEIGHTS / 2


@dataclasses.dataclass(frozen=True)
class Week:
    """Hours of a week to reckon at, and their weights in all hours and in counter hours, each adding up to 1."""

    hours: Floats
    all_hours: Floats
    counter: Floats


def week_of(opens_h: float, closes_h: float, business_days: Sequence[int], components: Sequence[Component]) -> Week:
    """Return the hours of a week that do for components; `business_days` counts those of a year by weekday."""
    kept = [component.service for component in components if component.service is not None]
    edges = sorted({0.0, opens_h, closes_h, DAY_H, *(edge for one in kept for edge in (one.opens_h, one.closes_h))})
    hours, lengths, counter = [], [], []
    for day in range(7):
        for begin, end in itertools.pairwise(edges):
            half = (end - begin) / 2
            hours.append(day * DAY_H + begin + half + half * _WITHIN)
            lengths.append(half * _WITHIN_WEIGHTS)
            serves = opens_h <= begin and end <= closes_h
            counter.append(half * _WITHIN_WEIGHTS * (business_days[day] if serves else 0))
    weights, counted = np.concatenate(lengths), np.concatenate(counter)
    return Week(np.concatenate(hours), weights / weights.sum(), counted / counted.sum())


@dataclasses.dataclass(frozen=True)
class Shares:
    """A service's unavailability in all hours and counter hours, and each component's part of it in the same order."""

    all_hours: float
    counter: float
    parts: Mapping[str, tuple[float, float]]

    def of(self, hours: str) -> float:
        """Return the unavailability of a denominator, by its name."""
        return self.all_hours if hours == ALL_HOURS.name else self.counter

    def caused(self, component: str, hours: str) -> float:
        """Return a component's part of it."""
        return self.parts[component][0 if hours == ALL_HOURS.name else 1]


class Weekly:
    """Components with their chances through a week, ready to be asked for services."""

    def __init__(self, components: Sequence[Component], week: Week) -> None:
        """Work out each component's chances once."""
        self.week = week
        self.chances = {component.name: away(component, week.hours) for component in components}

    def unavailability(self, need: Need, hours: str) -> float:
        """Return the unavailability of a need in a denominator, by its name."""
        met, diagram = _chart(need)
        chances = self._chances(met)
        weights = self.week.all_hours if hours == ALL_HOURS.name else self.week.counter
        return float(np.broadcast_to(_unmet(diagram, chances)[diagram.roots[0]], weights.shape) @ weights)

    def shares(self, need: Need) -> Shares:
        """Return the figures of a service, with what each component contributes."""
        met, diagram = _chart(need)
        chances = self._chances(met)
        steady = chances.shape[1] == 1
        whole = _unmet(diagram, chances)[diagram.roots[0]]
        grown = (chances[:, None, :] * _GROWTH[None, :, None]).reshape(len(met), -1)
        slopes = slopes_of(diagram, grown).reshape(len(met), len(_GROWTH), -1)
        moved = chances * np.einsum("cgt,g->ct", slopes, _GROWTH_WEIGHTS)
        weights = np.ones((2, 1)) if steady else np.stack([self.week.all_hours, self.week.counter])
        all_hours, counter = (weights @ whole).tolist()
        parts = (moved @ weights.T).tolist()
        return Shares(all_hours, counter, {name: (a, c) for name, (a, c) in zip(met, parts, strict=True)})

    def _chances(self, met: Sequence[str]) -> Floats:
        """Return the chances of components by hour; at one hour only where all hours are alike."""
        found = [self.chances[name] for name in met]
        if not any(isinstance(one, np.ndarray) for one in found):
            return np.array(found).reshape(len(found), 1)
        return np.array([np.broadcast_to(one, self.week.hours.shape) for one in found])


@functools.lru_cache(maxsize=512)
def _chart(need: Need) -> tuple[list[str], Diagram]:
    """Return the components of a need with its diagram, kept for the next set of figures."""
    met = list(dict.fromkeys(need.components()))
    return met, Diagram((need,), met)


def slopes_of(diagram: Diagram, chances: Floats) -> Floats:
    """Return how much each component's chance moves that of the need, at each of several hours."""
    found = _unmet(diagram, chances)
    reached = np.zeros((len(diagram), chances.shape[1]))
    reached[diagram.roots[0]] = 1.0
    moved = np.zeros(chances.shape)
    nodes = diagram.nodes
    for node in range(len(nodes) - 1, 1, -1):
        component, down, up = nodes[node]
        here = reached[node]
        moved[component] += here * (found[down] - found[up])
        reached[down] += here * chances[component]
        reached[up] += here * (1 - chances[component])
    return moved


def _unmet(diagram: Diagram, chances: Floats) -> Floats:
    found = np.empty((len(diagram), chances.shape[1]))
    found[0], found[1] = 1.0, 0.0
    for node, (component, down, up) in enumerate(diagram.nodes[2:], 2):
        found[node] = chances[component] * found[down] + (1 - chances[component]) * found[up]
    return found
