"""A system of components compiled into arrays of records, as the kernel reads it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from simulation.availability.components import System
from simulation.availability.diagram import Diagram
from simulation.availability.hours import Hours
from simulation.availability.structure import Need
from simulation.counted_draws import Keys, source_key

Ints = np.ndarray[Any, np.dtype[np.int64]]
Records = np.ndarray[Any, np.dtype[np.void]]
NOBODY = -1

# Lists of different lengths (what follows, which services) stand in one array each; a record says from where to where.
_COMPONENT = np.dtype([
    ("mtbf", "f8"), ("mttr", "f8"), ("repair_scv", "f8"), ("crew", "i8"),
    ("first_tie", "i8"), ("last_tie", "i8"), ("first_service", "i8"), ("last_service", "i8"),
    ("opens", "f8"), ("closes", "f8"), ("days", "i8"),
])  # fmt: skip
_CAUSE = np.dtype([("between", "f8"), ("first_tie", "i8"), ("last_tie", "i8")])
_TIE = np.dtype([("component", "i8"), ("chance", "f8")])
_WINDOW = np.dtype([("component", "i8"), ("first", "f8"), ("every", "f8"), ("lasts", "f8")])
_NODE = np.dtype([("component", "i8"), ("down", "i8"), ("up", "i8")])
_EDGE = np.dtype([("at", "f8"), ("counted", "f8")])
_HOURS = np.dtype([("first", "i8"), ("last", "i8")])


class Tables(NamedTuple):
    """Everything about a system that its lives share; times in hours.

    `keys` are those of the components' streams, then of the causes'; `ties` what may fail with a component or by a
    cause; `needing` the services that hang on a component; `edges` those of all denominators.
    """

    component: Records
    cause: Records
    ties: Records
    window: Records
    people: Ints
    keys: Keys
    needing: Ints
    node: Records
    roots: Ints
    hours: Records
    edges: Records


@functools.lru_cache(maxsize=4)
def diagram_of(needs: tuple[Need, ...], names: tuple[str, ...]) -> Diagram:
    """Return the diagram of several needs, kept for systems that differ in their ties alone."""
    return Diagram(needs, names)


def tables_of(system: System, hours: Sequence[Hours], seed: int) -> Tables:
    """Return the arrays of a system with its denominators; sources draw by name, so adding one changes no other."""
    names = system.names
    number = {name: index for index, name in enumerate(names)}
    crews = {crew: index for index, crew in enumerate(system.crews)}
    needs = tuple(system.services.values())
    hangs_on = [set(need.components()) for need in needs]
    diagram = diagram_of(needs, names)
    components, causes, denominators = [], [], []
    ties: list[tuple[int, float]] = []
    needing: list[int] = []
    edges: list[tuple[float, ...]] = []
    for one in system.components:
        place = (len(ties), len(needing))
        ties += [(number[tie.then], tie.chance) for tie in system.follows if tie.of == one.name]
        needing += [index for index, hanging in enumerate(hangs_on) if one.name in hanging]
        crew = NOBODY if one.crew is None else crews[one.crew]
        lists = (place[0], len(ties), place[1], len(needing))
        kept = (one.service.opens_h, one.service.closes_h, one.service.days) if one.service else (0.0, 0.0, 0)
        components.append((one.mtbf_h, one.mttr_h, one.repair_scv, crew, *lists, *kept))
    for cause in system.causes:
        first = len(ties)
        ties += [(number[name], chance) for name, chance in cause.hits.items()]
        causes.append((cause.mean_between_h, first, len(ties)))
    for denominator in hours:
        first = len(edges)
        edges += list(zip(*(column.tolist() for column in denominator.table()), strict=True))
        denominators.append((first, len(edges)))
    keys = [source_key(seed, "component", name) for name in names]
    keys += [source_key(seed, "cause", cause.name) for cause in system.causes]
    windows = [(number[one.component], one.first_h, one.every_h, one.lasts_h) for one in system.maintenance]
    return Tables(
        np.array(components, _COMPONENT),
        np.array(causes, _CAUSE),
        np.array(ties, _TIE),
        np.array(windows, _WINDOW),
        np.array(list(system.crews.values()), np.int64),
        np.array(keys, np.uint64),
        np.array(needing, np.int64),
        np.array(list(diagram.nodes), _NODE),
        np.array(diagram.roots, np.int64),
        np.array(denominators, _HOURS),
        np.array(edges, _EDGE),
    )
