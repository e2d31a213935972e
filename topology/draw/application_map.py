"""The application map (業務・サービス・サーバ対応図): business functions, the services they use, the servers below."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.estate import Estate
from topology.draw.design_map import design_maps
from topology.draw.diagram import Box, Diagram, Frame, Line, titles
from topology.draw.listing import Listing, Row
from topology.draw.words import Language, word
from topology.model import Network


def application_map(estate: Estate, network: Network, language: Language) -> tuple[Diagram, ...]:
    """Return the map: a sheet of what is realised, then those of the design; none without functions and services."""
    records = estate.records
    if not records.functions and not records.services:
        return ()
    boxes: list[Box] = []
    lines: list[Line] = []
    served = {name for service in records.services.values() for name in service.functions}
    boxes += [
        Box(f"function:{name}", "function", one.label(language), (), f"functions.{name}", f"group:{one.group}")
        for name, one in records.functions.items()
        if name in served
    ]
    for id_, service in records.services.items():
        title = f"tcp/{service.port}"
        boxes.append(Box(f"service:{id_}", "service", service.label(language), (title,), f"services.{id_}"))
        lines += [Line(f"function:{name}", f"service:{id_}") for name in service.functions]
        for instance in service.instances.values():
            lines.append(Line(f"service:{id_}", instance.application))
            lines.append(Line(instance.application, instance.database))
    boxes += _servers(estate, network, language)
    lines = list(dict.fromkeys(lines))
    inside = dict.fromkeys(str(box.frame) for box in boxes if box.frame)
    frames = tuple(_frame(estate, language, id_) for id_ in inside)
    title, other = titles("業務・サービス・サーバ対応図", "Application map", language)
    note = word("functions-note" if records.functions else "no-functions", language)
    return (
        Diagram(
            "application-map", title, other, records.estate.label(language), language, tuple(boxes), tuple(lines),
            frames, (note,), turns=True, fanned=True, lists=_without_service(estate, language, served),
        ),
        *design_maps(estate, language),
    )  # fmt: skip


def _frame(estate: Estate, language: Language, id_: str) -> Frame:
    """Return the frame of a group with how it is realised, or of a site with its servers."""
    kind, _, name = id_.rpartition(":")
    if kind == "group":
        group = estate.records.system_groups[name]
        pattern = estate.records.patterns[group.pattern].label(language)
        return Frame(id_, f"{group.label(language)}  {pattern}", f"system_groups.{name}")
    return Frame(id_, estate.records.sites[name].label(language), f"sites.{name}")


def _without_service(estate: Estate, language: Language, served: set[str]) -> tuple[Listing, ...]:
    """Return the list of the groups with how each is realised and those of its functions that have no service."""
    records, rows = estate.records, []
    for id_, group in records.system_groups.items():
        functions = {name: one for name, one in records.functions.items() if one.group == id_}
        rest = [one.label(language) for name, one in functions.items() if name not in served]
        if rest or not functions:
            pattern = records.patterns[group.pattern].label(language)
            state = word("designed" if _designed(estate, id_) else "undesigned", language)
            cells = (group.label(language), pattern, state, str(len(rest)), word("comma", language).join(rest))
            rows.append(Row(cells, f"system_groups.{id_}"))
    if not rows:
        return ()
    names = ("group", "as-declared", "state", "count", "functions")
    headings = tuple(word(name, language) for name in names)
    return (Listing(word("no-service", language), headings, tuple(rows)),)


def _designed(estate: Estate, group: str) -> bool:
    """Tell whether the functions of a group that no realised service serves are served by the design."""
    records = estate.records
    served = {name for service in records.services.values() for name in service.functions}
    planned = {name for service in records.designed_services.values() for name in service.functions}
    rest = {name for name, one in records.functions.items() if one.group == group} - served
    return rest <= planned if rest else any(one.group == group for one in records.designed_services.values())


def _servers(estate: Estate, network: Network, language: Language) -> Iterator[Box]:
    """Yield the servers that services run on, with whose they are and what machine carries them."""
    records = estate.records
    carried = {device: item for item in records.hardware.values() for device in item.carries}
    used = {
        name
        for service in records.services.values()
        for instance in service.instances.values()
        for name in (instance.application, instance.database)
    }
    for id_, device in records.devices.items():
        if id_ in used:
            port = network.interfaces_of(id_)[0]
            lines = [str(port.address.ip)]
            if id_ in carried and carried[id_].label(language) != device.label(language):
                lines.append(carried[id_].label(language))
            kind = "store" if device.role == "database" else "server"
            yield Box(id_, kind, device.label(language), tuple(lines), f"devices.{id_}", device.site)  # type: ignore[arg-type]
