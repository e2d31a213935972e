"""The designed zones, a sheet of the logical diagram: their services, and what may pass between them and why."""

from __future__ import annotations

from inventory.models.design import DesignedService
from inventory.models.estate import Estate, EstateRecords
from inventory.models.network import Segment
from inventory.models.platform import DesignedSegment
from inventory.models.record import said
from topology.draw.diagram import Box, Diagram, Line, titles
from topology.draw.ink import wrap
from topology.draw.words import Language, word

CROSSING = "#b3261e"
LIST_WIDE, WORDS_WIDE, SIZE = 300.0, 230.0, 9.0


def design_zones(estate: Estate, language: Language) -> tuple[Diagram, ...]:
    """Return the sheet, none where nothing is designed."""
    records = estate.records
    if not records.designed_services:
        return ()
    zones = [zone for zone in records.zones if _services(records, zone) or _segments(records, zone)]
    boxes = [_zone(records, zone, language) for zone in zones]
    words: dict[tuple[str, str], list[str]] = {}
    for flow in records.designed_flows.values():
        targets = _zones_of(records, flow.destination)
        text = f"{', '.join(flow.ports)} {flow.label(language)}: {said(flow, 'crossing', language)}"
        for source in flow.sources:
            for a in _zones_of(records, source):
                for z in targets:
                    if a != z and _one_city(records, a, z):
                        words.setdefault((a, z), []).append(text)
    lines = [
        Line(
            a, z, "\n".join(line for text in dict.fromkeys(texts) for line in wrap(text, WORDS_WIDE, SIZE, 4)), CROSSING
        )
        for (a, z), texts in words.items()
    ]
    title, other = titles("論理構成図(設計のみ)", "Logical diagram (design only)", language)
    return (
        Diagram(
            "logical-diagram-design", title, other, records.estate.label(language), language, tuple(boxes),
            tuple(lines), notes=(word("design-zones-note", language),), across=False,
        ),
    )  # fmt: skip


def _zone(records: EstateRecords, zone: str, language: Language) -> Box:
    """Return a zone's box: its segments with VLAN, its pairs of appliances, its services."""
    lines = [f"VLAN {one.vlan}  {one.label(language)}" for one in _segments(records, zone)]
    comma = "、" if language == "ja" else ", "
    names = comma.join(one.label(language) for one in _services(records, zone))
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
