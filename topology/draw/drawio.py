"""Diagrams for draw.io, where people edit them: real boxes in containers, connectors that stay fixed to them.

Places come from Graphviz; a shape keeps the entry that it stands for as its property `entry`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from topology.draw import listing, plate, stack
from topology.draw.diagram import FILLS, Box, Diagram, Line
from topology.draw.graphviz import FONT, FRAME, GROUND
from topology.draw.ink import number
from topology.draw.shapes import Box as Place

A3_WIDE, A3_TALL = 1654, 1169
"""A3 landscape in draw.io's unit, a hundredth of an inch."""
MODEL = (
    '<mxGraphModel grid="1" gridSize="10" guides="1" connect="1" arrows="1" fold="1" page="1" pageScale="1"'
    f' pageWidth="{A3_WIDE}" pageHeight="{A3_TALL}" math="0" shadow="0">'
)
SCALE = 1.15
"""Draw.io sets type somewhat wider than Graphviz measures it."""
_SHAPES = {"store": "shape=cylinder3;boundedLbl=1;size=7;", "cloud": "shape=cloud;"}


@dataclasses.dataclass(frozen=True)
class Page:
    """A page of a draw.io file: its name and the cells on it, parents before children."""

    name: str
    cells: tuple[str, ...]


def file(pages: Iterable[Page]) -> str:
    """Return the file with its pages, uncompressed, so that changes can be compared."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', '<mxfile compressed="false">']
    for index, page in enumerate(pages, 1):
        parts += [
            f'  <diagram id="page-{index}" name={quoteattr(page.name)}>',
            f"    {MODEL}",
            '      <root>\n        <mxCell id="0"/>\n        <mxCell id="1" parent="0"/>',
            *(f"        {cell}" for cell in page.cells),
            "      </root>\n    </mxGraphModel>\n  </diagram>",
        ]
    return "\n".join([*parts, "</mxfile>"]) + "\n"


def page(diagram: Diagram) -> Page:
    """Return the page of a diagram; raises DrawingError where Graphviz is missing or fails."""
    return Page(diagram.title, tuple(_cells(diagram)))


def vertex(id_: str, words: str, style: str, place: Place, parent: Place | None, **more: str) -> str:
    """Return a shape; `parent_id` of `more` is the container whose place is `parent`, the rest are its properties."""
    container = more.pop("parent_id", "1")
    x, y = (place.x - parent.x, place.y - parent.y) if parent else (place.x, place.y)
    geometry = " ".join(
        f'{name}="{number(value)}"'
        for name, value in (("x", x), ("y", y), ("width", place.width), ("height", place.height))
    )
    own = "".join(f" {name}={quoteattr(value)}" for name, value in more.items())
    return (
        f"<object id={quoteattr(id_)} label={quoteattr(words)}{own}>"
        f'<mxCell style={quoteattr(style)} vertex="1" parent={quoteattr(container)}>'
        f'<mxGeometry {geometry} as="geometry"/></mxCell></object>'
    )


def edge(id_: str, words: str, style: str, ends: tuple[str, str]) -> str:
    """Return a connector between two shapes."""
    return (
        f'<mxCell id={quoteattr(id_)} value={quoteattr(words)} style={quoteattr(style)} edge="1" parent="1"'
        f' source={quoteattr(ends[0])} target={quoteattr(ends[1])}><mxGeometry relative="1" as="geometry"/></mxCell>'
    )


def font(size: float) -> str:
    """Return the part of a style that sets the type."""
    return f"html=1;whiteSpace=wrap;fontFamily={FONT};fontSize={number(size)};"


def _cells(diagram: Diagram) -> Iterator[str]:
    arranged = plate.arranged(diagram)
    (wide, tall), found = stack.places(arranged.diagram)
    found = {name: _scaled(place) for name, place in found.items()}
    heading = f"<b>{escape(diagram.title)}</b><br>{escape(diagram.other_title)}<br>{escape(diagram.subject)}"
    style = f"text;align=left;verticalAlign=top;{font(14)}"
    yield vertex("heading", heading, style, Place(0, -76, max(wide * SCALE, 480), 60), None)
    for frame in diagram.frames:
        if frame.id in found:
            style = (
                f"rounded=1;arcSize=2;container=1;collapsible=0;fillColor={GROUND};strokeColor={FRAME};"
                f"verticalAlign=top;align=left;spacingLeft=8;fontStyle=1;{font(12)}"
            )
            more = {"entry": frame.entry} if frame.entry else {}
            if frame.parent:
                more["parent_id"] = f"frame:{frame.parent}"
            above = found.get(frame.parent or "")
            yield vertex(f"frame:{frame.id}", escape(frame.label), style, found[frame.id], above, **more)
    for box in diagram.boxes:
        yield _box(box, found)
    for index, line in enumerate(diagram.lines, 1):
        yield edge(f"line:{index}", escape(line.label).replace("\n", "<br>"), _line(line), (line.a, line.z))
    below = tall * SCALE + 20
    for index, one in enumerate(arranged.lists, 1):
        rows = "".join(_row("th", one.listing.headings)) + "".join(_row("td", row.cells) for row in one.listing.rows)
        words = f'<b>{escape(one.listing.title)}</b><table border="1" cellpadding="3">{rows}</table>'
        style = f"text;align=left;verticalAlign=top;overflow=fill;{font(listing.SIZE)}"
        yield vertex(f"list:{index}", words, style, Place(0, below, one.width * SCALE, one.height * SCALE), None)
        below += one.height * SCALE + 20


def _row(tag: str, cells: tuple[str, ...]) -> str:
    shown = (escape(cell).replace("\n", "<br>") for cell in cells)
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in shown)}</tr>"


def _box(box: Box, found: dict[str, Place]) -> str:
    fill, stroke = FILLS[box.kind]
    shape = _SHAPES.get(box.kind, "dashed=1;" if box.kind == "note" else "rounded=1;")
    align = "align=left;spacingLeft=6;" if box.left else ""
    name = escape(box.name).replace("\n", "<br>")
    words = "<br>".join([f"<b>{name}</b>", *map(escape, box.lines)])
    more = {"entry": box.entry} if box.entry else {}
    if box.frame:
        more["parent_id"] = f"frame:{box.frame}"
    style = f"{shape}fillColor={fill};strokeColor={stroke};{align}{font(10.5)}"
    return vertex(box.id, words, style, found[box.id], found.get(box.frame or ""), **more)


def _line(line: Line) -> str:
    arrow = "endArrow=block;endFill=1;" if line.arrow else "endArrow=none;"
    dashed = "dashed=1;" if line.dashed else ""
    return f"edgeStyle=orthogonalEdgeStyle;rounded=1;{arrow}{dashed}strokeColor={line.colour};{font(9)}"


def _scaled(place: Place) -> Place:
    return Place(place.x * SCALE, place.y * SCALE, place.width * SCALE, place.height * SCALE)
