"""Max-min fair shares of links by progressive filling, plain and compiled.

All flows grow at the same rate (times their weight) until a link is full; its flows stop there, the others go on. What
comes out is the one allocation in which no flow can have more without taking from one that has no more than it.
Source: Bertsekas and Gallager, Data Networks, 2nd edition, section 6.5.2. Long TCP transfers over the same path come
near it; what TCP takes from flows with longer round trips is left out. A flow with a limit of its own (an access line)
has that line as a link in its route.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulation.compiled import bare
from simulation.sharing.flows import (
    CAPACITY,
    END,
    FIGURES,
    FREE,
    GROWING,
    LEAST,
    LEFT,
    LEVEL,
    LINK_FIGURES,
    NONE,
    OVER,
    PULL,
    RATE,
    SINCE,
    WEIGHT,
    Floats,
    Ints,
    enter,
    hops,
)

# The level of a flow that has not met a full link yet.
STILL_GROWING = -1.0
# What the clock cannot tell apart, by its time.
CLOCK_ROUNDING = 2.0**-50


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


@bare
def refill(
    flow: Floats, count: int, route: Ints, link: Floats, member: Ints, still: Ints, floor: float, now: float
) -> None:
    """Share anew among the first `count` flows, from the level `floor` (rate by weight) on.

    Below it all must be as it was: filling comes level by level, so flows that stopped growing lower keep their rates.
    A flow whose rate changes is moved on to `now`, and its end is foreseen anew. `still` is room for the links that are
    not full.
    """
    growing = 0
    for one in range(count):
        level = flow[LEVEL, one]
        grows = level >= floor
        flow[LEVEL, one] = STILL_GROWING if grows else level
        growing += grows
    if growing == 0:
        return
    count_still = 0
    for one in range(len(still)):
        still[count_still] = one
        count_still += _opens(flow, link, member, one)
    while growing > 0:
        full = _first_full(link, still, count_still)
        level = max(0.0, link[full, FREE] / link[full, PULL])
        for place in range(1, member[full, 0] + 1):
            one = member[full, place]
            if flow[LEVEL, one] == STILL_GROWING:
                flow[LEVEL, one] = level
                growing -= 1
                _stop(flow, route, link, one, now)
        kept = 0
        for place in range(count_still):
            one = still[place]
            still[kept] = one
            kept += link[one, GROWING] > 0
        count_still = kept


@bare
def _first_full(link: Floats, still: Ints, count: int) -> int:
    """Return which link is full at the lowest level; quotients are compared by products, which takes less time."""
    full = still[0]
    for place in range(1, count):
        one = still[place]
        if link[one, FREE] * link[full, PULL] < link[full, FREE] * link[one, PULL]:
            full = one
    return int(full)


@bare
def _opens(flow: Floats, link: Floats, member: Ints, one: int) -> bool:
    """Sum up what of a link's flows stopped and what grows; whether there is one that grows."""
    used, pull, growing = 0.0, 0.0, 0.0
    for place in range(1, member[one, 0] + 1):
        crossing = member[one, place]
        # As a factor: whether a flow grows cannot be foreseen, so a branch would cost more.
        grows = 1.0 if flow[LEVEL, crossing] == STILL_GROWING else 0.0
        pull += grows * flow[WEIGHT, crossing]
        used += (1.0 - grows) * flow[RATE, crossing]
        growing += grows
    link[one, FREE], link[one, PULL], link[one, GROWING] = max(0.0, link[one, CAPACITY] - used), pull, growing
    return growing > 0


@bare
def _stop(flow: Floats, route: Ints, link: Floats, one: int, now: float) -> None:
    """Let a flow grow no more on all its links; if its rate is a new one, foresee when it ends."""
    weight = flow[WEIGHT, one]
    rate = flow[LEVEL, one] * weight
    for hop in range(route.shape[1]):
        crossed = route[one, hop]
        if crossed == NONE:
            break
        link[crossed, FREE] -= rate
        link[crossed, PULL] -= weight
        link[crossed, GROWING] -= 1
    if rate != flow[RATE, one]:
        left = flow[LEFT, one] - flow[RATE, one] * (now - flow[SINCE, one])
        flow[LEFT, one], flow[SINCE, one], flow[RATE, one] = left, now, rate
        if rate > 0:
            each_bit = 1 / rate
            flow[END, one] = end = now + left * each_bit
            flow[OVER, one] = end - max(flow[LEAST, one] * each_bit, end * CLOCK_ROUNDING)
        else:
            flow[END, one] = flow[OVER, one] = np.inf


@bare
def least_level(flow: Floats, route: Ints, link: Floats, member: Ints, entered: int) -> float:
    """Return the level at which the first link on a new flow's route is full: below it the flow changes nothing.

    The others' levels are those of before; each link's own level is found by leaving out who stops below it, until
    nobody more does.
    """
    least = np.inf
    for hop in range(hops(route, entered)):
        one = route[entered, hop]
        level, before = 0.0, -1.0
        while level > before:
            free, pull, before = link[one, CAPACITY], 0.0, level
            for place in range(1, member[one, 0] + 1):
                crossing = member[one, place]
                if flow[LEVEL, crossing] < level:
                    free -= flow[RATE, crossing]
                else:
                    pull += flow[WEIGHT, crossing]
            level = max(free / pull, before)
        least = min(least, level)
    return least


def fair_shares(
    capacities: Sequence[float], routes: Sequence[Sequence[int]], weights: Sequence[float] | None = None
) -> list[float]:
    """Return what `plain_shares` returns, by the compiled kernel."""
    route = np.full((len(routes), max([1, *map(len, routes)])), NONE, np.int64)
    for number, links in enumerate(routes):
        route[number, : len(links)] = links
    flow, link = np.zeros((FIGURES, len(routes))), np.zeros((len(capacities), LINK_FIGURES))
    flow[WEIGHT] = 1.0 if weights is None else weights
    link[:, CAPACITY] = capacities
    member, still = np.zeros((len(capacities), len(routes) + 1), np.int64), np.zeros(len(capacities), np.int64)
    for number in range(len(routes)):
        enter(route, number, member)
    refill(flow, len(routes), route, link, member, still, 0.0, 0.0)
    found: list[float] = flow[RATE].tolist()
    return found
