"""Switch-overs: what a service goes on without after a while only, because something has to take over, or somebody.

A switch-over follows a failure. As a component of its own it is away as often as the failure times its chance, which
is exact to the square of chances; lives draw it with the failure itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from inventory.failing import figure_of
from inventory.models.estate import EstateRecords
from simulation.availability.components import Component
from simulation.availability.parts import HOUR_S, Part
from simulation.availability.served import Served
from simulation.availability.structure import Need

KIND = "switch-over"
TITLES = ("switch-over, also where it fails", "切替(失敗を含む)")


@dataclasses.dataclass(frozen=True)
class SwitchOver:
    """A switch-over from a component, by a failure figure: the one that works, or the one that is done by hand."""

    of: str
    figure: str
    restart: bool
    by_hand: bool

    @property
    def name(self) -> str:
        """The name of its component."""
        return f"{self.of}/{'restart-' if self.restart else ''}{'by-hand' if self.by_hand else 'switch-over'}"

    def chance(self, records: EstateRecords) -> float:
        """Return with which chance it follows a failure."""
        figure = records.failure_figures[self.figure]
        return figure.switch_over_fails if self.by_hand else float(figure.switch_over_s > 0)

    def part(self, records: EstateRecords, between_h: float) -> Part:
        """Return it as a part whose failures come so many hours apart."""
        figure = records.failure_figures[self.figure]
        lasts_s, scv = (figure.by_hand_s or 0.0, 1.0) if self.by_hand else (figure.switch_over_s, 0.0)
        component = Component(self.name, between_h, lasts_s / HOUR_S, scv)
        return Part(component, KIND, TITLES, (f"failure_figures.{self.figure}", self.of))


def switch_overs(records: EstateRecords, parts: Mapping[str, Part], one: Served, instant: Need) -> Iterator[SwitchOver]:
    """Yield the switch-overs that a service needs: from components without which it goes on, at once or in time.

    `instant` is its need without what takes time, such as starting machines on another host.
    """
    names = dict.fromkeys(one.need.components())
    whole, at_once = dict.fromkeys(names, True), dict.fromkeys((*names, *instant.components()), True)
    for name in names:
        if name not in parts or "/" in name or not one.need.met({**whole, name: False}):
            continue
        restart = not instant.met({**at_once, name: False})
        figure = _figure(records, name, restart=restart)
        for by_hand in (False, True):
            found = SwitchOver(name, figure, restart, by_hand) if figure else None
            if found and found.chance(records) > 0:
                yield found


def with_switch_overs(
    records: EstateRecords, parts: Mapping[str, Part], needed: Iterable[SwitchOver]
) -> dict[str, Part]:
    """Return parts with switch-overs beside them, each as often as its failure times its chance."""
    made = {}
    for one in needed:
        chance = one.chance(records)
        between_h = parts[one.of].component.mtbf_h / chance if chance else float("inf")
        made[one.name] = one.part(records, between_h)
    return {**parts, **made}


def _figure(records: EstateRecords, name: str, *, restart: bool) -> str | None:
    """Return whose figure says how a component is switched from: a host's machines, or its cluster's restarts."""
    section, _, id_ = name.partition(".")
    cluster = next((key for key, one in records.clusters.items() if id_ in one.hosts), None)
    if section != "hardware" or cluster is None:
        found = figure_of(records, name)
    elif restart:
        found = figure_of(records, f"clusters.{cluster}")
    else:
        machine = next((key for key, one in records.virtual_machines.items() if one.host == id_), None)
        found = figure_of(records, f"virtual_machines.{machine}") if machine else None
    return found[0] if found else None
