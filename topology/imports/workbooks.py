"""Workbooks and CSV files as sheets of cells: merged cells carried over, what is struck through marked.

Knows nothing of what the cells mean.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell as BookCell
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from topology.imports.findings import Findings, Spot
from topology.imports.text import Value, is_nothing

MAX_FILE_BYTES = 50_000_000
MAX_ROWS, MAX_COLUMNS = 50_000, 200
ENCODINGS = ("utf-8-sig", "cp932")
"""What spreadsheets in Japan write CSV in: UTF-8 with its mark, or Windows' own Shift JIS."""


@dataclasses.dataclass(frozen=True)
class Cell:
    """A value with its place; that of a `carried` cell is the merged cell's that it is part of."""

    value: Value
    spot: Spot
    carried: bool = False
    struck: bool = False

    @property
    def blank(self) -> bool:
        """Tell whether the cell says nothing (blank, a dash, なし)."""
        return is_nothing(self.value)


@dataclasses.dataclass(frozen=True)
class Sheet:
    """The cells of a sheet, row by row; every row is as long as the longest."""

    workbook: str
    title: str
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def spot(self) -> Spot:
        """The sheet as a whole."""
        return Spot(self.workbook, self.title)


def read_sheets(path: Path, findings: Findings) -> tuple[Sheet, ...]:
    """Return the visible sheets of a workbook or the one of a CSV file; what cannot be read is a finding."""
    spot = Spot(path.name)
    try:
        content = path.read_bytes()
    except OSError as error:
        findings.add(spot, "", f"cannot be read: {error.strerror}", "a workbook (.xlsx) or a CSV file")
        return ()
    if len(content) > MAX_FILE_BYTES:
        findings.add(spot, "", f"has {len(content)} bytes", f"at most {MAX_FILE_BYTES}")
        return ()
    if path.suffix.casefold() == ".csv":
        return _read_csv(path.name, content, findings)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(content)) if _has_formulas(content) else None
    except Exception as error:  # noqa: BLE001 -- the library raises whatever a damaged file leads it to
        old = content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        problem = "is in the old form (.xls) or has a password" if old else f"is no workbook ({type(error).__name__})"
        findings.add(spot, "", problem, "a workbook saved as .xlsx without a password")
        return ()
    result = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            findings.note(Spot(path.name, sheet.title), "hidden sheet, not read")
        elif (sheet.max_row or 0) > MAX_ROWS or (sheet.max_column or 0) > MAX_COLUMNS:
            found = f"has {sheet.max_row} rows and {sheet.max_column} columns"
            findings.add(Spot(path.name, sheet.title), "", found, f"at most {MAX_ROWS} rows and {MAX_COLUMNS} columns")
        else:
            result.append(_sheet(path.name, sheet, formulas[sheet.title] if formulas else None, findings))
    return tuple(result)


def _sheet(name: str, sheet: Worksheet, formulas: Worksheet | None, findings: Findings) -> Sheet:
    """Return a sheet's cells; a cell of a merged range has the range's value."""
    origin = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = []
        for column, cell in enumerate(cells, 1):
            spot = Spot(name, sheet.title, number, column)
            source = sheet.cell(*origin[number, column]) if isinstance(cell, MergedCell) else cell
            formula = formulas.cell(number, column).value if formulas else None
            if cell.value is None and isinstance(formula, str) and formula.startswith("="):
                findings.add(
                    spot, "", "a formula without a stored result", "a value, or the file saved by a spreadsheet"
                )
            if source is not cell:
                spot = Spot(name, sheet.title, *origin[number, column])
            row.append(_cell(source, spot, source is not cell, findings))
        rows.append(tuple(row))
    return Sheet(name, sheet.title, tuple(rows))


def _cell(source: BookCell | MergedCell, spot: Spot, carried: bool, findings: Findings) -> Cell:
    value: Value = source.value  # type: ignore[assignment]
    if source.data_type == "e" and not carried:
        findings.add(spot, "", f"holds the error {value}", "a value")
        value = None
    return Cell(value, spot, carried, bool(source.font and source.font.strike))


def _has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(b"<f" in archive.read(name) for name in archive.namelist() if "worksheets/" in name)


def _read_csv(name: str, content: bytes, findings: Findings) -> tuple[Sheet, ...]:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            findings.add(Spot(name), "", f"is no CSV file: {error}", "cells parted by commas")
            return ()
        width = max(map(len, lines), default=0)
        rows = tuple(
            tuple(
                Cell(value, Spot(name, "", number, column))
                for column, value in enumerate([*line, *[""] * (width - len(line))], 1)
            )
            for number, line in enumerate(lines, 1)
        )
        return (Sheet(name, "", rows),)
    findings.add(Spot(name), "", "is in no known encoding", "UTF-8 or Shift JIS")
    return ()
