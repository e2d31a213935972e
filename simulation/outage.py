"""From spans of reach to losses as probes show them, flow by flow, and to the record of a pair of hosts.

Leaves what counts as an outage to `simulation.loss`.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from simulation.control_plane.layout import Layout
from simulation.control_plane.replication import Span
from simulation.draws import Draws
from simulation.loss import Course, Loss, Phase, Probing, outage_of
from simulation.records import OutageRecord, Route
from simulation.scenario import Judge, Scenario


@dataclasses.dataclass(frozen=True)
class Probes:
    """When probes leave: every `interval_s`, offset by `phase_s`; they are numbered from time 0 on."""

    interval_s: float
    phase_s: float

    def first(self, from_s: float) -> int:
        """Return the number of the first probe that leaves at an instant or later."""
        return math.ceil((from_s - self.phase_s) / self.interval_s - 1e-9)

    def sent_s(self, number: int) -> float:
        """Return when a probe leaves (s)."""
        return self.phase_s + number * self.interval_s


def phases_of(scenario: Scenario) -> tuple[Phase, ...]:
    """Return the scenario's phases in order; one that begins with a repair counts as a repair."""
    events: dict[float, list[tuple[str, bool]]] = {}
    for fault in scenario.faults:
        events.setdefault(fault.at_s, []).append((f"{fault.kind} {fault.target}", False))
        if fault.repaired_s is not None:
            events.setdefault(fault.repaired_s, []).append((f"repair {fault.target}", True))
    instants = sorted(events)
    ends = [*instants[1:], scenario.horizon_s]
    return tuple(
        Phase(at_s, end_s, tuple(name for name, _ in events[at_s]), any(repair for _, repair in events[at_s]))
        for at_s, end_s in zip(instants, ends, strict=True)
    )


def courses_of(layout: Layout, spans: Sequence[Span], probes: Probes, draws: Draws) -> list[Course]:
    """Return what the flows lose; they choose among equal paths by one fixed number for each router.

    A span that is over before the next probe leaves shows in none.
    """
    if all(span.reach.certain for span in spans):
        return [Course(layout.flows, ())]
    numbers = [*(probes.first(span.from_s) for span in spans), probes.first(spans[-1].until_s)]
    shown = [
        (span.reach, first) for span, first, next_ in zip(spans, numbers, numbers[1:], strict=False) if first < next_
    ]
    rows: list[np.ndarray | bool] = []
    choices: dict[int, np.ndarray] = {}
    for reach, _ in shown:
        if reach.certain is not None:
            rows.append(not reach.certain)
            continue
        if not choices:
            names = enumerate(layout.routers)
            choices = {number: draws.flows(("flow hash", name), layout.flows) for number, name in names}
        rows.append(~reach.arrives(choices))
    if any(isinstance(row, np.ndarray) for row in rows):
        columns = np.array([row if isinstance(row, np.ndarray) else np.full(layout.flows, row) for row in rows])
        patterns = Counter(map(tuple, columns.T.tolist()))
    else:
        patterns = Counter({tuple(rows): layout.flows})
    firsts = [*(first for _, first in shown), numbers[-1]]
    return [Course(flows, tuple(_losses(firsts, pattern, probes))) for pattern, flows in patterns.items()]


def measure(
    layout: Layout,
    judge: Judge,
    phases: Sequence[Phase],
    spans: Sequence[Span],
    draws: Draws,
    *,
    place: tuple[int, str, str],
) -> OutageRecord:
    """Return the record of one pair of hosts; `place` is its replication, city and direction."""
    interval_s = layout.probe_interval_s
    probes = Probes(interval_s, float(draws.flows(("probe phase", "all"), 1)[0]) * interval_s)
    courses = courses_of(layout, spans, probes, draws)
    outage = outage_of(courses, phases, judge, Probing(interval_s))
    replication, city, direction = place
    return OutageRecord(
        **vars(outage),
        replication=replication,
        city=city,
        direction=direction,
        before=_route(spans[0]),
        during=_route(_during(spans, phases)),
        after=_route(spans[-1]),
    )


def _losses(firsts: Sequence[int], pattern: Sequence[bool], probes: Probes) -> Iterator[Loss]:
    """Yield the runs of lost probes; `firsts` are the first probes of the spans and the first after the horizon."""
    begun: int | None = None
    for first, lost in zip(firsts, pattern, strict=False):
        if lost and begun is None:
            begun = first
        elif not lost and begun is not None:
            yield Loss(probes.sent_s(begun), probes.sent_s(first), first - begun)
            begun = None
    if begun is not None:
        yield Loss(probes.sent_s(begun), math.inf, firsts[-1] - begun)


def _during(spans: Sequence[Span], phases: Sequence[Phase]) -> Span:
    """Return the span just before the first repair, or the last one."""
    repaired_s = next((phase.from_s for phase in phases if phase.repair), math.inf)
    return next((span for span in spans if span.until_s >= repaired_s), spans[-1])


def _route(span: Span) -> Route:
    return span.reach.circuits, span.reach.capacity_bps
