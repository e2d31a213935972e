"""Which list a sheet is, where its headings stand, and its rows by field."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from topology.imports.findings import Findings, Spot
from topology.imports.headings import Headings, ListKind, key
from topology.imports.text import folded
from topology.imports.workbooks import Cell, Sheet

DEEPEST_HEADING = 40
LEAST_COLUMNS = 3
TITLE_COUNTS = 4
_PARTS_OF_A_DOCUMENT = frozenset(map(key, ("改訂履歴", "Revisions", "表紙", "目次", "凡例", "Cover", "Contents")))
_REMARKS = ("※", "注", "*", "備考:")


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of a list: its cells by field, the units of their headings, and where the row begins."""

    list: str
    spot: Spot
    cells: dict[str, Cell]
    units: dict[str, str | None]

    def at(self, field: str) -> Spot:
        """Return the place of a field; of a column that the list does not have, the place of the row."""
        cell = self.cells.get(field)
        return cell.spot if cell else self.spot

    def has(self, field: str) -> bool:
        """Tell whether the row says something in a field."""
        cell = self.cells.get(field)
        return cell is not None and not cell.blank


@dataclasses.dataclass(frozen=True)
class _Heading:
    """Where a list's headings stand: the last row of them, and by column the field with its unit."""

    kind: ListKind
    row: int
    columns: dict[int, tuple[str, str | None]]
    score: int


def list_rows(sheet: Sheet, headings: Headings, findings: Findings) -> Iterator[Row]:
    """Yield the rows of a sheet that is a list; notes what is none, and finds what should be one and is not."""
    title = key(sheet.title or sheet.workbook.rpartition(".")[0])
    if title in _PARTS_OF_A_DOCUMENT or title in headings.skip:
        return
    found = _find(sheet, headings, title)
    if found is None:
        named = [kind for kind in headings.lists.values() if title in kind.titles]
        for kind in named:
            wanted = ", ".join(f"`{kind.shown[field]}`" for field in kind.needs)
            findings.add(sheet.spot, "", f"is called a list ({kind.name}) and has no row of its headings", wanted)
        if not named:
            findings.note(sheet.spot, "none of the lists that an estate is made of, not read")
        return
    for column, cell in enumerate(sheet.rows[found.row]):
        if column not in found.columns and not cell.blank:
            findings.note(cell.spot, f"column `{folded(cell.value)}`: no field of {found.kind.name}, not read")
    yield from _rows(sheet, found, findings)


def _find(sheet: Sheet, headings: Headings, title: str) -> _Heading | None:
    """Return the heading that fits best: the most columns; a title that says so counts for some."""
    best: _Heading | None = None
    for number in range(min(len(sheet.rows), DEEPEST_HEADING)):
        for texts in _heading_texts(sheet, number):
            for kind in headings.lists.values():
                columns = _columns(kind, texts)
                fields = {field for field, _ in columns.values()}
                if len(fields) < min(LEAST_COLUMNS, len(kind.needs)) or not set(kind.needs) <= fields:
                    continue
                score = len(fields) + TITLE_COUNTS * (title in kind.titles)
                if best is None or score > best.score:
                    best = _Heading(kind, number, columns, score)
    return best


def _heading_texts(sheet: Sheet, number: int) -> Iterator[list[str]]:
    """Yield a row's texts, then the same under those of the row above (`自機器` over `ポート`)."""
    own = [folded(cell.value) for cell in sheet.rows[number]]
    yield own
    if number:
        above = [folded(cell.value) for cell in sheet.rows[number - 1]]
        yield [upper if lower in {"", upper} else f"{upper}{lower}" for upper, lower in zip(above, own, strict=True)]


def _columns(kind: ListKind, texts: list[str]) -> dict[int, tuple[str, str | None]]:
    """Return the field of each column; of two columns of one field the first counts."""
    found: dict[int, tuple[str, str | None]] = {}
    for column, text in enumerate(texts):
        field = kind.field(text) if text else None
        if field and field[0] not in {name for name, _ in found.values()}:
            found[column] = field
    return found


def _rows(sheet: Sheet, heading: _Heading, findings: Findings) -> Iterator[Row]:
    """Yield what stands below the headings, without blank lines, remarks, repeated headings and what is struck out."""
    units = dict(heading.columns.values())
    texts = [key(str(cell.value or "")) for cell in sheet.rows[heading.row]]
    for cells in sheet.rows[heading.row + 1 :]:
        taken = {field: cells[column] for column, (field, _) in heading.columns.items()}
        said = [cell for cell in taken.values() if not cell.blank]
        own = [cell for cell in said if not cell.carried]
        if not own or [key(str(cell.value or "")) for cell in cells] == texts:
            continue
        if len(said) == 1 and folded(said[0].value).startswith(_REMARKS):
            continue
        if all(cell.struck for cell in own):
            findings.note(own[0].spot, "struck through, not read")
            continue
        yield Row(heading.kind.name, cells[0].spot, taken, units)
