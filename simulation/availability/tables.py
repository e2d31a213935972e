"""A system of components compiled into arrays of records, as the kernel reads it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulation.agenda import NOBODY, Records
from simulation.availability.components import System
from simulation.availability.diagram import Diagram
from simulation.availability.hours import Hours
from simulation.availability.structure import Need
from simulation.counted_draws import source_key

# Lists of different lengths (what follows, which services) stand in one array each; a record says from where to where.
_COMPONENT = np.dtype([
    ("mtbf", "f8"), ("mttr", "f8"), ("repair_scv", "f8"), ("crew", "i8"), ("alone", "?"),
    ("first_tie", "i8"), ("last_tie", "i8"), ("first_service", "i8"), ("last_service", "i8"),
    ("opens", "f8"), ("closes", "f8"), ("days", "i8"),
])  # fmt: skip
_CAUSE = np.dtype([("between", "f8"), ("first_tie", "i8"), ("last_tie", "i8")])
_TIE = np.dtype([("component", "i8"), ("chance", "f8")])
_WINDOW = np.dtype([("component", "i8"), ("first", "f8"), ("every", "f8"), ("lasts", "f8")])
_CREW = np.dtype([("people", "i8"), ("free", "i8"), ("queued", "i8")])
_SERVICE = np.dtype([("root", "i8"), ("missing", "i8"), ("since", "f8")])
SOURCE = np.dtype([
    ("key", "u8"), ("stream", "u8"), ("drawn", "i8"), ("then", "f8"), ("after", "i8"),
    ("off", "i8"), ("up", "?"), ("works", "?"),
])  # fmt: skip
_NEEDING = np.dtype([("service", "i8"), ("alone", "?")])
NODE = np.dtype([("component", "i8"), ("down", "i8"), ("up", "i8")])
_EDGE = np.dtype([("at", "f8"), ("counted", "f8")])
_HOURS = np.dtype([("first", "i8"), ("last", "i8")])


class Tables(NamedTuple):
    """Everything about a system, and how it stands in a life; times in hours.

    A `component` that leaves every service there when it `alone` is missing, draws nothing else with it and shares no
    crew is marked so. `ties` is what may fail with a component or by a cause; `crew` has `free` people of all, and so
    many failed components `queued`; a `service` so many components `missing`, and since when it is away, infinite while
    it is there. Each `source` (components, then causes, then windows) has its stream, how many numbers it has drawn and
    what the agenda keeps; a component is `up` until it fails, windows keep it `off`, and it `works` without either.
    `needing` says which services hang on a component, and whether each stays where it alone is missing; `edges` are
    those of all denominators.
    """

    component: Records
    cause: Records
    ties: Records
    window: Records
    crew: Records
    service: Records
    source: Records
    needing: Records
    node: Records
    hours: Records
    edges: Records


@functools.lru_cache(maxsize=4)
def diagram_of(needs: tuple[Need, ...], names: tuple[str, ...]) -> Diagram:
    """Return the diagram of several needs, kept for systems that differ in their ties alone."""
    return Diagram(needs, names)


@functools.lru_cache(maxsize=4)
def hanging_of(needs: tuple[Need, ...]) -> tuple[dict[str, list[int]], tuple[frozenset[str], ...]]:
    """Return which needs each component stands in, and what is vital to each need; kept as `diagram_of` is."""
    found: dict[str, list[int]] = {}
    for index, need in enumerate(needs):
        for name in dict.fromkeys(need.components()):
            found.setdefault(name, []).append(index)
    return found, tuple(need.vital() for need in needs)


def tables_of(system: System, hours: Sequence[Hours], seed: int) -> Tables:
    """Return the arrays of a system with its denominators; sources draw by name, so adding one changes no other."""
    names = system.names
    number = {name: index for index, name in enumerate(names)}
    crews = {crew: index for index, crew in enumerate(system.crews)}
    needs = tuple(system.services.values())
    hangs_on, vital = hanging_of(needs)
    diagram = diagram_of(needs, names)
    components, causes, denominators = [], [], []
    ties: list[tuple[int, float]] = []
    needing: list[tuple[int, bool]] = []
    edges: list[tuple[float, ...]] = []
    for one in system.components:
        place = (len(ties), len(needing))
        ties += [(number[tie.then], tie.chance) for tie in system.follows if tie.of == one.name]
        needing += [(index, one.name not in vital[index]) for index in hangs_on.get(one.name, ())]
        crew = NOBODY if one.crew is None else crews[one.crew]
        lists = (place[0], len(ties), place[1], len(needing))
        alone = all(stays for _, stays in needing[place[1] :]) and one.crew is None and place[0] == len(ties)
        kept = (one.service.opens_h, one.service.closes_h, one.service.days) if one.service else (0.0, 0.0, 0)
        components.append((one.mtbf_h, one.mttr_h, one.repair_scv, crew, alone, *lists, *kept))
    for cause in system.causes:
        first = len(ties)
        ties += [(number[name], chance) for name, chance in cause.hits.items()]
        causes.append((cause.mean_between_h, first, len(ties)))
    for denominator in hours:
        first = len(edges)
        edges += list(zip(*(column.tolist() for column in denominator.table()), strict=True))
        denominators.append((first, len(edges)))
    windows = [(number[one.component], one.first_h, one.every_h, one.lasts_h) for one in system.maintenance]
    source = np.zeros(len(components) + len(causes) + len(windows), SOURCE)
    keys = [source_key(seed, "component", name) for name in names]
    source["key"][: len(names) + len(causes)] = keys + [source_key(seed, "cause", one.name) for one in system.causes]
    return Tables(
        np.array(components, _COMPONENT),
        np.array(causes, _CAUSE),
        np.array(ties, _TIE),
        np.array(windows, _WINDOW),
        np.array([(people, people, 0) for people in system.crews.values()], _CREW),
        np.array([(root, 0, np.inf) for root in diagram.roots], _SERVICE),
        source,
        np.array(needing, _NEEDING),
        np.array(list(diagram.nodes), NODE),
        np.array(denominators, _HOURS),
        np.array(edges, _EDGE),
    )
