"""A table as CSV: UTF-8 with the mark that spreadsheets look for, one heading line, dates as ISO 8601."""

from __future__ import annotations

import csv
import datetime as dt
import io

from topology.documents.table import Cell, Table
from topology.draw.words import Language


def plain(table: Table, language: Language) -> bytes:
    """Return the CSV file's bytes."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.heading(language) for column in table.columns])
    writer.writerows([[_text(cell) for cell in row] for row in table.rows])
    return buffer.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, dt.date) else f"{cell:g}" if isinstance(cell, float) else str(cell)
