"""Components that fail and are repaired, and what ties their fates: common causes, failures that follow, crews.

All times are hours. Up times are exponential: a component does not age. Leaves the estate's figures to who builds it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping

from simulation.availability.service_hours import ServiceHours
from simulation.availability.structure import Need
from simulation.errors import MechanismInvalid


@dataclasses.dataclass(frozen=True)
class Component:
    """A component: mean time until it fails and until it is repaired (h), and who repairs it.

    `repair_scv` is the repair time's squared coefficient of variation: 0 constant, 1 exponential, else log-normal.
    Without a crew it never waits. A component that only fails through others has an infinite `mtbf_h`. With hours of
    `service` the time to repair counts in these alone.
    """

    name: str
    mtbf_h: float
    mttr_h: float
    repair_scv: float = 1.0
    crew: str | None = None
    service: ServiceHours | None = None

    @property
    def unavailability(self) -> float:
        """Share of the time it is away, alone and with a crew of its own around the clock: mttr / (mtbf + mttr)."""
        return self.mttr_h / (self.mtbf_h + self.mttr_h)

    @property
    def failures_per_h(self) -> float:
        """Failures per hour in the long run."""
        return 1 / (self.mtbf_h + self.mttr_h)


@dataclasses.dataclass(frozen=True)
class CommonCause:
    """An event from outside (a duct is cut, the power fails) that takes down each of its components with a chance."""

    name: str
    mean_between_h: float
    hits: Mapping[str, float]


@dataclasses.dataclass(frozen=True)
class Follows:
    """When `of` fails, `then` fails with it with a chance: a switch-over that does not work, a cascade."""

    of: str
    then: str
    chance: float


@dataclasses.dataclass(frozen=True)
class Maintenance:
    """A window in which a component is switched off: first at `first_h`, then `every_h`, for `lasts_h`."""

    component: str
    first_h: float
    every_h: float
    lasts_h: float


@dataclasses.dataclass(frozen=True)
class System:
    """Components, the services over them, and their ties. Raises MechanismInvalid with all that is wrong."""

    components: tuple[Component, ...]
    services: Mapping[str, Need]
    causes: tuple[CommonCause, ...] = ()
    follows: tuple[Follows, ...] = ()
    crews: Mapping[str, int] = dataclasses.field(default_factory=dict)
    maintenance: tuple[Maintenance, ...] = ()

    def __post_init__(self) -> None:
        problems = [*self._of_components(), *self._of_ties()]
        if problems:
            raise MechanismInvalid(problems)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the components."""
        return tuple(component.name for component in self.components)

    @property
    def independent(self) -> bool:
        """Whether nothing ties the components, so that the exact figures hold for it."""
        kept = any(component.crew or component.service for component in self.components)
        return not (self.causes or self.follows or self.maintenance or kept)

    def _of_components(self) -> Iterator[str]:
        seen: set[str] = set()
        for component in self.components:
            where = f"component `{component.name}`"
            if component.name in seen:
                yield f"{where} is there twice, expected once"
            seen.add(component.name)
            if not component.mtbf_h > 0:
                yield f"{where}: {component.mtbf_h} h between failures, expected more than 0"
            if not 0 <= component.mttr_h < math.inf:
                yield f"{where}: {component.mttr_h} h to repair, expected 0 or more, and finite"
            if not 0 <= component.repair_scv < math.inf:
                yield f"{where}: a squared coefficient of variation of {component.repair_scv}, expected 0 or more"
            if component.crew is not None and component.crew not in self.crews:
                yield f"{where} is repaired by `{component.crew}`, expected one of: {', '.join(sorted(self.crews))}"
        for crew, count in self.crews.items():
            if count < 1:
                yield f"crew `{crew}` has {count} people, expected at least 1"
        for service, need in self.services.items():
            yield from _unknown(f"service `{service}`", need.components(), seen)

    def _of_ties(self) -> Iterator[str]:
        names = set(self.names)
        for cause in self.causes:
            where = f"cause `{cause.name}`"
            if not cause.mean_between_h > 0:
                yield f"{where}: {cause.mean_between_h} h between events, expected more than 0"
            yield from _unknown(where, cause.hits, names)
            for chance in cause.hits.values():
                if not 0 <= chance <= 1:
                    yield f"{where}: a chance of {chance}, expected 0 to 1"
        for tie in self.follows:
            where = f"`{tie.then}` that fails after `{tie.of}`"
            yield from _unknown(where, (tie.of, tie.then), names)
            if not 0 <= tie.chance <= 1:
                yield f"{where}: a chance of {tie.chance}, expected 0 to 1"
        for window in self.maintenance:
            where = f"maintenance of `{window.component}`"
            yield from _unknown(where, (window.component,), names)
            if not (window.first_h >= 0 and 0 < window.lasts_h < window.every_h < math.inf):
                yield f"{where}: {window.lasts_h} h every {window.every_h} h, expected more than 0, less than between"


def _unknown(where: str, wanted: Iterable[str], names: set[str]) -> Iterator[str]:
    for name in dict.fromkeys(wanted):
        if name not in names:
            yield f"{where} names component `{name}`, which is none"
