"""The logical diagrams (論理構成図): how the zones are kept apart, then a sheet for each zone that has segments.

What passes between zones is drawn with its reason; what passes within one is listed on its sheet.
"""

from __future__ import annotations

from inventory.models.estate import Estate
from topology.draw.design_zones import design_zones
from topology.draw.diagram import Box, Diagram, Line, titles
from topology.draw.ends import ROUTERS, Ends, ports_of, reason_of
from topology.draw.ink import wrap
from topology.draw.listing import Listing, Row
from topology.draw.routing import routing_diagram
from topology.draw.words import Language, word
from topology.draw.zone import zone_diagram
from topology.model import Network, PermittedFlow

CROSSING = "#b3261e"
WORDS_WIDE, WORDS_SIZE = 210.0, 9.0


def logical_diagrams(estate: Estate, network: Network, language: Language) -> tuple[Diagram, ...]:
    """Return the sheets: all zones, then each zone whose segments have hosts, then routing."""
    records = estate.records
    zones = [zone for zone in records.zones if any(one.zone == zone for one in records.segments.values())]
    sheets = [_zones(estate, network, language)]
    for zone in zones:
        kinds = {segment.kind for segment in records.segments.values() if segment.zone == zone}
        draw = zone_diagram if "lan" in kinds else routing_diagram
        sheets.append(draw(estate, network, language, zone))
    return (*sheets, *design_zones(estate, language))


def _zones(estate: Estate, network: Network, language: Language) -> Diagram:
    """Return the sheet of all zones: the segments of each, and all that passes between them with its reason."""
    records, ends = estate.records, Ends(network)
    boxes: list[Box] = []
    without: list[Row] = []
    for id_, zone in records.zones.items():
        own = {name: one for name, one in records.segments.items() if one.zone == id_}
        if own:
            lines = tuple(_segment(estate, network, language, name) for name in own)
            boxes.append(Box(id_, "segment", zone.label(language), lines, f"zones.{id_}", None, left=True))
        else:
            planned = any(one.zone == id_ for one in records.every_segment.values())
            state = word("designed" if planned else "none-stated", language)
            without.append(Row((zone.label(language), state), f"zones.{id_}"))
    crossing = _crossing(network, ends)
    reached = [node for pair, flows in crossing.items() if pair[1] == ROUTERS for node, _ in flows]
    if reached:
        lines = tuple(records.devices[node].label(language) for node in dict.fromkeys(reached))
        boxes.append(Box(ROUTERS, "router", word("routers-themselves", language), lines, None, None, left=True))
    lines_between = [
        Line(
            a,
            z,
            "\n".join(dict.fromkeys(line for _, flow in flows for line in _words(estate, flow, language))),
            CROSSING,
        )
        for (a, z), flows in crossing.items()
    ]
    across = sum(len(flows) for flows in crossing.values())
    notes = [word("flows-within", language, within=len(network.flows) - across, crossing=across)]
    if all(z == ROUTERS for _, z in crossing):
        notes.append(word("no-crossing", language))
    headings = (word("zone", language), word("segments", language))
    lists = (Listing(word("zones-without", language), headings, tuple(without)),) if without else ()
    title, other = titles("論理構成図(ゾーン全体)", "Logical diagram (all zones)", language)
    return Diagram(
        "logical-diagram-zones", title, other, records.estate.label(language), language, tuple(boxes),
        tuple(lines_between), notes=tuple(notes), stacked=True, lists=lists,
    )  # fmt: skip


def _segment(estate: Estate, network: Network, language: Language, id_: str) -> str:
    segment = estate.records.segments[id_]
    vlan = f"  VLAN {segment.vlan}" if segment.vlan else ""
    site = estate.records.sites[segment.site].label(language)
    return f"{segment.label(language)}  {network.segments[id_].prefix}{vlan}  ({site})"


def _crossing(network: Network, ends: Ends) -> dict[tuple[str, str], list[tuple[str, PermittedFlow]]]:
    """Return what passes between two zones: each flow with the holder of the address that it goes to."""
    found: dict[tuple[str, str], list[tuple[str, PermittedFlow]]] = {}
    for flow in network.flows:
        pair = (ends.zone(flow.source), ends.zone(flow.destination))
        if pair[0] != pair[1]:
            found.setdefault(pair, []).append((ends.holder(flow.destination), flow))
    return found


def _words(estate: Estate, flow: PermittedFlow, language: Language) -> list[str]:
    return wrap(f"{ports_of(flow)} {reason_of(estate, flow, language)}", WORDS_WIDE, WORDS_SIZE, 4)
