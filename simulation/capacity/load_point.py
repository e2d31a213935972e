"""The busiest hour at any growth, with anything failed: use of each station and circuit, responses by city.

Expected numbers and even shares of the ways, circuits at the rate that they are planned with, no batch job unless that
hour has one. Growth is more users: everything that is asked is multiplied, the machines stay.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection

import numpy as np

from simulation.day.conditions import Conditions
from simulation.day.hour import integrate
from simulation.day.plant import Floats, Plant
from simulation.day.summary import Summary
from simulation.day.tables import Totals, empty_totals, fixed_of, now_of

HOUR_S = 3600.0
MOST_GROWTH = 1e6
_STEPS = 60


@dataclasses.dataclass(frozen=True)
class Use:
    """Something that fills: a station's cores, disks or places, or a direction of a circuit; its share in use."""

    kind: str
    number: int
    share: float


@dataclasses.dataclass(frozen=True)
class Point:
    """What one load shows: the use of everything, the response of each city's counters (s), the share not served."""

    uses: tuple[Use, ...]
    responses_s: dict[str, float]
    unserved: float

    def fullest(self) -> Use:
        """Return what is used most; the first of equals."""
        return max(self.uses, key=lambda use: use.share)

    def slowest_s(self) -> float:
        """Return the longest response of a city (s)."""
        return max(self.responses_s.values(), default=0.0)


class BusiestHour:
    """An hour's expected requests on a plant; `jobs` are the cores that batch keeps busy then, by machine."""

    def __init__(self, plant: Plant, conditions: Conditions, requests: Floats, jobs: Floats) -> None:
        """Keep the requests of the hour (by stream)."""
        self.plant = plant
        self.conditions = conditions
        self.requests = requests
        self.jobs = jobs
        self.fixed = fixed_of(plant)

    def at(self, growth: float, failed: Collection[str] = ()) -> Point:
        """Return what is in use at a growth while entries fail together."""
        totals = self._totals(growth, failed)
        tables = {
            "cores": totals.busy[:, 0] / HOUR_S,
            "disks": totals.disk[:, 0] / HOUR_S,
            "places": totals.places[:, 0] / HOUR_S,
            "circuit": totals.bits[:, 0] / np.maximum(totals.room[:, 0], 1.0),
        }
        uses = [Use(kind, n, share) for kind, table in tables.items() for n, share in enumerate(table.tolist())]
        summary = Summary(self.plant, totals)
        cities = dict.fromkeys(one.city for one in self.plant.streams)
        responses = {city: summary.response_s(summary.counters(city), 0) for city in cities}
        asked = float(totals.asked.sum())
        lost = float((totals.lost + totals.refused).sum())
        return Point(tuple(uses), responses, lost / asked if asked > 0 else 0.0)

    def server_response_s(self, growth: float, streams: Collection[int]) -> float:
        """Return the mean time of streams at servers and disks (s), circuits left out."""
        totals, numbers = self._totals(growth, ()), list(streams)
        return float(totals.response[1:, numbers, 0].sum() / totals.served[numbers, 0].sum())

    def _totals(self, growth: float, failed: Collection[str]) -> Totals:
        condition = self.conditions.of(failed)
        now = now_of(self.plant, condition)
        now.rates[:] = self.requests * growth / HOUR_S
        now.jobs[:] = self.jobs
        totals = empty_totals(self.plant, 1)
        integrate(0, HOUR_S, self.fixed, now, totals)
        return totals

    def growth_until(self, broken: Callable[[Point], bool], failed: Collection[str] = ()) -> float:
        """Return the growth from which on a point is broken, to six digits: doubled, then halved in.

        0 where nothing has to be asked for it, infinite where a million times the load does not do it. What is asked
        about must grow with the load.
        """
        if broken(self.at(1e-6, failed)):
            return 0.0
        low, high = 1e-6, 1.0
        while not broken(self.at(high, failed)):
            low, high = high, high * 2
            if high > MOST_GROWTH:
                return math.inf
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if broken(self.at(middle, failed)) else (middle, high)
            if high - low < 1e-7 * high:
                break
        return high
