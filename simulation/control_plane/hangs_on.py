"""Of what outages are made: how far a scenario's outages move with each doubtful timer, by a few replications.

The same draws are played with the timer twice as long. Rates of circuits count where traffic crosses them, for they
decide which ways are taken.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection

from inventory.models.estate import Estate
from simulation.assumptions import Touched, assumed_values, rates
from simulation.availability.moved import worse
from simulation.control_plane.layout import Layout
from simulation.draws import Streams
from simulation.ensemble import worst_outages_s
from simulation.scenario import Scenario

REPLICATIONS = 12
ON_THE_WAY = 0.1
"""The share of a circuit's rate: it bears on which way is taken, not on how long switching over takes."""


def shares_of(estate: Estate, layout: Layout, scenario: Scenario, seed: int, circuits: Collection[str]) -> Touched:
    """Return how much of a city's outage follows each doubtful timer, and the rates of the circuits in use."""
    lines = rates(estate, circuits).values()
    found = Touched("timers", *lines)
    for path in lines:
        found.add(path, ON_THE_WAY)
    before = worst_outages_s(layout, scenario, Streams(seed, REPLICATIONS))
    for one in assumed_values(estate, Touched("timers")):
        changed = worse(estate.records, one.path)
        if changed is None:
            continue
        fresh: dict[str, dict[object, object]] = {key: {} for key in ("spf_cache", "state_cache", "reaches")}
        longer = dataclasses.replace(layout, timers=changed.records.timers, **fresh)  # type: ignore[arg-type]
        after = worst_outages_s(longer, scenario, Streams(seed, REPLICATIONS))
        for city, outages_s in after.items():
            found.add(one.path, _moved(before[city], outages_s))
    return found


def _moved(before_s: list[float], after_s: list[float]) -> float:
    """Return by what share of the longer one the mean outage moves; 1 where it loses or gains its end."""
    pairs = [(one, other) for one, other in zip(before_s, after_s, strict=True)]
    if any(math.isinf(one) != math.isinf(other) for one, other in pairs):
        return 1.0
    known = [pair for pair in pairs if math.isfinite(pair[0])]
    longest = max((sum(values) for values in zip(*known, strict=True)), default=0.0)
    return abs(sum(other - one for one, other in known)) / longest if longest > 0 else 0.0
