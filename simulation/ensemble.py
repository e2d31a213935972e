"""Many replications of a scenario: records, and quantiles over them. Leaves documents to `failover` and `gate`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from simulation.control_plane.layout import Layout
from simulation.control_plane.replication import Replication
from simulation.draws import Draws, Streams
from simulation.outage import measure, phases_of
from simulation.records import OutageRecord, Route
from simulation.scenario import Scenario


def replicate(layout: Layout, scenario: Scenario, streams: Streams, chosen: Iterable[int]) -> list[OutageRecord]:
    """Run the chosen replications and return their records, pair by pair.

    A replication's record depends on the seed and its own number alone, not on which others run or in what order.
    """
    records = []
    phases = phases_of(scenario)
    for number in chosen:
        draws = Draws(streams, number)
        spans_by_pair = Replication(layout, draws).run(scenario)
        for pair, spans in zip(layout.pairs, spans_by_pair, strict=True):
            place = (number, pair.city, pair.direction)
            records.append(measure(layout, scenario.judge, phases, spans, draws, place=place))
    return records


def worst_outages_s(layout: Layout, scenario: Scenario, streams: Streams) -> dict[str, list[float]]:
    """Return for each city the worse direction's outage (s) of every replication."""
    worst: dict[str, list[float]] = {}
    for record in replicate(layout, scenario, streams, range(streams.replications)):
        values = worst.setdefault(record.city, [0.0] * streams.replications)
        values[record.replication] = max(values[record.replication], record.outage_s)
    return worst


def quantile(values: Sequence[float], fraction: float) -> float:
    """Return the least value that at least `fraction` of all values do not exceed; values may be infinite."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(fraction * len(ordered) - 1e-9) - 1)]


def mean(values: Sequence[float]) -> float:
    """Return the mean of values, of which none may be missing."""
    return math.fsum(values) / len(values)


def usual(routes: Iterable[Route]) -> Route:
    """Return the most frequent route, the first of equals in order."""
    counts = Counter(routes)
    return min(counts, key=lambda route: (-counts[route], route))
