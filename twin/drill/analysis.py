"""From probe logs to losses, in the simulation's own terms. Pure: takes records, returns records.

Leaves sending and receiving to `twin.probe`, and what counts as an outage to `simulation.loss`. A loss is a stretch of
lost probes, from the first lost to the first that came again, in the sender's time; probes that came late, twice or in
another order lost nothing. A phase of the run begins at each instant at which something was done.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from simulation.loss import Course, Loss, Phase, Probing, outage_of
from simulation.records import Outage
from simulation.scenario import Judge

Direction = Literal["to_dc", "from_dc"]
DIRECTIONS: tuple[Direction, Direction] = ("to_dc", "from_dc")

# A probe that is under way when something fails is lost though it was sent before; queues hold 100 ms at most.
IN_FLIGHT_S = 0.1


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


def measure(stream: Stream, phases: Sequence[Phase], judge: Judge) -> Outage:
    """Return what a stream shows of a run, counted as a prediction is."""
    courses = [Course(1, losses) for losses in stream.flows]
    return outage_of(courses, phases, judge, Probing(stream.spacing_s, IN_FLIGHT_S))
