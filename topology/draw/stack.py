"""Parts of a diagram that do not hang together, each laid out for itself and put below one another.

Graphviz alone would align the columns of parts that have nothing to do with one another, and pull all of them apart.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import pairwise

import networkx as nx

from topology.draw import graphviz, ink
from topology.draw.diagram import Diagram, Frame, Side
from topology.draw.shapes import Box as Place

APART = 18.0
TWO_LINES = 0.6
SHARES = (1.0, TWO_LINES, 0.45, 0.35)
"""Of its width, what a frame's label may take: the rest goes into further lines."""
MOST_LINES = 6
ROUNDS = 3
SIDES: tuple[Side, ...] = ("left", "centre", "right", "below")


def parts(diagram: Diagram) -> tuple[Diagram, ...]:
    """Return the parts of a stacked diagram in the order of their first boxes; any other diagram is one part."""
    if not diagram.stacked:
        return (diagram,) if diagram.boxes else ()
    graph: nx.Graph[str] = nx.Graph()
    above = {frame.id: frame for frame in diagram.frames}
    for box in diagram.boxes:
        graph.add_edge(f"box {box.id}", f"frame {_outermost(box.frame, above)}" if box.frame else f"box {box.id}")
    graph.add_edges_from((f"box {line.a}", f"box {line.z}") for line in diagram.lines)
    found = []
    left = set(graph)
    for box in diagram.boxes:
        if f"box {box.id}" in left:
            own = nx.node_connected_component(graph, f"box {box.id}")
            left -= own
            boxes = tuple(one for one in diagram.boxes if f"box {one.id}" in own)
            lines = tuple(line for line in diagram.lines if f"box {line.a}" in own)
            frames = tuple(one for one in diagram.frames if f"frame {_outermost(one.id, above)}" in own)
            found.append(dataclasses.replace(diagram, boxes=boxes, lines=lines, frames=frames, lists=()))
    return tuple(found)


def places(diagram: Diagram) -> tuple[tuple[float, float], dict[str, Place]]:
    """Return the size of all parts and the place of every box and frame, in points from the upper left corner."""
    wide = tall = 0.0
    found: dict[str, Place] = {}
    for part, x, y in _shelved(diagram):
        size, own = graphviz.places(part)
        found |= {name: dataclasses.replace(one, x=one.x + x, y=one.y + y) for name, one in own.items()}
        wide, tall = max(wide, x + size[0]), max(tall, y + size[1])
    return (wide, tall), found


def body(diagram: Diagram, cites: dict[str, str] | None = None) -> str:
    """Return all parts as SVG; raises DrawingError where Graphviz is missing or fails."""
    drawn = [
        ink.element("g", graphviz.body(part, cites), transform=f"translate({ink.number(x)} {ink.number(y)})")
        for part, x, y in _shelved(diagram)
    ]
    return "\n".join(drawn)


def _shelved(diagram: Diagram) -> Iterator[tuple[Diagram, float, float]]:
    """Yield each part with its place: beside the one before where the shelf has room, else below all before."""
    x = y = below = 0.0
    for part in parts(diagram):
        wide, tall = graphviz.places(part)[0]
        if x and x + wide > diagram.shelf:
            x, y = 0.0, below
        yield part, x, y
        x, below = x + wide + APART, max(below, y + tall + APART)


def labelled(diagram: Diagram) -> Diagram:
    """Return the diagram with frames' labels where no line crosses them, or as few as can be."""
    frames = {frame.id: frame for frame in diagram.frames}
    shown = dict(frames)
    for part in parts(diagram):
        best = part
        for _ in range(ROUNDS):
            for id_ in _crossed(best):
                ways = [
                    dataclasses.replace(best, frames=tuple(way if one.id == id_ else one for one in best.frames))
                    for way in _ways(frames[id_], _upper(best, id_))
                ]
                best = min((best, *ways), key=lambda way: len(_crossed(way)))
        shown |= {frame.id: frame for frame in best.frames}
    return dataclasses.replace(diagram, frames=tuple(shown.values()))


def _crossed(part: Diagram) -> list[str]:
    """Return the frames whose labels a line crosses."""
    own = graphviz.places(part)[1]
    lines = graphviz.lines(part)
    return [one.id for one in part.frames if one.id in own and not _free(one, own[one.id], lines)]


def _ways(frame: Frame, upper: tuple[str, ...]) -> Iterator[Frame]:
    """Yield a frame with its label in ever more lines, at each side, and with room kept for two lines."""
    whole = ink.text_width(frame.label, graphviz.LABEL)
    for share in SHARES:
        label = "\n".join(ink.wrap(frame.label, whole * share, graphviz.LABEL, MOST_LINES))
        yield from (dataclasses.replace(frame, label=label, side=side) for side in SIDES)
        if upper and share == TWO_LINES:
            yield dataclasses.replace(frame, label=label, side="left", beside=upper)
            yield dataclasses.replace(frame, label=label, side="right", beside=upper)


def _upper(part: Diagram, frame: str) -> tuple[str, ...]:
    """Return the boxes of a frame that stand in its uppermost row; none where the part runs across."""
    own = graphviz.places(part)[1]
    boxes = [box.id for box in part.boxes if box.frame == frame]
    if part.across or not boxes:
        return ()
    top = min(own[box].middle for box in boxes)
    return tuple(box for box in boxes if own[box].middle - top < 1)


def label_place(frame: Frame, place: Place) -> Place:
    """Return where a frame's label stands."""
    side, words = frame.side, frame.label.splitlines()
    wide = max(ink.text_width(line, graphviz.LABEL) for line in words)
    room = place.width - wide - 2 * graphviz.LABEL_EDGE
    x = place.x + graphviz.LABEL_EDGE + room * {"left": 0.0, "centre": 0.5, "right": 1.0, "below": 0.0}[side]
    tall = graphviz.LABEL * 1.5 * len(words)
    return Place(x, place.bottom - tall - 3 if side == "below" else place.y + 3, wide, tall)


def _free(frame: Frame, place: Place, lines: list[list[tuple[float, float]]]) -> bool:
    label = label_place(frame, place)
    return not any(label.crossed(a, z) for line in lines for a, z in pairwise(line))


def _outermost(frame: str, above: dict[str, Frame]) -> str:
    while (parent := above[frame].parent) is not None:
        frame = parent
    return frame
