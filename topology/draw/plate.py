"""A whole drawing of a diagram: heading, what Graphviz laid out, lists, arranged so that type is largest on A3.

A diagram that may run either way runs the way that leaves larger type; its lists stand beneath or beside it likewise.
"""

from __future__ import annotations

import dataclasses
import itertools

from topology.draw import graphviz, ink, listing, stack
from topology.draw.diagram import Diagram
from topology.draw.listing import Laid

ROOM_WIDE, ROOM_TALL = 1089.5, 677.2
"""What the A3 sheet leaves for a drawing (points)."""
MARGIN, GAP = 14.0, 18.0
LEAST_WIDE = 640.0
"""Lists beneath a small diagram and notes above it may be as wide as this (points)."""
BESIDE_WIDE = (240.0, 280.0, 340.0, 400.0, 460.0, 520.0, 580.0, 640.0, 700.0, 780.0, 860.0)
"""How wide lists beside a diagram may be: the widths that are tried (points)."""
LARGEST = 1.3
"""Small drawings are not blown up further than this: type that differs much between sheets looks careless."""
LEAST_TYPE = 7.0
"""No type on a sheet is smaller (points)."""
NEARLY = 0.88
"""Of arrangements whose type is that near to the largest, the one with the fewest broken names and cells is taken."""
SHELVES = (0.0, 900.0, 1200.0, 1500.0)
"""How wide rows of parts that do not hang together may be: the widths that are tried (points)."""
TITLE, OTHER, SUBJECT, NOTE = (18.0, 26.0), (11.5, 17.0), (12.0, 18.0), (10.0, 15.0)
"""Sizes of the heading's lines, each with its step to the next one."""
FAINT = "#5b6774"


@dataclasses.dataclass(frozen=True)
class Plate:
    """A diagram with the way it runs, the size of what is laid out, its heading and its lists with their place."""

    diagram: Diagram
    size: tuple[float, float]
    heading: tuple[tuple[str, float, float], ...]
    lists: tuple[Laid, ...]
    beside: bool

    @property
    def head(self) -> float:
        """The height of the heading."""
        return sum(step for _, _, step in self.heading) + 6

    @property
    def extent(self) -> tuple[float, float]:
        """The width and height of the whole."""
        wide, tall = self.size
        titled = max(ink.text_width(words, size) * 1.06 for words, size, _ in self.heading)
        list_wide = max((one.width for one in self.lists), default=0.0)
        list_tall = sum(one.height + GAP for one in self.lists)
        if self.beside:
            wide, tall = wide + GAP + list_wide, max(tall, list_tall - GAP)
        else:
            wide, tall = max(wide, list_wide), tall + list_tall
        return max(wide, titled) + 2 * MARGIN, self.head + tall + 2 * MARGIN

    @property
    def room(self) -> float:
        """How large it could come out on the sheet."""
        wide, tall = self.extent
        return min(ROOM_WIDE / wide, ROOM_TALL / tall)

    @property
    def scale(self) -> float:
        """How large it comes out on the sheet."""
        return min(self.room, LARGEST)

    @property
    def broken(self) -> float:
        """How tall lists and frames' names are: the more lines are broken, the more."""
        names = sum(len(frame.label.splitlines()) for frame in self.diagram.frames)
        return sum(one.height for one in self.lists) + names * listing.STEP


def arranged(diagram: Diagram) -> Plate:
    """Return the arrangement with nearly the largest type and the fewest broken lines.

    Raises DrawingError where Graphviz is missing or fails.
    """
    ways = (diagram.across, not diagram.across) if diagram.turns else (diagram.across,)
    options = []
    shelves = SHELVES if diagram.stacked else (0.0,)
    for across, shelf in itertools.product(ways, shelves):
        turned = stack.labelled(dataclasses.replace(diagram, across=across, shelf=shelf))
        size = stack.places(turned)[0]
        heading = tuple(_heading(diagram, max(size[0], LEAST_WIDE)))
        for room in (None, *BESIDE_WIDE) if diagram.lists and diagram.boxes else (None,):
            lists = tuple(listing.laid(one, room or max(size[0], LEAST_WIDE)) for one in diagram.lists)
            options.append(Plate(turned, size, heading, lists, room is not None))
    best = max(plate.scale for plate in options)
    least = max(NEARLY * best, min(best, LEAST_TYPE / listing.SIZE))
    return min((one for one in options if one.scale >= least), key=lambda plate: (plate.broken, -plate.room))


def legible(diagram: Diagram) -> bool:
    """Tell whether the smallest type of a diagram is large enough on its sheet; raises DrawingError."""
    return arranged(diagram).scale * listing.SIZE >= LEAST_TYPE


def svg(diagram: Diagram, cites: dict[str, str] | None = None) -> str:
    """Return the drawing as an SVG document; boxes and rows that stand for entries carry them as `data-entry`.

    `cites` says of an entry what a viewer shows on hovering. Raises DrawingError.
    """
    plate = arranged(diagram)
    parts, y = [], MARGIN
    for index, (words, size, step) in enumerate(plate.heading):
        parts.append(ink.text(MARGIN, y + size, words, size, font_weight="bold" if index == 0 else None,
                              fill=FAINT if size == NOTE[0] else None))  # fmt: skip
        y += step
    y = MARGIN + plate.head
    if diagram.boxes:
        place = f"translate({ink.number(MARGIN)} {ink.number(y)})"
        parts.append(ink.element("g", stack.body(plate.diagram, cites), transform=place))
    x = MARGIN + plate.size[0] + GAP if plate.beside else MARGIN
    y += 0 if plate.beside or not diagram.boxes else plate.size[1] + GAP
    for index, one in enumerate(plate.lists, 1):
        parts += listing.draw(one, x, y, f"list-{index}", cites or {})
        y += one.height + GAP
    return ink.document(*plate.extent, f"{diagram.title}: {diagram.subject}", parts)


def _heading(diagram: Diagram, room: float) -> list[tuple[str, float, float]]:
    """Return the lines of the heading, each with its size and step."""
    notes = [line for note in diagram.notes for line in ink.wrap(note, room, NOTE[0], 4)]
    lines = [(diagram.title, *TITLE), (diagram.other_title, *OTHER), (diagram.subject, *SUBJECT)]
    return [*lines, *((note, *NOTE) for note in notes)]


def source(diagram: Diagram) -> str:
    """Return the diagram in Graphviz's language, as it runs in the drawing."""
    return graphviz.source(arranged(diagram).diagram)
