"""Flows and the links that they cross, as arrays for kernels: who crosses what, kept as flows come and go.

`flow` has a row for each of its figures and a column for each flow, `link` a row for each link. `route` has a row of
links for each flow, ended by NONE where it is shorter; `member` a row for each link: how many flows cross it, then
their numbers, in no order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.compiled import bare

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
NONE = -1

# The rows of `flow`, in bits, bit/s and s. The level is the rate by weight; LEFT was left of it at SINCE; at this rate
# it ends at END, and counts as over from OVER on, when no more than LEAST is left.
WEIGHT, LEVEL, RATE, LEFT, SINCE, END, OVER, LEAST, FIGURES = range(9)
# The columns of `link`: what it can carry, what is free of it beside flows that stopped growing, and the weight and
# number of those that still grow.
CAPACITY, FREE, PULL, GROWING, LINK_FIGURES = range(5)


@bare
def hops(route: Ints, flow: int) -> int:
    """Return how many links a flow crosses."""
    count = 0
    while count < route.shape[1] and route[flow, count] != NONE:
        count += 1
    return count


@bare
def enter(route: Ints, flow: int, member: Ints) -> bool:
    """Put a flow among those of the links on its route; or change nothing and return False where one has no room."""
    count = hops(route, flow)
    for hop in range(count):
        if member[route[flow, hop], 0] + 1 == member.shape[1]:
            return False
    for hop in range(count):
        row = member[route[flow, hop]]
        row[0] += 1
        row[row[0]] = flow
    return True


@bare
def leave(route: Ints, flow: int, member: Ints) -> None:
    """Take a flow out of the links on its route."""
    for hop in range(hops(route, flow)):
        row = member[route[flow, hop]]
        row[_place(row, flow)] = row[row[0]]
        row[0] -= 1


@bare
def move(flow: Floats, route: Ints, old: int, new: int, member: Ints) -> None:
    """Give a flow another number, on its links too."""
    for figure in range(FIGURES):
        flow[figure, new] = flow[figure, old]
    for hop in range(hops(route, old)):
        row = member[route[old, hop]]
        row[_place(row, old)] = new
    for hop in range(route.shape[1]):
        route[new, hop] = route[old, hop]


@bare
def _place(row: Ints, flow: int) -> int:
    """Return where a flow stands in a link's row."""
    place = 1
    while row[place] != flow:
        place += 1
    return place
