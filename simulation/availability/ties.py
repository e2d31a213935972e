"""What ties an estate's components: causes that hit several circuits, switch-overs, shared crews, maintenance windows.

Each kind of tie is a stage: the system of a stage has the ties of all stages before it too, so the differences between
stages add up to what ties cost in all. At stage 0 there are switch-overs alone, which the exact figures have as well.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from inventory.failing import figure_of
from inventory.models.estate import EstateRecords
from simulation.availability.components import CommonCause, Component, Follows, Maintenance, System
from simulation.availability.dependencies import every
from simulation.availability.parts import HOUR_S, Part
from simulation.availability.served import Served
from simulation.availability.service_hours import WEEK_BEGINS_H, WEEK_H
from simulation.availability.structure import Need, works
from simulation.availability.switching import SwitchOver, switch_overs, with_switch_overs

STAGES = ("common-cause", "crews", "maintenance")
STAGE_TITLES = {
    "common-cause": ("several circuits of a carrier at once", "同一事業者の複数回線の同時障害"),
    "crews": ("waiting for a crew that repairs elsewhere", "保守要員の他所対応待ち"),
    "maintenance": ("planned maintenance", "計画停止"),
}
SWITCHING = "no switch-over"
"""What is there while nothing switches over; beside the services."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Ties:
    """The parts of an estate and the services over them, ready to give the system of each stage.

    `instant` are the needs without what takes time (machines started elsewhere), by the key of the service. `parts` are
    then the independent parts, switch-overs included, and `needs` what services need of them.
    """

    def __init__(
        self, records: EstateRecords, parts: Mapping[str, Part], served: Iterable[Served], instant: Mapping[str, Need]
    ) -> None:
        """Work out causes and switch-overs once."""
        self.records = records
        self.served = tuple(served)
        self.causes = tuple(common_causes(records, parts))
        self.switching: dict[SwitchOver, None] = {}
        self.needs: dict[str, Need] = {}
        for one in self.served:
            found = list(switch_overs(records, parts, one, instant[one.key]))
            self.switching.update(dict.fromkeys(found))
            self.needs[one.key] = every([*(works(switch.name) for switch in found), one.need])
        self.parts = self.parts_with(records, parts)
        self.maintenance = tuple(self._maintenance())

    def parts_with(self, records: EstateRecords, parts: Mapping[str, Part]) -> dict[str, Part]:
        """Return the independent parts by figures that may have changed: what circuits share is left to its cause."""
        shared = {name for cause in common_causes(records, parts) for name in cause.hits}
        alone = {name: _alone(records, part) if name in shared else part for name, part in parts.items()}
        return with_switch_overs(records, alone, self.switching)

    @property
    def components(self) -> tuple[Component, ...]:
        """The components of the exact figures: each with a crew of its own."""
        return independent(self.parts)

    def system(self, stage: int) -> System:
        """Return the system with the ties of the first so many stages.

        All stages have the same components and needs, so that one diagram does.
        """
        sharing, planned = stage >= 2, stage >= 3
        by_name = {switch.name: switch for switch in self.switching}
        follows = [Follows(one.of, name, one.chance(self.records)) for name, one in by_name.items()]
        own = [part.component for part in self.parts.values()] if sharing else self.components
        # What every service may need stands first in the diagram, so that services share all that is below.
        first = {SWITCHING: every(map(works, by_name))} if by_name else {}
        return System(
            tuple(dataclasses.replace(one, mtbf_h=float("inf")) if one.name in by_name else one for one in own),
            {**first, **self.needs},
            self.causes if stage >= 1 else (),
            tuple(follows),
            {id_: crew.crews for id_, crew in self.records.repair_crews.items()} if sharing else {},
            self.maintenance if planned else (),
        )

    def _maintenance(self) -> Iterator[Maintenance]:
        """Yield the windows, entries one after the other; only of components that some service needs."""
        needed = {name for one in self.served for name in one.need.components()}
        for window in self.records.maintenance_windows.values():
            lasts_h = window.lasts_s / HOUR_S
            first_h = WEEK_BEGINS_H + 24.0 * WEEKDAYS.index(window.weekday) + window.at_s / HOUR_S
            for turn, entry in enumerate(window.entries):
                if entry in needed:
                    yield Maintenance(entry, first_h + turn * lasts_h, window.every_weeks * WEEK_H, lasts_h)


def independent(parts: Mapping[str, Part]) -> tuple[Component, ...]:
    """Return the components of parts, each with a crew of its own."""
    return tuple(dataclasses.replace(part.component, crew=None) for part in parts.values())


def common_causes(records: EstateRecords, parts: Mapping[str, Part]) -> Iterator[CommonCause]:
    """Yield for each provider the failures that hit all of its circuits of the estate at once.

    The circuit that shares most failures sets how often; the others are hit with the chance that keeps their own share.
    """
    by_provider: dict[str, dict[str, float]] = {}
    for id_, circuit in records.circuits.items():
        path = f"circuits.{id_}"
        found = figure_of(records, path)
        if path in parts and found and found[1].common_cause:
            share = found[1].common_cause * HOUR_S / found[1].mtbf_s
            by_provider.setdefault(circuit.provider, {})[path] = share
    for provider, shares in by_provider.items():
        if len(shares) > 1:
            most = max(shares.values())
            hits = {path: share / most for path, share in shares.items()}
            yield CommonCause(f"providers.{provider}", 1 / most, hits)


def _alone(records: EstateRecords, part: Part) -> Part:
    """Return a circuit without the failures that it shares with others."""
    component = part.component
    found = figure_of(records, component.name)
    share = found[1].common_cause if found else 0.0
    mtbf_h = component.mtbf_h / (1 - share) if share < 1 else float("inf")
    return dataclasses.replace(part, component=dataclasses.replace(component, mtbf_h=mtbf_h))
