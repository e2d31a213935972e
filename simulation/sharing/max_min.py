"""Max-min fair shares of links by progressive filling, plain and compiled.

All flows grow at the same rate (times their weight) until a link is full; its flows stop there, the others go on. What
comes out is the one allocation in which no flow can have more without taking from one that has no more than it.
Source: Bertsekas and Gallager, Data Networks, 2nd edition, section 6.5.2. Long TCP transfers over the same path come
near it; what TCP takes from flows with longer round trips is left out. A flow with a limit of its own (an access line)
has that line as a link in its route.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulation.compiled import compiled

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
NONE = -1


def plain_shares(
    capacities: Sequence[float], routes: Sequence[Sequence[int]], weights: Sequence[float] | None = None
) -> list[float]:
    """Return each flow's rate, in the unit of the capacities; a route is the numbers of the links that it crosses."""
    weight = list(weights) if weights is not None else [1.0] * len(routes)
    rates = [0.0] * len(routes)
    left = list(capacities)
    growing = set(range(len(routes)))
    while growing:
        pull = {
            link: sum(weight[flow] for flow in sorted(growing) if link in routes[flow]) for link in range(len(left))
        }
        level, full = min((left[link] / pull[link], link) for link in pull if pull[link] > 0)
        for flow in sorted(growing):
            if full in routes[flow]:
                rates[flow] = level * weight[flow]
                growing.discard(flow)
                for link in routes[flow]:
                    left[link] = max(0.0, left[link] - rates[flow])
    return rates


@compiled
def list_crossings(links: int, routes: Ints, count: int) -> tuple[Ints, Ints]:
    """Return the flows of each link, link by link, and where those of each begin (one more for the end)."""
    starts = np.zeros(links + 1, np.int64)
    for flow in range(count):
        for link in routes[flow]:
            if link != NONE:
                starts[link + 1] += 1
    for link in range(links):
        starts[link + 1] += starts[link]
    filled = starts[:links].copy()
    crossing = np.empty(starts[links], np.int64)
    for flow in range(count):
        for link in routes[flow]:
            if link != NONE:
                crossing[filled[link]] = flow
                filled[link] += 1
    return starts, crossing


@compiled
def fill(capacities: Floats, routes: Ints, weights: Floats, count: int, rates: Floats) -> None:
    """Write the rates of the first `count` flows into `rates`.

    `routes` has a row for each flow, its links and else -1. All rounds together touch every crossing of a link twice.
    """
    links = len(capacities)
    starts, crossing = list_crossings(links, routes, count)
    growing_on = starts[1:] - starts[:links]
    left = capacities.copy()
    pull = np.zeros(links)
    for link in range(links):
        for place in range(starts[link], starts[link + 1]):
            pull[link] += weights[crossing[place]]
    rates[:count] = NONE
    growing = count
    while growing > 0:
        full, level = NONE, np.inf
        for link in range(links):
            if growing_on[link] > 0 and (full == NONE or left[link] < level * pull[link]):
                full, level = link, left[link] / pull[link]
        for flow in crossing[starts[full] : starts[full + 1]]:
            if rates[flow] == NONE:
                rates[flow] = level * weights[flow]
                growing -= 1
                _take(flow, routes, weights[flow], rates[flow], left, pull, growing_on)


@compiled
def _take(flow: int, routes: Ints, weight: float, rate: float, left: Floats, pull: Floats, growing_on: Ints) -> None:
    """Take a flow's rate from all its links, where it grows no more."""
    for link in routes[flow]:
        if link != NONE:
            left[link] = max(0.0, left[link] - rate)
            pull[link] -= weight
            growing_on[link] -= 1


def fair_shares(
    capacities: Sequence[float], routes: Sequence[Sequence[int]], weights: Sequence[float] | None = None
) -> list[float]:
    """Return what `plain_shares` returns, by the compiled kernel."""
    table = np.full((len(routes), max([1, *map(len, routes)])), NONE, np.int64)
    for flow, route in enumerate(routes):
        table[flow, : len(route)] = route
    rates = np.zeros(len(routes))
    weight = np.ones(len(routes)) if weights is None else np.asarray(weights, dtype=float)
    fill(np.asarray(capacities, dtype=float), table, weight, len(routes), rates)
    found: list[float] = rates.tolist()
    return found
