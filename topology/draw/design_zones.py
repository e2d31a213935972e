"""The designed zones, a sheet of the logical diagram: their services, and what may pass between them and why.

Lines carry numbers alone; the list beside tells what passes under each.
"""

from __future__ import annotations

from collections.abc import Iterable

from inventory.models.design import DesignedFlow, DesignedService
from inventory.models.estate import Estate, EstateRecords
from inventory.models.network import Segment
from inventory.models.platform import DesignedSegment
from inventory.models.record import said
from topology.draw.diagram import Box, Diagram, Line, titles
from topology.draw.ink import wrap
from topology.draw.listing import Listing, Row
from topology.draw.words import Language, word

CROSSING = "#b3261e"
LIST_WIDE, SIZE = 260.0, 10.0
APART = "\u2002"
"""Keeps a number off the line beside it."""


def design_zones(estate: Estate, language: Language) -> tuple[Diagram, ...]:
    """Return the sheet, none where nothing is designed."""
    records = estate.records
    if not records.designed_services:
        return ()
    zones = [zone for zone in records.zones if _services(records, zone) or _segments(records, zone)]
    numbers: dict[tuple[str, str], list[int]] = {}
    rows: list[Row] = []
    for id_, flow in records.designed_flows.items():
        if pairs := _crossed(records, flow):
            rows.append(Row((str(len(rows) + 1), *_cells(records, flow, pairs, language)), f"designed_flows.{id_}"))
            for pair in pairs:
                numbers.setdefault(pair, []).append(len(rows))
    lines = [Line(a, z, f"{APART}{_listed(shown)}{APART}", CROSSING) for (a, z), shown in numbers.items()]
    title, other = titles("論理構成図(設計のみ)", "Logical diagram (design only)", language)
    headings = tuple(word(key, language) for key in ("number", "flow-name", "zones-crossed", "flow-ports", "reason"))
    lists = (Listing(word("flows-crossing", language), headings, tuple(rows)),) if rows else ()
    return (
        Diagram(
            "logical-diagram-design", title, other, records.estate.label(language), language,
            tuple(_zone(records, zone, language) for zone in zones), tuple(lines),
            notes=(word("design-zones-note", language),), turns=True, lists=lists,
        ),
    )  # fmt: skip


def _cells(
    records: EstateRecords, flow: DesignedFlow, pairs: Iterable[tuple[str, str]], language: Language
) -> tuple[str, ...]:
    """Return a flow's name, the zones it leaves and enters, its ports and why it may."""
    reached: dict[str, list[str]] = {}
    for a, z in pairs:
        reached.setdefault(a, []).append(records.zones[z].label(language))
    alike: dict[tuple[str, ...], list[str]] = {}
    for a, targets in reached.items():
        alike.setdefault(tuple(targets), []).append(records.zones[a].label(language))
    comma = word("comma", language)
    ways = "\n".join(f"{comma.join(sources)} → {comma.join(targets)}" for targets, sources in alike.items())
    return flow.label(language), ways, "\n".join(flow.ports), said(flow, "crossing", language)


def _listed(numbers: list[int]) -> str:
    """Return rising numbers with runs drawn together: `1, 5–8`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def _crossed(records: EstateRecords, flow: DesignedFlow) -> list[tuple[str, str]]:
    """Return the pairs of zones of one city that a flow joins, each once; none where it stays within a zone."""
    found = [
        (a, z)
        for source in flow.sources
        for a in _zones_of(records, source)
        for z in _zones_of(records, flow.destination)
        if a != z and _one_city(records, a, z)
    ]
    return list(dict.fromkeys(found))


def _zone(records: EstateRecords, zone: str, language: Language) -> Box:
    """Return a zone's box: its segments with VLAN, its pairs of appliances, its services."""
    lines = [f"VLAN {one.vlan}  {one.label(language)}" for one in _segments(records, zone)]
    names = word("comma", language).join(one.label(language) for one in _services(records, zone))
    lines += wrap(names, LIST_WIDE, SIZE, 20) if names else []
    pairs = [one.label(language) for one in records.appliance_pairs.values() if zone in one.zones]
    lines += [f"{name} ×2" for name in pairs]
    return Box(zone, "segment", records.zones[zone].label(language), tuple(lines), f"zones.{zone}", None, left=True)


def _segments(records: EstateRecords, zone: str) -> list[Segment | DesignedSegment]:
    return [one for one in records.every_segment.values() if one.zone == zone and one.vlan]


def _services(records: EstateRecords, zone: str) -> list[DesignedService]:
    services = records.designed_services.values()
    return [one for one in services if any(instance.zone == zone for instance in one.instances.values())]


def _zones_of(records: EstateRecords, end: str) -> list[str]:
    """Return the zones of a flow's end: of a service's instances, of a segment, or the zone itself."""
    if end in records.designed_services:
        return list(dict.fromkeys(one.zone for one in records.designed_services[end].instances.values()))
    if end in records.zones:
        return [end]
    if end in records.services:
        users = (one.users for one in records.services[end].instances.values())
        return list(dict.fromkeys(records.segments[name].zone for name in users))
    return [records.every_segment[end].zone]


def _one_city(records: EstateRecords, a: str, z: str) -> bool:
    """Tell whether two zones may be of one city: a zone whose segments are all of a city is that city's."""
    owners = []
    for zone in (a, z):
        cities = {one.city for one in records.every_segment.values() if one.zone == zone}
        owners.append(cities.pop() if len(cities) == 1 else None)
    return None in owners or owners[0] == owners[1]
