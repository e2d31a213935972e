"""What is wrong with a list, by workbook, sheet and cell, and what an import could not know or did not take over."""

from __future__ import annotations

import dataclasses

from openpyxl.utils import get_column_letter


@dataclasses.dataclass(frozen=True, order=True)
class Spot:
    """A cell of a sheet; row 0 stands for the sheet as a whole, a sheet without a title is a CSV file."""

    workbook: str
    sheet: str = ""
    row: int = 0
    column: int = 1

    @property
    def cell(self) -> str:
        """The cell as spreadsheets name it, such as `B5`, or nothing for the sheet as a whole."""
        return f"{get_column_letter(self.column)}{self.row}" if self.row else ""

    def __str__(self) -> str:
        """Return `workbook:sheet!cell`."""
        inner = "!".join(part for part in (self.sheet, self.cell) if part)
        return f"{self.workbook}:{inner}" if inner else self.workbook


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """Something that cannot be as it stands: where, which field, what is wrong, what was expected."""

    spot: Spot
    field: str
    problem: str
    expected: str

    def __str__(self) -> str:
        """Return the finding as `workbook:sheet!cell: field: problem; expected …`."""
        parts = (str(self.spot), self.field, self.problem)
        return f"{': '.join(part for part in parts if part)}; expected {self.expected}"


@dataclasses.dataclass(frozen=True, order=True)
class Note:
    """Something that is fine and that a reader should know: what was left out, and why."""

    spot: Spot
    text: str

    def __str__(self) -> str:
        """Return the note as `workbook:sheet!cell: text`."""
        return f"{self.spot}: {self.text}"


class Findings:
    """Collects findings and notes of one import; nothing stops at the first."""

    def __init__(self) -> None:
        self._findings: set[Finding] = set()
        self._notes: set[Note] = set()

    def add(self, spot: Spot, field: str, problem: str, expected: str) -> None:
        """Collect a finding."""
        self._findings.add(Finding(spot, field, problem, expected))

    def note(self, spot: Spot, text: str) -> None:
        """Collect a note."""
        self._notes.add(Note(spot, text))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order of workbooks, sheets and cells."""
        return tuple(sorted(self._findings))

    @property
    def notes(self) -> tuple[Note, ...]:
        """Every note, in the same order."""
        return tuple(sorted(self._notes))
