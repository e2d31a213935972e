"""Cells of a table as text for pages and paper."""

from __future__ import annotations

import datetime as dt
import re

from topology.documents.table import Cell, Column
from topology.draw.words import Language


def shown(cell: Cell, column: Column) -> str:
    """Return a cell as people read it; an empty one is empty."""
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, str) or cell is None:
        return cell or ""
    if column.kind == "percent":
        return f"{cell:.2%}"
    if column.kind == "mega-yen":
        return f"{cell:,.2f}".removesuffix(".00")
    return f"{cell:,.3f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)


def cited(source: str, language: Language) -> str:
    """Return a source as a document cites it: a slide by the language's word for one."""
    if language == "en":
        return source
    return re.sub(r"\bslides? (\d+(?:, \d+)*)", lambda found: "スライド" + found[1].replace(", ", "、"), source)
