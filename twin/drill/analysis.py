"""From probe logs to outages, in the simulation's own terms. Pure: takes records, returns records.

Leaves sending and receiving to `twin.probe`. An outage is a stretch of lost probes, from the first lost to the first
that came again, in the sender's time; probes that came late, twice or in another order lost nothing. A phase of the run
begins at each instant at which something was done; as in the model, loss that lasts over a repair counts from the
repair on for the phase of the repair, and as endless for the phase in which it began.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from simulation.outage import Phase

Direction = Literal["to_dc", "from_dc"]
DIRECTIONS: tuple[Direction, Direction] = ("to_dc", "from_dc")

# A probe that is under way when something fails is lost though it was sent before; queues hold 100 ms at most.
IN_FLIGHT_S = 0.1


@dataclasses.dataclass(frozen=True)
class Loss:
    """A stretch of lost probes of one flow; `until_s` is infinite where nothing came again."""

    begin_s: float
    until_s: float
    probes: int

    @property
    def outage_s(self) -> float:
        """How long nothing arrived."""
        return self.until_s - self.begin_s


@dataclasses.dataclass(frozen=True)
class Stream:
    """All flows between a city's terminals and its server in one direction, as they were sent and received.

    `flows` holds each flow's losses in order of time. `latest_s` is by how much the sender was late at worst: on a host
    that is too busy the measurement is as coarse as that.
    """

    city: str
    direction: Direction
    spacing_s: float
    flows: tuple[tuple[Loss, ...], ...]
    heard: tuple[bool, ...]
    sent_from_s: float
    sent_until_s: float
    late: int
    duplicates: int
    latest_s: float
    send_errors: int


@dataclasses.dataclass(frozen=True)
class Event:
    """Something that the drill did: when it was due in the scenario, when it was begun and how long it took."""

    due_s: float
    at_s: float
    took_s: float
    kind: Literal["fault", "repair"]
    label: str


@dataclasses.dataclass(frozen=True)
class Outage:
    """What one run showed for a city in one direction; times infinite where nothing, or only a repair, ended them."""

    outage_s: float
    ended_by_repair: bool
    switch_over_s: float
    recovery_s: float
    flows_hit: float
    lost_probes: int


def read_stream(city: str, direction: Direction, sent: Mapping[str, Any], received: Mapping[str, Any]) -> Stream:
    """Join what the sender and the receiver of one stream wrote down (see `twin.probe`)."""
    spacing_s = float(sent["interval_s"])
    flows, heard, late, duplicates = [], [], 0, 0
    for flow in range(sent["flows"]):
        record = received["flows"].get(str(flow))
        flows.append(_losses(sent, record, spacing_s))
        heard.append(record is not None)
        late += record["late"] if record else 0
        duplicates += record["duplicates"] if record else 0
    return Stream(
        city=city,
        direction=direction,
        spacing_s=spacing_s,
        flows=tuple(flows),
        heard=tuple(heard),
        sent_from_s=sent["first_sent_ns"] / 1e9,
        sent_until_s=sent["last_sent_ns"] / 1e9 + spacing_s,
        late=late,
        duplicates=duplicates,
        latest_s=float(sent["latest_s"]),
        send_errors=int(sent["send_errors"]),
    )


def _losses(sent: Mapping[str, Any], record: Mapping[str, Any] | None, spacing_s: float) -> tuple[Loss, ...]:
    """Return the losses of a flow; one that reaches the last probe never ended."""
    first_s = sent["first_sent_ns"] / 1e9

    def after(sent_ns: int) -> float:
        return sent_ns / 1e9 + spacing_s if sent_ns else first_s

    if record is None:
        return (Loss(first_s, math.inf, sent["sent_per_flow"]),) if sent["sent_per_flow"] else ()
    found = [Loss(after(before), until / 1e9, lost) for _, lost, before, until in record["gaps"]]
    missing = sent["sent_per_flow"] - record["next_number"]
    if missing > 0:
        found.append(Loss(after(record["last_sent_ns"]), math.inf, missing))
    return tuple(found)


def phases_of(events: Sequence[Event], end_s: float) -> tuple[Phase, ...]:
    """Return the phases of a run; what was due at one instant begins one phase, at the first time it was done."""
    instants = sorted({event.due_s for event in events})
    groups = [[event for event in events if event.due_s == due_s] for due_s in instants]
    begins = [min(event.at_s for event in group) for group in groups]
    return tuple(
        Phase(begin_s, until_s, tuple(e.label for e in group), any(e.kind == "repair" for e in group))
        for group, begin_s, until_s in zip(groups, begins, [*begins[1:], end_s], strict=True)
    )


def measure(stream: Stream, phases: Sequence[Phase], judge: str, end_s: float) -> Outage:
    """Return the worst flow's outage up to `end_s`, as a whole and by phase.

    `judge` is the scenario's: with `recovery` only what was lost from the first repair on counts as the outage.
    A loss that began before the first event is part of the outage too: nothing is left out because it was unexpected.
    """
    repairs = [phase.from_s for phase in phases if phase.repair]
    judged_from_s = repairs[0] if judge == "recovery" and repairs else -math.inf
    losses = [[loss for loss in flow if loss.begin_s <= end_s] for flow in stream.flows]
    judged = [[_clip(loss, judged_from_s) for loss in flow if loss.until_s > judged_from_s] for flow in losses]
    every = [loss for flow in judged for loss in flow]
    worst = max(every, key=lambda loss: loss.outage_s, default=None)
    by_phase = [
        (phase.repair, _phase_outage_s(phase, [x for flow in losses for x in flow], repairs)) for phase in phases
    ]
    return Outage(
        outage_s=worst.outage_s if worst else 0.0,
        ended_by_repair=worst is not None and math.isfinite(worst.until_s) and _spans(worst, repairs),
        switch_over_s=max((outage_s for repair, outage_s in by_phase if not repair), default=0.0),
        recovery_s=max((outage_s for repair, outage_s in by_phase if repair), default=0.0),
        flows_hit=sum(bool(flow) for flow in judged) / len(stream.flows),
        lost_probes=sum(_lost(loss, judged_from_s, stream.spacing_s) for flow in losses for loss in flow),
    )


def _phase_outage_s(phase: Phase, losses: Sequence[Loss], repairs: Sequence[float]) -> float:
    """Return the longest loss of a phase, as the simulation counts it."""
    worst_s = 0.0
    for loss in losses:
        here = phase.from_s <= loss.begin_s + IN_FLIGHT_S < phase.until_s
        over = phase.repair and loss.begin_s + IN_FLIGHT_S < phase.from_s < loss.until_s
        if here or over:
            waits = _spans(loss, [repair for repair in repairs if repair > phase.from_s])
            worst_s = max(worst_s, math.inf if waits else _clip(loss, phase.from_s).outage_s if over else loss.outage_s)
    return worst_s


def _spans(loss: Loss, repairs: Sequence[float]) -> bool:
    return any(loss.begin_s + IN_FLIGHT_S < repair < loss.until_s for repair in repairs)


def _clip(loss: Loss, from_s: float) -> Loss:
    return loss if loss.begin_s >= from_s else dataclasses.replace(loss, begin_s=from_s)


def _lost(loss: Loss, from_s: float, spacing_s: float) -> int:
    """Return how many probes of a loss were sent from `from_s` on."""
    if loss.begin_s >= from_s:
        return loss.probes
    return 0 if loss.until_s <= from_s else max(0, loss.probes - math.ceil((from_s - loss.begin_s) / spacing_s))
