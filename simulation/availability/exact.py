"""Exact figures of services over independent components: unavailability, outages, and what they come from.

Each component alone decides about itself: exponential up times, any repair times, nobody waits for a crew. Source:
Barlow and Proschan, Statistical Theory of Reliability and Life Testing, 1975; outage frequency by Birnbaum's
importance: Vesely, Nuclear Engineering and Design 13, 1970.
"""

from __future__ import annotations

import dataclasses
import math

from simulation.availability.components import System
from simulation.availability.diagram import Diagram
from simulation.errors import MechanismInvalid

HOURS_PER_YEAR = 8760.0


@dataclasses.dataclass(frozen=True)
class ExactFigures:
    """A service in the long run, of all hours: share of time that it is away, outages a year, their mean length (h).

    `budget` is for each component the share of outages that it ends up causing: whose failure began them.
    """

    service: str
    unavailability: float
    outages_per_year: float
    mean_outage_h: float
    budget: dict[str, float]


def exact_figures(system: System) -> tuple[ExactFigures, ...]:
    """Return the figures of every service; raises MechanismInvalid where components are tied to each other."""
    if not system.independent:
        raise MechanismInvalid(["components are tied by causes, crews, windows or each other: use the simulation"])
    diagram = Diagram(tuple(system.services.values()), system.names)
    away = [component.unavailability for component in system.components]
    found = []
    for service, root in zip(system.services, diagram.roots, strict=True):
        unavailability = diagram.unmet(root, away)
        begun = {
            component.name: moved * component.failures_per_h * HOURS_PER_YEAR
            for component, moved in zip(system.components, diagram.importances(root, away), strict=True)
        }
        outages = math.fsum(begun.values())
        mean_h = unavailability * HOURS_PER_YEAR / outages if outages > 0 else 0.0
        budget = {name: share / outages for name, share in begun.items() if share > 0}
        found.append(ExactFigures(service, unavailability, outages, mean_h, budget))
    return tuple(found)
