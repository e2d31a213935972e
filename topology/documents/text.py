"""Cells of a table as text for pages and paper."""

from __future__ import annotations

import datetime as dt

from topology.documents.table import Cell, Column


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
