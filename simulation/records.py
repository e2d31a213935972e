"""Flat records of what a replication showed: one for each city and direction. Leaves statistics to `failover`."""

from __future__ import annotations

import dataclasses
import math
from typing import NamedTuple

Route = tuple[tuple[str, ...], float]


class PhaseRecord(NamedTuple):
    """The longest loss of any flow that began with, or after, one instant of the scenario.

    After a repair, loss that was there before counts from the repair on. `outage_s` is infinite where only a later
    repair, or nothing, ends it.
    """

    from_s: float
    events: tuple[str, ...]
    repair: bool
    outage_s: float


@dataclasses.dataclass(frozen=True)
class Outage:
    """What the probes between two hosts showed in one direction, predicted or measured.

    `outage_s` is the worst flow's longest run of lost probes in the judged part, infinite where it lasts to the
    horizon; `ended_by_repair` tells that only a repair ended it. `flows_hit` is the share of flows that lost a probe.
    """

    outage_s: float
    ended_by_repair: bool
    lost_probes: int
    flows_hit: float
    phases: tuple[PhaseRecord, ...]

    @property
    def switch_over_s(self) -> float:
        """The longest loss that a fault caused, infinite where only a repair ended it."""
        return max((phase.outage_s for phase in self.phases if not phase.repair), default=0.0)

    @property
    def recovery_s(self) -> float:
        """The longest loss from a repair on, infinite where it lasts to the horizon."""
        return max((phase.outage_s for phase in self.phases if phase.repair), default=0.0)

    @property
    def lasts(self) -> bool:
        """Whether the outage lasts to the horizon."""
        return math.isinf(self.outage_s)


@dataclasses.dataclass(frozen=True)
class OutageRecord(Outage):
    """The outage of one replication between a city's terminals and its server in one direction.

    `before`, `during` and `after` are the circuits in use and what they carry (bit/s): at the start, just before the
    first repair, at the horizon.
    """

    replication: int
    city: str
    direction: str
    before: Route
    during: Route
    after: Route
