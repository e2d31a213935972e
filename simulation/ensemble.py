"""Many replications of a scenario: records, and quantiles over them. Leaves documents to `failover` and `gate`."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor

from simulation.control_plane.layout import Layout
from simulation.control_plane.replication import Replication
from simulation.draws import Draws, Streams
from simulation.outage import measure, phases_of
from simulation.records import OutageRecord, Route
from simulation.scenario import Scenario
from simulation.workers import portions


def replicate(
    layout: Layout, scenario: Scenario, streams: Streams, chosen: Sequence[int], executor: Executor | None = None
) -> list[OutageRecord]:
    """Run the chosen replications and return their records, pair by pair; with an executor in portions on its workers.

    A replication's record depends on the seed and its own number alone, not on which others run, in what order, where.
    """
    if executor is None:
        return _replicate((layout, scenario, streams, chosen))
    work = [
        (layout, scenario, Streams(streams.seed, streams.replications), part) for part in portions(chosen, executor)
    ]
    return list(itertools.chain.from_iterable(executor.map(_replicate, work)))


def _replicate(work: tuple[Layout, Scenario, Streams, Sequence[int]]) -> list[OutageRecord]:
    """Run one portion; at the top of the module, so that worker processes find it."""
    layout, scenario, streams, chosen = work
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


def mean(values: Sequence[float]) -> float:
    """Return the mean of values, of which none may be missing."""
    return math.fsum(values) / len(values)


def usual(routes: Iterable[Route]) -> Route:
    """Return the most frequent route, the first of equals in order."""
    counts = Counter(routes)
    return min(counts, key=lambda route: (-counts[route], route))
