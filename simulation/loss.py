"""What an outage is: one rule over losses, whether a replication predicted them or probes measured them.

Leaves making losses to those who have spans of reach (`simulation.outage`) or probe logs (`twin.drill.analysis`), and
whether prediction and measurement agree to the drill's verdict.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from simulation.records import Outage, PhaseRecord
from simulation.scenario import Judge


class Loss(NamedTuple):
    """A run of lost probes of one flow: from the first that was lost to the first that came again, as they left.

    `until_s` is infinite where nothing came again.
    """

    from_s: float
    until_s: float
    probes: int

    @property
    def outage_s(self) -> float:
        """How long nothing arrived; clocks count nanoseconds, and a sender in arrears sends closer than the spacing."""
        return max(0.0, round(self.until_s - self.from_s, 9))


class Course(NamedTuple):
    """What a number of flows lost alike, in order of time."""

    flows: int
    losses: tuple[Loss, ...]


@dataclasses.dataclass(frozen=True)
class Phase:
    """From one instant at which something was done to the next, the last one to the horizon."""

    from_s: float
    until_s: float
    events: tuple[str, ...]
    repair: bool


@dataclasses.dataclass(frozen=True)
class Probing:
    """How flows are probed: how far apart probes leave, and how long one may be under way before it is lost."""

    spacing_s: float
    in_flight_s: float = 0.0

    def begun_s(self, loss: Loss) -> float:
        """Return by when a loss had begun: what was under way then is lost though it was sent before."""
        return loss.from_s + self.in_flight_s

    def waits(self, loss: Loss, repairs: Iterable[float]) -> bool:
        """Tell whether a loss was there before one of the repairs and after it."""
        return any(self.begun_s(loss) < repair < loss.until_s for repair in repairs)

    def until(self, losses: Iterable[Loss], horizon_s: float) -> tuple[Loss, ...]:
        """Return the losses up to the horizon; nothing came again of one that is still there then."""
        return tuple(
            loss if loss.until_s < horizon_s else Loss(loss.from_s, math.inf, min(loss.probes, sent))
            for loss in losses
            if (sent := self._sent(loss.from_s, horizon_s)) > 0
        )

    def since(self, losses: Iterable[Loss], from_s: float) -> tuple[Loss, ...]:
        """Return the losses from an instant on; one that was there before counts from its first probe sent since."""
        found = []
        for loss in losses:
            if self.begun_s(loss) >= from_s:
                found.append(loss)
            elif loss.until_s > from_s and (earlier := self._sent(loss.from_s, from_s)) < loss.probes:
                found.append(Loss(loss.from_s + earlier * self.spacing_s, loss.until_s, loss.probes - earlier))
        return tuple(found)

    def _sent(self, first_s: float, until_s: float) -> int:
        """Return how many probes left before `until_s`, from the one on that left at `first_s`."""
        return math.ceil((until_s - first_s) / self.spacing_s - 1e-9)


def outage_of(courses: Sequence[Course], phases: Sequence[Phase], judge: Judge, probing: Probing) -> Outage:
    """Return the outage of all flows between two hosts in one direction: the worst flow's, as a whole and by phase.

    With `recovery` only what is lost from the first repair on counts as the outage. What was lost before the first
    phase counts too: nothing is left out because it was unexpected. There is at least one phase.
    """
    seen = [Course(course.flows, probing.until(course.losses, phases[-1].until_s)) for course in courses]
    repairs = [phase.from_s for phase in phases if phase.repair]
    judged_from_s = repairs[0] if judge == "recovery" and repairs else -math.inf
    judged = [Course(course.flows, probing.since(course.losses, judged_from_s)) for course in seen]
    distinct = {loss for course in judged for loss in course.losses}
    worst = max(distinct, key=lambda loss: (loss.outage_s, -loss.from_s), default=None)
    return Outage(
        outage_s=worst.outage_s if worst else 0.0,
        ended_by_repair=worst is not None and worst.until_s < math.inf and probing.waits(worst, repairs),
        lost_probes=sum(course.flows * sum(loss.probes for loss in course.losses) for course in judged),
        flows_hit=sum(course.flows for course in judged if course.losses) / sum(course.flows for course in courses),
        phases=_by_phase({loss for course in seen for loss in course.losses}, phases, repairs, probing),
    )


def _by_phase(
    losses: set[Loss], phases: Sequence[Phase], repairs: Sequence[float], probing: Probing
) -> tuple[PhaseRecord, ...]:
    """Return the longest loss of each phase: begun in it, or (after a repair) still there at its start.

    It is infinite where it waits for a later repair.
    """
    found = []
    for phase, end_s in zip(phases, [*(phase.from_s for phase in phases[1:]), math.inf], strict=True):
        worst_s = 0.0
        for loss in losses:
            begun_s = probing.begun_s(loss)
            if begun_s < end_s and (begun_s >= phase.from_s or phase.repair):
                counted = probing.since((loss,), phase.from_s)
                lasted_s = max((part.outage_s for part in counted), default=0.0)
                later = [repair for repair in repairs if repair > phase.from_s]
                worst_s = max(worst_s, math.inf if probing.waits(loss, later) else lasted_s)
        found.append(PhaseRecord(phase.from_s, phase.events, phase.repair, worst_s))
    return tuple(found)
