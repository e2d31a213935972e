"""What a laid-out diagram consists of: boxes in frames, with lines between them. Leaves places to Graphviz.

The same diagram goes to Graphviz for its drawing and its source, and to draw.io for whoever edits it.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

from topology.draw.listing import Listing
from topology.draw.words import Language

Kind = Literal[
    "segment", "router", "server", "terminal", "service", "store", "place", "function", "job", "extra-job", "cloud",
    "note", "grid", "generator", "ups", "feed", "rack",
]  # fmt: skip
Side = Literal["left", "centre", "right", "below"]
FILLS: dict[Kind, tuple[str, str]] = {
    "segment": ("#eef3fa", "#31527d"),
    "router": ("#dbe9f8", "#31527d"),
    "server": ("#e6e4f5", "#4c4785"),
    "terminal": ("#f6f3ec", "#75633c"),
    "service": ("#d9efe2", "#2f6b45"),
    "store": ("#eee3d2", "#75633c"),
    "place": ("#f6f3ec", "#75633c"),
    "function": ("#ffffff", "#5b6774"),
    "job": ("#dbe9f8", "#31527d"),
    "extra-job": ("#fbead0", "#8a5a10"),
    "cloud": ("#f3eefa", "#7d4bb5"),
    "note": ("#ffffff", "#9aa6b5"),
    "grid": ("#fbead0", "#3d4a59"),
    "generator": ("#f9dcd5", "#3d4a59"),
    "ups": ("#e6e4f5", "#3d4a59"),
    "feed": ("#dbe9f8", "#3d4a59"),
    "rack": ("#ffffff", "#3d4a59"),
}
"""Fill and edge of each kind of box."""


@dataclasses.dataclass(frozen=True)
class Box:
    """A box: its name in bold, in one line or more, further lines below; `entry` is the dotted path that it stands for.

    `left` sets the text flush left, for lists.
    """

    id: str
    kind: Kind
    name: str
    lines: tuple[str, ...] = ()
    entry: str | None = None
    frame: str | None = None
    left: bool = False


@dataclasses.dataclass(frozen=True)
class Frame:
    """A frame around boxes; `parent` is the frame that it stands in, `aligned` those boxes that form one rank.

    `side` is where its label stands: at its upper edge, or at the left of its lower one. Where lines would
    else cross it, the width of the label is kept free beside the boxes `beside`, on its side.
    """

    id: str
    label: str
    entry: str | None = None
    parent: str | None = None
    aligned: tuple[str, ...] = ()
    side: Side = "left"
    beside: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Line:
    """A line from box to box with its words; a `level` one has no say in which box comes first."""

    a: str
    z: str
    label: str = ""
    colour: str = "#3d4a59"
    dashed: bool = False
    arrow: bool = True
    level: bool = False


@dataclasses.dataclass(frozen=True)
class Diagram:
    """A diagram of one sheet. `title` is in the drawing's language, `other_title` in the other one.

    `across` runs from left to right, else from top to bottom; one that `turns` runs the way that suits the sheet;
    `square` draws lines at right angles, without words; `fanned` has them leave and reach the middle of a box's side;
    `stacked` has parts that do not hang together, the first of which is to stand on top;
    more than one stand in a row where they fit within its `shelf` (points).
    `lists` stand beneath or beside the diagram, `notes` say what a reader must know.
    """

    name: str
    title: str
    other_title: str
    subject: str
    language: Language
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...] = ()
    frames: tuple[Frame, ...] = ()
    notes: tuple[str, ...] = ()
    across: bool = True
    square: bool = False
    fanned: bool = False
    stacked: bool = False
    turns: bool = False
    shelf: float = 0.0
    lists: tuple[Listing, ...] = ()

    def __post_init__(self) -> None:
        """Refuse lines to nowhere and ids that serve twice: Graphviz would make up boxes for them."""
        ids = [box.id for box in self.boxes]
        twice = {id_ for id_ in ids if ids.count(id_) > 1}
        loose = {end for line in self.lines for end in (line.a, line.z)} - set(ids)
        frames = {frame.id for frame in self.frames}
        outside = {box.frame for box in self.boxes if box.frame} - frames
        if twice or loose or outside:
            raise ValueError(f"{self.name}: ids twice {sorted(twice)}, no box {sorted(loose)}, no frame {outside}")


def titles(japanese: str, english: str, language: Language) -> tuple[str, str]:
    """Return both titles, that of the language first."""
    return (japanese, english) if language == "ja" else (english, japanese)
