"""What a page is made of: sections, each with a chart, the numbers behind it as a table, and what to read from it."""

from __future__ import annotations

import dataclasses
from typing import Literal

from plotly import graph_objects

Language = Literal["ja", "en"]
Cell = str | float | int | None


@dataclasses.dataclass(frozen=True)
class Numbers:
    """A table: headings, and rows of texts and numbers; None is shown as a dash."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of a page; `id` is its anchor. Numbers are open where there is no chart, unless they are `folded`.

    A `wide` chart (hours side by side, long names) scrolls sideways on a narrow screen instead of being squeezed.
    """

    id: str
    title: str
    text: str = ""
    chart: graph_objects.Figure | None = None
    numbers: Numbers | None = None
    folded: bool = False
    wide: bool = False
