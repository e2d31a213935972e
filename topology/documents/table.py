"""What a tabular document is: columns with their kind, rows of plain cells, a title, all in two languages.

Leaves paper, files and title blocks to the writers.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

from topology.draw.words import Language

Kind = Literal["text", "number", "date", "percent", "mega-yen", "megabit", "entry", "requirements"]
Cell = str | int | float | dt.date | None


@dataclasses.dataclass(frozen=True)
class Column:
    """A column: its heading in both languages and what its cells are.

    `entry` cells are dotted paths of the estate, `requirements` cells rows of the requirement list, both linked.
    """

    ja: str
    en: str
    kind: Kind = "text"

    def heading(self, language: Language) -> str:
        """Return the heading in a language."""
        return self.ja if language == "ja" else self.en


@dataclasses.dataclass(frozen=True)
class Table:
    """A document of one table. `rows` have a cell for each column; `note` says what a reader must know."""

    name: str
    title_ja: str
    title_en: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note_ja: str = ""
    note_en: str = ""

    def __post_init__(self) -> None:
        """Refuse a row that does not fit its columns: a cell under the wrong heading is worse than none."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.name}: {len(row)} cells under {len(self.columns)} columns: {row}")

    def title(self, language: Language) -> str:
        """Return the title in a language."""
        return self.title_ja if language == "ja" else self.title_en

    def note(self, language: Language) -> str:
        """Return the note in a language."""
        return self.note_ja if language == "ja" else self.note_en
