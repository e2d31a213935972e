"""What a tabular document is: columns with their kind, rows of plain cells, a title, all in two languages.

Leaves paper, files and title blocks to the writers.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

from topology.draw.words import Language

Kind = Literal["text", "number", "date", "percent", "mega-yen", "megabit", "entry", "requirements", "difference"]
UNMARKED = frozenset({"一致", "same", "未確認", "not seen"})
"""What a `difference` cell says where nothing differs as far as is known."""
Cell = str | int | float | dt.date | None


@dataclasses.dataclass(frozen=True)
class Column:
    """A column: its heading in both languages and what its cells are.

    `entry` cells are dotted paths of the estate, `requirements` cells rows of the requirement list, both linked.
    `difference` cells say how a row's values differ; rows in which they do are marked.
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


def differs(table: Table, row: tuple[Cell, ...]) -> bool:
    """Tell whether a row says that values differ."""
    pairs = zip(table.columns, row, strict=True)
    return any(column.kind == "difference" and str(cell or "") not in UNMARKED for column, cell in pairs)
