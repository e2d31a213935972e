"""Both sides of a standing estate, item by item: asks the nodes and the place, and compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from topology.as_built import DOCUMENTS, Compared, Fact, compare
from twin.as_built import (
    circuits,
    database,
    equipment,
    files,
    gateways,
    kernel,
    packet_filter,
    ports,
    routes,
    routing,
    services,
    software,
    tunnels,
)
from twin.as_built.answer import Answer
from twin.as_built.ask import ask
from twin.as_built.design import Design, NodeDesign
from twin.place import nodes_here

if TYPE_CHECKING:
    from infra.targets.target import Target

NOUNS: tuple[ModuleType, ...] = (
    ports, routes, kernel, routing, gateways, tunnels, packet_filter, services, database, files,
)  # fmt: skip
"""Modules that say of one node what is declared (`declared`) and what was seen (`observed`)."""


def as_built(place: Target, design: Design, progress: Callable[[str], None]) -> tuple[Compared, ...]:
    """Return every item of the nodes that stand here, in the order of the documents, then of the design."""
    here = nodes_here(place, design.network)
    nodes = design.nodes(here, place)
    answers = ask(place, nodes, progress)
    seen = circuits.look(place, design)
    progress("the place's own view of circuits and ports" if seen else "this place cannot look into its circuits")
    up = {id_: answer for id_, answer in answers.items() if answer}

    def older(one: str, other: str) -> bool:
        asked = place.run(next(iter(up)), ["dpkg", "--compare-versions", one, "lt", other])
        return asked.returncode == 0

    versions = software.baseline(nodes, up, older)
    declared = [fact for id_, node in nodes.items() for fact in _declared(node, answers[id_], versions.get(id_, {}))]
    observed = [fact for id_, node in nodes.items() for fact in _observed(node, answers[id_])]
    wired = list(circuits.declared(design, here))
    if seen is not None:
        observed += circuits.observed(design, here, seen)
    unseen = () if seen is not None else [fact.item for fact in wired]
    return _ordered(compare([*declared, *wired], observed, unseen))


def _declared(node: NodeDesign, answer: Answer | None, versions: dict[str, str]) -> Iterator[Fact]:
    yield from equipment.declared(node, answer)
    if answer:
        for noun in NOUNS:
            yield from noun.declared(node, answer)
        yield from software.declared(node, versions)


def _observed(node: NodeDesign, answer: Answer | None) -> Iterator[Fact]:
    yield from equipment.observed(node, answer)
    if answer:
        for noun in NOUNS:
            yield from noun.observed(node, answer)
        yield from software.observed(node, answer)


def _ordered(compared: Iterable[Compared]) -> tuple[Compared, ...]:
    return tuple(sorted(compared, key=lambda one: (DOCUMENTS.index(one.item.document), one.item.owner)))
