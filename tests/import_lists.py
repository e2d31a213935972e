"""Workbooks of lists for tests, written from YAML that people can read: rows, merged ranges, changes to cells."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.styles import Font

HERE = Path(__file__).parent / "topology" / "imports"
GOOD = HERE / "good"


@dataclasses.dataclass(frozen=True)
class BadLists:
    """A change that puts the good lists into conflict, and the findings that must come of it."""

    folder: Path
    change: dict[str, Any]

    @property
    def expected(self) -> list[str]:
        """The lines of `expected.txt`."""
        return (self.folder / "expected.txt").read_text(encoding="utf-8").splitlines()


def bad_lists() -> list[BadLists]:
    """Return every pair, in the order of names."""
    folders = sorted(path for path in (HERE / "bad").iterdir() if path.is_dir())
    return [BadLists(path, yaml.safe_load((path / "change.yaml").read_text(encoding="utf-8"))) for path in folders]


def write_lists(folder: Path, change: dict[str, Any] | None = None) -> list[Path]:
    """Write the good lists as workbooks into a folder, changed as asked, and return their paths in order.

    `cells` sets cells by workbook, `rows` appends rows, `strike` strikes cells out, `sheet` renames a sheet, `drop`
    leaves a workbook out, `bytes` writes a file of that text in its place.
    """
    change = change or {}
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for source in sorted(GOOD.glob("*.yaml")):
        if source.stem in change.get("drop", []):
            continue
        path = folder / f"{source.stem}.xlsx"
        if source.stem in change.get("bytes", {}):
            path.write_text(change["bytes"][source.stem], encoding="utf-8")
        else:
            _write(path, yaml.safe_load(source.read_text(encoding="utf-8")), change)
        paths.append(path)
    for name, text in change.get("files", {}).items():
        (folder / name).write_text(text, encoding="utf-8")
        paths.append(folder / name)
    return paths


def _value(text: str) -> str | float | None:
    """Return the text of a cell as a spreadsheet keeps it: numbers as numbers, `.` for a blank line."""
    if re.fullmatch(r"0|[1-9]\d*", text):
        return int(text)
    return float(text) if re.fullmatch(r"\d+\.\d+", text) else (text if text != "." else None) or None


def _write(path: Path, stated: dict[str, Any], change: dict[str, Any]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = change.get("sheet", {}).get(path.stem, stated["sheet"])
    lines = [*stated["rows"].splitlines(), *change.get("rows", {}).get(path.stem, [])]
    for number, line in enumerate(lines, 1):
        for column, text in enumerate(line.split("|"), 1):
            sheet.cell(number, column).value = _value(text.strip())
    unmerged = change.get("unmerge", {}).get(path.stem, [])
    for area in stated.get("merge", []):
        if area not in unmerged:
            sheet.merge_cells(area)
    for cell, value in change.get("cells", {}).get(path.stem, {}).items():
        sheet[cell].value = value
    for cell in change.get("strike", {}).get(path.stem, []):
        sheet[cell].font = Font(strike=True)
    book.save(path)
