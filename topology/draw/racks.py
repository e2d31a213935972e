"""Rack elevations (ラック搭載図): the racks of a room from the front, units counted from the bottom.

A room with more racks than can be read beside one another takes several sheets.
"""

from __future__ import annotations

from collections.abc import Collection

from inventory.models.estate import Estate
from inventory.models.facility import Hardware
from topology.draw import ink, plate
from topology.draw.words import Language

UNIT = 15.0
RACK_WIDTH = 310.0
"""A rack is drawn wider where a name in it needs more (points)."""
GAP, MARGIN, HEAD, FOOT = 28.0, 28.0, 136.0, 60.0
SCALE_WIDTH = 26.0
NAME, SMALL, EDGES = 10.5, 10.0, 34.0
"""Type of an item's name; of figures, the smallest there is; and what an item's row needs beside both (points)."""
FILLS = {
    "router": "#dbe9f8", "switch": "#d9efe2", "firewall": "#f9dcd5", "load-balancer": "#fbead0", "server": "#e6e4f5",
    "storage": "#eee3d2", "ups": "#e4e4e4",
}  # fmt: skip
INK, FRAME, FAINT = "#1b2430", "#3d4a59", "#6b7785"


def rack_sheets(estate: Estate, language: Language, room: str) -> tuple[tuple[str, ...], ...]:
    """Return the racks of a room, those together that can be read beside one another on a sheet."""
    racks = [id_ for id_, rack in estate.records.racks.items() if rack.room == room]
    wide = _width(estate, language, racks)
    room_wide = plate.ROOM_WIDE * SMALL / plate.LEAST_TYPE
    most = max(1, int((room_wide - 2 * MARGIN + GAP) // (wide + GAP)))
    return tuple(tuple(racks[at : at + most]) for at in range(0, len(racks), most))


def draw_racks(estate: Estate, language: Language, racks: tuple[str, ...]) -> str:
    """Return the elevations of racks of one room as a self-contained SVG document."""
    wide = _width(estate, language, racks)
    room = estate.records.racks[racks[0]].room
    tallest = max(estate.records.racks[id_].units for id_ in racks)
    width = 2 * MARGIN + max(len(racks), 2) * (wide + GAP) - GAP
    height = HEAD + tallest * UNIT + FOOT + MARGIN
    title = {"ja": "ラック搭載図", "en": "Rack elevations"}[language]
    record = estate.records.rooms[room]
    place = f"{estate.records.sites[record.site].label(language)}  {record.label(language)}"
    parts = [
        ink.text(MARGIN, 40, title, 24, font_weight="bold"),
        ink.text(MARGIN, 62, estate.records.estate.label(language), 14, fill=FAINT),
        ink.text(MARGIN, 81, place, 14, fill=FAINT),
    ]
    floor = HEAD + tallest * UNIT
    for index, id_ in enumerate(racks):
        parts.append(_rack(estate, language, id_, (MARGIN + index * (wide + GAP), floor, wide)))
    return ink.document(width, height, f"{title}: {place}", parts)


def _width(estate: Estate, language: Language, racks: Collection[str]) -> float:
    """Return how wide racks are drawn, so that every name in them stands whole."""
    items = [item for item in estate.records.hardware.values() if item.rack in racks]
    rows = (ink.text_width(item.label(language), NAME) + ink.text_width(_figures(item), SMALL) for item in items)
    return max(RACK_WIDTH, SCALE_WIDTH + EDGES + max(rows, default=0.0))


def _figures(item: Hardware) -> str:
    return f"{item.power_w:g} W  {item.weight_kg:g} kg"


def _rack(estate: Estate, language: Language, id_: str, place: tuple[float, float, float]) -> str:
    x, floor, wide = place
    records = estate.records
    rack = records.racks[id_]
    top = floor - rack.units * UNIT
    room = records.rooms[rack.room]
    feeds = " ".join(records.power_feeds[name].side.upper() for name in rack.feeds)
    items = {name: item for name, item in records.hardware.items() if item.rack == id_}
    power_w = sum(item.power_w for item in items.values())
    load_kg = sum(item.weight_kg for item in items.values())
    inner = wide - SCALE_WIDTH
    parts = [
        *ink.paragraph(x, top - 24, ink.wrap(f"{rack.label(language)}  {room.label(language)}", wide, 13, 1), 13,
                       font_weight="bold"),
        ink.text(x, top - 8, {"ja": f"電源系統 {feeds}", "en": f"feeds {feeds}"}[language], 11, fill=FAINT),
        ink.rect(x + SCALE_WIDTH, top, inner, rack.units * UNIT, fill="#ffffff", stroke=FRAME, stroke_width=2),
    ]  # fmt: skip
    for unit in range(1, rack.units + 1):
        y = floor - unit * UNIT
        parts.append(ink.line(x + SCALE_WIDTH, y, x + wide, y, stroke="#d5dbe2", stroke_width=0.6))
        parts.append(ink.text(x + SCALE_WIDTH - 6, y + UNIT - 4, str(unit), SMALL, anchor="end", fill=FAINT))
    for name, item in items.items():
        parts.append(_item(estate, language, name, item, (x + SCALE_WIDTH, floor, inner)))
    words = {
        "ja": (f"消費電力 {power_w:g} / {rack.max_power_w:g} W", f"質量 {load_kg:g} / {rack.max_load_kg:g} kg"),
        "en": (f"power {power_w:g} of {rack.max_power_w:g} W", f"load {load_kg:g} of {rack.max_load_kg:g} kg"),
    }[language]
    parts += ink.paragraph(x + SCALE_WIDTH, floor + 20, words, 11, fill=FAINT)
    return ink.group(f"rack-{id_}", parts, estate.cite(f"racks.{id_}"), f"racks.{id_}")


def _item(estate: Estate, language: Language, id_: str, item: Hardware, frame: tuple[float, float, float]) -> str:
    x, floor, width = frame
    y, height = floor - (item.position + item.height - 1) * UNIT, item.height * UNIT
    middle = y + height / 2 + NAME * 0.36
    parts = [
        ink.rect(x + 2, y + 0.8, width - 4, height - 1.6, fill=FILLS[item.kind], stroke=FRAME, stroke_width=1, rx=1.5),
        ink.text(x + 8, middle, item.label(language), NAME),
        ink.text(x + width - 8, middle, _figures(item), SMALL, anchor="end", fill=INK),
    ]
    return ink.group(f"hardware-{id_}", parts, estate.cite(f"hardware.{id_}"), f"hardware.{id_}")
