"""The sheets of the power one-line diagram: which sites, and which racks of them, go on which sheet and where."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from inventory.models.estate import Estate
from topology.draw import ink, plate
from topology.draw.diagram import titles
from topology.draw.one_line import FIGURE, OneLine
from topology.draw.power import NOTE
from topology.draw.words import Language

ROWS = (760.0, 960.0, 1160.0, 1360.0, plate.ROOM_WIDE * FIGURE / plate.LEAST_TYPE - 2 * plate.MARGIN)
"""How wide a row of sites may be: the widths that are tried, the last one as wide as type can still be read."""
HEAD = sum(step for _, step in (plate.TITLE, plate.OTHER, plate.SUBJECT, plate.NOTE)) + 6
Row = list[OneLine]


@dataclasses.dataclass(frozen=True)
class PowerSheet:
    """A sheet: its titles, and the drawing as SVG."""

    title: str
    other_title: str
    svg: str


def power_sheets(estate: Estate, language: Language) -> tuple[PowerSheet, ...]:
    """Return the sheets, none where the estate has no power sources; as few as can be read."""
    blocks = list(_blocks(estate, language))
    if not blocks:
        return ()
    best = min((_sheets(blocks, wide) for wide in ROWS), key=lambda found: (len(found), -min(map(_scale, found))))
    return tuple(
        _drawn(estate, language, rows, number if len(best) > 1 else None) for number, rows in enumerate(best, 1)
    )


def _blocks(estate: Estate, language: Language) -> Iterator[OneLine]:
    """Yield the sites with their racks: a site whose racks do not fit beside one another comes in parts."""
    records = estate.records
    for site in dict.fromkeys(source.site for source in records.power_sources.values()):
        racks = [
            id_
            for id_, rack in records.racks.items()
            if records.power_sources[records.power_feeds[rack.feeds[0]].source].site == site
        ]
        whole = OneLine(estate, language, site, racks)
        parts = 1
        while parts < len(racks) and whole.wide > ROWS[-1]:
            parts += 1
            whole = OneLine(estate, language, site, racks[: -(-len(racks) // parts)])
        size = max(1, -(-len(racks) // parts))
        yield from (OneLine(estate, language, site, racks[at : at + size]) for at in range(0, max(1, len(racks)), size))


def _sheets(blocks: Row, wide: float) -> list[list[Row]]:
    """Return the blocks in rows of a width, and the rows on sheets of a height that can be read."""
    rows: list[Row] = []
    for block in blocks:
        if rows and _wide([*rows[-1], block]) <= wide:
            rows[-1].append(block)
        else:
            rows.append([block])
    sheets: list[list[Row]] = []
    for row in rows:
        if sheets and _scale([*sheets[-1], row]) * FIGURE >= plate.LEAST_TYPE:
            sheets[-1].append(row)
        else:
            sheets.append([row])
    return sheets


def _wide(row: Row) -> float:
    return sum(block.wide for block in row) + plate.GAP * (len(row) - 1)


def _tall(row: Row) -> float:
    return max(block.tall for block in row)


def _extent(rows: list[Row]) -> tuple[float, float]:
    tall = sum(map(_tall, rows)) + plate.GAP * (len(rows) - 1)
    return max(plate.LEAST_WIDE, *map(_wide, rows)) + 2 * plate.MARGIN, HEAD + tall + 2 * plate.MARGIN


def _scale(rows: list[Row]) -> float:
    wide, tall = _extent(rows)
    return min(plate.ROOM_WIDE / wide, plate.ROOM_TALL / tall, plate.LARGEST)


def _drawn(estate: Estate, language: Language, rows: list[Row], number: int | None) -> PowerSheet:
    part = (f" その{number}", f", part {number}") if number else ("", "")
    title, other = titles(f"電源系統図{part[0]}", f"Power one-line diagram{part[1]}", language)
    subject = estate.records.estate.label(language)
    parts, y = [], plate.MARGIN
    sizes = (plate.TITLE, plate.OTHER, plate.SUBJECT, plate.NOTE)
    for words, (size, step) in zip((title, other, subject, NOTE[language]), sizes, strict=True):
        looks = {"font_weight": "bold"} if size == plate.TITLE[0] else {}
        looks |= {"fill": plate.FAINT} if size == plate.NOTE[0] else {}
        parts.append(ink.text(plate.MARGIN, y + size, words, size, **looks))
        y += step
    y = plate.MARGIN + HEAD
    for row in rows:
        x = plate.MARGIN
        for block in row:
            parts.append(block.draw(x, y, _tall(row)))
            x += block.wide + plate.GAP
        y += _tall(row) + plate.GAP
    return PowerSheet(title, other, ink.document(*_extent(rows), f"{title}: {subject}", parts))
