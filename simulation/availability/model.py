"""An estate made ready for years of failures: its parts, its services with what they need, and their ties."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from inventory.models.estate import Estate
from inventory.names import expected_name
from simulation.availability.counter_hours import CounterHours, counter_hours
from simulation.availability.dependencies import Dependencies
from simulation.availability.parts import Part, parts_of
from simulation.availability.served import Served, Services
from simulation.availability.ties import Ties
from simulation.availability.weekly import Week, week_of
from simulation.errors import MechanismInvalid
from topology.build import build_network


@dataclasses.dataclass(frozen=True)
class Model:
    """Everything that an answer about an estate's availability is reckoned from."""

    estate: Estate
    counters: CounterHours
    served: tuple[Served, ...]
    ties: Ties
    week: Week

    @property
    def parts(self) -> dict[str, Part]:
        """The independent parts, switch-overs included, by name."""
        return self.ties.parts

    @property
    def whole(self) -> tuple[Served, ...]:
        """The services by city, without single places of their users."""
        return tuple(one for one in self.served if one.place is None)


def model_of(estate: Estate, services: Collection[str] = ()) -> Model:
    """Return the model of an estate, of some services or all.

    Raises MechanismInvalid for a service that is none, and for an estate without failure figures or counter hours.
    """
    records = estate.records
    known = {**records.services, **records.designed_services}
    unknown = [name for name in services if name not in known]
    if unknown:
        raise MechanismInvalid([f"no service `{name}`; expected {expected_name(name, known)}" for name in unknown])
    counters = counter_hours(estate)
    parts = parts_of(records)
    if not parts:
        raise MechanismInvalid([f"the estate `{estate.name}` states no failure figures, expected `failure_figures`"])
    network = build_network(estate)

    def needs(*, in_time: bool) -> tuple[Served, ...]:
        dependencies = Dependencies(estate, parts.__contains__, in_time=in_time)
        found = Services(estate, network, dependencies).all()
        return tuple(one for one in found if not services or one.service in services)

    served = needs(in_time=True)
    instant = {one.key: one.need for one in needs(in_time=False)}
    ties = Ties(records, parts, served, instant)
    week = week_of(counters.opens_h, counters.closes_h, counters.by_weekday, ties.components)
    return Model(estate, counters, served, ties, week)
