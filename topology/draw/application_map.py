"""The application map (業務・サービス・サーバ対応図): business functions, the services they use, the servers below."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.estate import Estate
from topology.draw.design_map import design_maps
from topology.draw.diagram import Box, Diagram, Frame, Line, titles
from topology.draw.ink import wrap
from topology.draw.words import Language, word
from topology.model import Network

LIST_WIDE, LIST_SIZE = 250.0, 9.5
COLUMNS = 3
"""Columns of groups without a service, so that the sheet is wider than it is high."""


def application_map(estate: Estate, network: Network, language: Language) -> tuple[Diagram, ...]:
    """Return the map: a sheet of what is realised, then those of the design; none without functions and services."""
    records = estate.records
    if not records.functions and not records.services:
        return ()
    boxes: list[Box] = []
    lines: list[Line] = []
    served = {name for service in records.services.values() for name in service.functions}
    for id_ in records.system_groups:
        boxes += _group(estate, language, id_, served)
    alone = [box.id for box in boxes if box.frame is None]
    rows = -(-len(alone) // COLUMNS)
    lines += [Line(a, z, hidden=True) for a, z in zip(alone, alone[rows:], strict=False)]
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
            frames, (note,), stacked=True,
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


def _group(estate: Estate, language: Language, id_: str, served: set[str]) -> Iterator[Box]:
    """Yield a group's functions: a frame with a box for each that has a service; one box where none has."""
    group = estate.records.system_groups[id_]
    functions = {name: one for name, one in estate.records.functions.items() if one.group == id_}
    for name, function in functions.items():
        if name in served:
            box = f"function:{name}"
            yield Box(box, "function", function.label(language), (), f"functions.{name}", f"group:{id_}")
    framed = f"group:{id_}" if served & set(functions) else None
    rest = [function.label(language) for name, function in functions.items() if name not in served]
    if rest or not functions:
        comma = "、" if language == "ja" else ", "
        lines = wrap(comma.join(rest), LIST_WIDE, LIST_SIZE, 20) if rest else []
        designed = _designed(estate, id_)
        without = f"{word('designed' if designed else 'no-service', language)} ({len(rest)})"
        if framed:
            yield Box(f"rest:{id_}", "note", without, tuple(lines), None, framed, left=True)
        else:
            pattern = estate.records.patterns[group.pattern].label(language)
            about = (f"{pattern}  {without}", *lines)
            yield Box(f"rest:{id_}", "note", group.label(language), about, f"system_groups.{id_}", left=True)


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
