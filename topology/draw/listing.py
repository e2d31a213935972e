"""Lists on a drawing: what would be many boxes without lines is a table beneath or beside what is laid out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from topology.draw import ink

SIZE, STEP, PAD, HEAD = 10.0, 13.0, 6.0, 20.0
RULE, FAINT, GROUND = "#b9c3cf", "#5b6774", "#eef2f6"
LEAST = 70.0
"""No column is narrowed below this, nor below its longest word (points)."""
MOST_LINES = 30


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of a list; a cell may have several lines; `entry` is the dotted path that it stands for."""

    cells: tuple[str, ...]
    entry: str | None = None


@dataclasses.dataclass(frozen=True)
class Listing:
    """A list with its title, its headings and at least one row, each with a cell for each heading."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclasses.dataclass(frozen=True)
class Laid:
    """A list whose columns have their widths and whose cells are broken into lines."""

    listing: Listing
    widths: tuple[float, ...]
    cells: tuple[tuple[list[str], ...], ...]

    @property
    def width(self) -> float:
        """The width of the list, at least that of its title."""
        return max(sum(self.widths), ink.text_width(self.listing.title, 11))

    @property
    def height(self) -> float:
        """The height of the list with its title and headings."""
        return HEAD + sum(self.heights)

    @property
    def heights(self) -> tuple[float, ...]:
        """The height of each row, headings first."""
        return tuple(STEP * max(len(lines) for lines in row) + PAD for row in self.cells)


def laid(listing: Listing, room: float) -> Laid:
    """Return a list within a width (points): where it is too wide, its widest columns break their lines."""
    table = (listing.headings, *(row.cells for row in listing.rows))
    natural = [
        max(ink.text_width(line, SIZE) for line in _lines(column)) + 2 * PAD + 1 for column in zip(*table, strict=True)
    ]
    most = max(natural)
    while most > LEAST and sum(min(width, most) for width in natural) > room:
        most -= 2
    least = [
        max(ink.longest_piece(line, SIZE) for line in _lines(column)) + 2 * PAD + 1
        for column in zip(*table, strict=True)
    ]
    widths = [max(low, min(width, most)) for low, width in zip(least, natural, strict=True)]
    cells = tuple(
        tuple(_broken(cell, width - 2 * PAD) for cell, width in zip(row, widths, strict=True)) for row in table
    )
    return Laid(listing, tuple(widths), cells)


def _lines(cells: Iterable[str]) -> list[str]:
    return [line for cell in cells for line in cell.split("\n")]


def _broken(cell: str, width: float) -> list[str]:
    return [line for part in cell.split("\n") for line in ink.wrap(part, width, SIZE, MOST_LINES)]


def draw(one: Laid, x: float, y: float, name: str, cites: dict[str, str]) -> Iterator[str]:
    """Yield the list with its upper left corner at a place; a row with an entry is a group that stands for it."""
    yield ink.text(x, y + 12, one.listing.title, 11, font_weight="bold")
    top = y + HEAD
    right = x + sum(one.widths)
    yield ink.rect(x, top, right - x, one.heights[0], fill=GROUND)
    for index, (cells, height) in enumerate(zip(one.cells, one.heights, strict=True)):
        yield ink.line(x, top, right, top, stroke=RULE, stroke_width=0.6)
        entry = one.listing.rows[index - 1].entry if index else None
        parts = list(_cells(one, cells, x, top, heading=index == 0))
        title = cites.get(entry, entry) if entry else ""
        yield ink.group(f"{name}-{index}", parts, title, escape(entry) if entry else None)
        top += height
    yield ink.line(x, top, right, top, stroke=RULE, stroke_width=0.6)


def _cells(one: Laid, cells: tuple[list[str], ...], x: float, top: float, *, heading: bool) -> Iterator[str]:
    for lines, width in zip(cells, one.widths, strict=True):
        if any(lines):
            yield from (
                ink.text(x + PAD, top + PAD / 2 + SIZE + index * STEP, line, SIZE, fill=FAINT if heading else None)
                for index, line in enumerate(lines)
            )
        x += width
