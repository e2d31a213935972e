"""Arrivals of a day: expected numbers by stream and hour, and numbers drawn around them.

A day is drawn in two steps: how busy the day is for a city (lognormal, the estate's `day_variation`), then a Poisson
number for each stream and hour. Every source has a stream of its own (`simulation.counted_draws`), so that adding an
application changes no draw of another. Poisson numbers from 50 on are normal quantiles with the correction of Cornish
and Fisher (Abramowitz and Stegun 26.2.49), within one of the exact quantile.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from inventory.models.estate import Estate
from simulation.compiled import compiled
from simulation.counted_draws import source_key, stream_key, uniform
from simulation.demand.calendar import Calendar
from simulation.demand.streams import Asking
from simulation.kept import kept

Table = np.ndarray[Any, np.dtype[np.float64]]
Keys = np.ndarray[Any, np.dtype[np.uint64]]
HOURS = 24
_LARGE = 50.0


class Arrivals:
    """What comes on any day; the tables of streams have the shape (streams, 24), those of calls (24,)."""

    def __init__(self, estate: Estate, asking: Asking) -> None:
        """Keep what does not change from day to day."""
        self.calendar = Calendar(estate)
        self.asking = asking
        demand = self.calendar.demand
        profiles = {name: self.calendar.shares(name) for name in demand.profiles}
        of = {id_: np.array(profiles[one.profile]) for id_, one in demand.applications.items()}
        self._mean = np.array([one.daily * of[one.application] for one in asking.streams]).reshape(-1, HOURS)
        self._calls = {id_: np.zeros(HOURS) for id_ in demand.applications}
        for (_, id_), daily in asking.calls.items():
            self._calls[id_] = self._calls[id_] + daily * of[id_]
        self._known: dict[int, tuple[Keys, Keys]] = {}
        place = {id_: number for number, id_ in enumerate(demand.applications)}
        self._place = np.array([place[one.application] for one in asking.streams], np.int64)
        self._factors: dict[dt.date, dict[str, float]] = kept("factors", self.calendar.factors_hang_on, dict)
        self.variation = math.sqrt(math.log1p(demand.day_variation**2))

    def factors(self, day: dt.date) -> dict[str, float]:
        """Return the factor of each application on a day."""
        if day not in self._factors:
            self._factors[day] = {id_: self.calendar.factor(id_, day) for id_ in self.calendar.demand.applications}
        return self._factors[day]

    def expected(self, day: dt.date) -> tuple[Table, Table]:
        """Return the expected requests and calls of a day; made anew each time, as a year of them fills memories."""
        factors = self.factors(day)
        by_stream = np.array([factors[id_] for id_ in self._calls])[self._place]
        calls = sum((factors[id_] * table for id_, table in self._calls.items()), np.zeros(HOURS))
        return self._mean * by_stream[:, None], calls

    def drawn(self, day: dt.date, seed: int, replication: int) -> tuple[Table, Table]:
        """Return the requests and calls of one day as they come in a replication."""
        requests, calls = self.expected(day)
        keys, cities = self._keys(seed)
        means = np.vstack([requests, calls])
        drawn = np.empty_like(means)
        draw_table(means, keys, cities, day.toordinal(), replication, self.variation, drawn)
        return drawn[:-1], drawn[-1]

    def _keys(self, seed: int) -> tuple[Keys, Keys]:
        """Return the keys of each stream and of its city, and last those of the calls."""
        if seed not in self._known:
            names = [(one.name, one.city) for one in self.asking.streams] + [("calls", "calls")]
            keys = np.array([source_key(seed, "arrivals", name) for name, _ in names], np.uint64)
            self._known[seed] = keys, np.array([source_key(seed, "busy day", city) for _, city in names], np.uint64)
        return self._known[seed]


@compiled
def normal(stream: np.uint64, number: int) -> float:
    """Return a standard normal number of a stream, by Box and Muller from two of its uniform ones."""
    radius = np.sqrt(-2.0 * np.log1p(-uniform(stream, 2 * number)))
    return float(radius * np.cos(2.0 * np.pi * uniform(stream, 2 * number + 1)))


@compiled
def poisson(mean: float, stream: np.uint64, number: int) -> float:
    """Return a Poisson number of a mean: exactly by inversion below 50, else by the corrected normal quantile."""
    if mean <= 0.0:
        return 0.0
    if mean < _LARGE:
        left = uniform(stream, 2 * number)
        share, count = np.exp(-mean), 0
        while left >= share and count < 1000:
            left -= share
            count += 1
            share *= mean / count
        return float(count)
    z = normal(stream, number)
    return float(max(0.0, np.floor(mean + np.sqrt(mean) * z + (z * z - 1.0) / 6.0 + 0.5)))


@compiled
def draw_table(
    means: Table, keys: Keys, cities: Keys, day: int, replication: int, variation: float, drawn: Table
) -> None:
    """Write the numbers of one day and replication for every stream and hour."""
    rows, hours = means.shape
    for row in range(rows):
        busy = normal(stream_key(stream_key(cities[row], day), replication), hours)
        level = np.exp(variation * busy - variation * variation / 2.0)
        stream = stream_key(stream_key(keys[row], day), replication)
        for hour in range(hours):
            drawn[row, hour] = poisson(means[row, hour] * level, stream, hour)
