"""A drawing's sheets as they are handed over: each framed on A3 with its title block, all of them as one PDF."""

from __future__ import annotations

import dataclasses

from topology.documents.drawings import Drawing
from topology.documents.linking import linked
from topology.documents.revisions import Revision
from topology.documents.sheet import HEIGHT_MM, WIDTH_MM, TitleBlock, sheet
from topology.draw.pdf import to_pdf
from topology.draw.words import Language


@dataclasses.dataclass(frozen=True)
class Framing:
    """What all sheets of a set share: the project's name, the revisions, the language, and where links lead.

    `known` are the entries that have a row on the page `page`.
    """

    estate: str
    history: tuple[Revision, ...]
    language: Language
    page: str
    known: frozenset[str] = frozenset()

    def framed(self, drawing: Drawing, index: int) -> str:
        """Return a sheet of a drawing on A3 as SVG, counted from 0."""
        one, place = drawing.sheets[index], f"{index + 1}/{len(drawing.sheets)}"
        block = TitleBlock(self.estate, one.title, one.other_title, f"{drawing.number}-{index + 1:02d}", place)
        return sheet(linked(one.svg, self.known, self.page), block, self.history, self.language)

    def pdf(self, drawing: Drawing, only: int | None = None) -> bytes:
        """Return a drawing's sheets, or one of them, as PDF; raises DrawingError where PDF cannot be made here."""
        wanted = range(len(drawing.sheets)) if only is None else (only,)
        return to_pdf([self.framed(drawing, index) for index in wanted], self.history[-1].day, WIDTH_MM, HEIGHT_MM)
