"""Runs the kernels of a day once on one stream, one machine and one circuit; see `simulation.warm`."""

from __future__ import annotations

import numpy as np

from simulation.counted_draws import source_key
from simulation.day.circuits import line_loads
from simulation.day.hour import integrate
from simulation.day.requests import Class, Visited, draw_rounds, play
from simulation.day.station import station
from simulation.day.tables import Fixed, Now, Totals
from simulation.day.world import rate_lines, spread_flows
from simulation.demand.arrivals import HOURS, draw_table


def warm() -> None:
    """Call each kernel with the types that a day calls it with."""
    ones, whole = np.ones(1), np.ones(1, np.int64)
    pair, key = np.zeros((1, 2), np.int64), np.array([source_key(1, "warm")], np.uint64)
    fixed = Fixed(ones, ones, ones, ones, ones, whole, ones, whole, whole, ones, ones, 1.0, 1.0, 1.0)
    now = Now(
        ones.copy(), ones.copy(), ones, ones.copy(), ones, ones, whole, np.zeros((1, 1), np.int64), 0 * whole,
        pair, pair + 1, np.zeros((1, 1), np.int64), ones, ones,
    )  # fmt: skip
    table = np.zeros((1, HOURS))
    parts = np.zeros((5, 1, HOURS))
    totals = Totals._make(parts if name == "response" else table.copy() for name in Totals._fields)
    integrate(0, 1.0, fixed, now, totals)
    line_loads(fixed, now, ones, ones.copy())
    station(1.0, 0.0, 1.0, 0.1, 1.0, 0.0, 1, 2)
    draw_table(table, key, key, 1, 0, 0.1, table)
    rate_lines(key, 0 * whole, np.ones((1, 3)), 1, 0, 0, np.ones(2))
    spread_flows(key, 1, 0, ones, pair, pair + 1, ones, ones.copy())
    classes = [Class(1.0, ((0, 0.1),))]
    play([Visited(1)], classes, draw_rounds(np.random.default_rng(1), 1, 1, 1.0, classes, 1.0))
