"""From spans of reach to outages as probes show them: flow by flow, runs of lost probes, by phase of the scenario.

A probe of each flow leaves every `interval_s`; a run of n lost probes is an outage of n intervals.
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
from simulation.records import OutageRecord, PhaseRecord, Route
from simulation.scenario import Scenario


@dataclasses.dataclass(frozen=True)
class Loss:
    """A stretch in which a flow loses every packet; `lasts` where it reaches the horizon."""

    from_s: float
    until_s: float
    lasts: bool


@dataclasses.dataclass(frozen=True)
class Course:
    """What a number of flows went through alike."""

    flows: int
    losses: tuple[Loss, ...]


@dataclasses.dataclass(frozen=True)
class Phase:
    """From one instant of the scenario to the next."""

    from_s: float
    until_s: float
    events: tuple[str, ...]
    repair: bool


@dataclasses.dataclass(frozen=True)
class Probes:
    """When probes leave: every `interval_s`, offset by `phase_s`."""

    interval_s: float
    phase_s: float

    def count(self, loss: Loss) -> int:
        """Return how many probes leave during a loss."""
        return self._before(loss.until_s) - self._before(loss.from_s)

    def length_s(self, loss: Loss) -> float:
        """Return how long the loss looks (s), infinite where it lasts."""
        return math.inf if loss.lasts else self.count(loss) * self.interval_s

    def _before(self, at_s: float) -> int:
        return math.ceil((at_s - self.phase_s) / self.interval_s - 1e-9)


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


def courses_of(layout: Layout, spans: Sequence[Span], draws: Draws) -> list[Course]:
    """Return what the flows go through; they choose among equal paths by one fixed number for each router."""
    rows: list[np.ndarray | bool] = []
    choices: dict[int, np.ndarray] = {}
    for span in spans:
        if span.reach.certain is not None:
            rows.append(not span.reach.certain)
            continue
        if not choices:
            names = enumerate(layout.routers)
            choices = {number: draws.flows(("flow hash", name), layout.flows) for number, name in names}
        rows.append(~span.reach.arrives(choices))
    if any(isinstance(row, np.ndarray) for row in rows):
        columns = np.array([row if isinstance(row, np.ndarray) else np.full(layout.flows, row) for row in rows])
        patterns = Counter(map(tuple, columns.T.tolist()))
    else:
        patterns = Counter({tuple(rows): layout.flows})
    return [Course(flows, tuple(_losses(spans, pattern))) for pattern, flows in patterns.items()]


def measure(
    layout: Layout, scenario: Scenario, spans: Sequence[Span], draws: Draws, place: tuple[int, str, str]
) -> OutageRecord:
    """Return the record of one pair of hosts; `place` is its replication, city and direction."""
    if all(span.reach.certain for span in spans):
        return _untouched(scenario, spans, place)
    interval_s = layout.probe_interval_s
    probes = Probes(interval_s, float(draws.flows(("probe phase", "all"), 1)[0]) * interval_s)
    courses = courses_of(layout, spans, draws)
    judged = [Course(course.flows, tuple(_from(course.losses, scenario.judged_from_s))) for course in courses]
    losses = {loss for course in judged for loss in course.losses}
    worst = max(losses, key=lambda loss: (probes.length_s(loss), -loss.from_s), default=Loss(0, 0, lasts=False))
    phases = phases_of(scenario)
    repairs = [phase.from_s for phase in phases if phase.repair]
    everything = {loss for course in courses for loss in course.losses}
    replication, city, direction = place
    return OutageRecord(
        replication=replication,
        city=city,
        direction=direction,
        outage_s=probes.length_s(worst),
        ended_by_repair=not worst.lasts and any(worst.from_s < repair < worst.until_s for repair in repairs),
        lost_probes=sum(course.flows * sum(map(probes.count, course.losses)) for course in judged),
        flows_hit=sum(course.flows for course in judged if any(map(probes.count, course.losses))) / layout.flows,
        phases=tuple(_phase(phase, everything, repairs, probes) for phase in phases),
        before=_route(spans[0]),
        during=_route(_during(spans, scenario)),
        after=_route(spans[-1]),
    )


def _untouched(scenario: Scenario, spans: Sequence[Span], place: tuple[int, str, str]) -> OutageRecord:
    """Return the record of a pair that loses nothing."""
    phases = tuple(PhaseRecord(phase.from_s, phase.events, phase.repair, 0.0) for phase in phases_of(scenario))
    routes = (_route(spans[0]), _route(_during(spans, scenario)), _route(spans[-1]))
    return OutageRecord(*place, 0.0, False, 0, 0.0, phases, *routes)


def _phase(phase: Phase, losses: set[Loss], repairs: list[float], probes: Probes) -> PhaseRecord:
    """Return the longest loss of a phase: begun in it, or (after a repair) still there at its start."""
    worst_s = 0.0
    later = [repair for repair in repairs if repair > phase.from_s]
    for loss in _from(losses, phase.from_s):
        carried = loss.from_s == phase.from_s and loss not in losses
        if loss.from_s < phase.until_s and (phase.repair or not carried):
            waits = any(loss.from_s < repair < loss.until_s for repair in later)
            worst_s = max(worst_s, math.inf if waits else probes.length_s(loss))
    return PhaseRecord(phase.from_s, phase.events, phase.repair, worst_s)


def _from(losses: set[Loss] | tuple[Loss, ...], from_s: float) -> Iterator[Loss]:
    """Yield the losses from an instant on; one that was there before begins with it."""
    for loss in losses:
        if loss.from_s >= from_s:
            yield loss
        elif loss.until_s > from_s:
            yield dataclasses.replace(loss, from_s=from_s)


def _losses(spans: Sequence[Span], pattern: tuple[bool, ...]) -> Iterator[Loss]:
    begun_s: float | None = None
    for span, lost in zip(spans, pattern, strict=True):
        if lost and begun_s is None:
            begun_s = span.from_s
        elif not lost and begun_s is not None:
            yield Loss(begun_s, span.from_s, lasts=False)
            begun_s = None
    if begun_s is not None:
        yield Loss(begun_s, spans[-1].until_s, lasts=True)


def _during(spans: Sequence[Span], scenario: Scenario) -> Span:
    """Return the span just before the first repair, or the last one."""
    repaired_s = scenario.first_repair_s
    return next((span for span in spans if repaired_s is not None and span.until_s >= repaired_s), spans[-1])


def _route(span: Span) -> Route:
    return span.reach.circuits, span.reach.capacity_bps
