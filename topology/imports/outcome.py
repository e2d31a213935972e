"""What an import came to: what was read, what is wrong, what was assumed and remains to be filled; its report."""

from __future__ import annotations

import dataclasses
from typing import Any

from inventory.models.estate import Estate
from topology.imports.draft import ASSUMED
from topology.imports.findings import Finding, Note

REPORT = "import-report.md"


@dataclasses.dataclass(frozen=True)
class Source:
    """A file that was read: its digest, and how many rows of which lists it holds."""

    name: str
    sha256: str
    rows: dict[str, int]


@dataclasses.dataclass(frozen=True, order=True)
class Open:
    """A value that no list says and that someone has to fill in or to confirm: where it stands, and what it is."""

    file: str
    line: int
    path: str
    what: str

    def __str__(self) -> str:
        """Return it as `file:line: path: what`."""
        return f"{self.file}:{self.line}: {self.path}: {self.what}"


@dataclasses.dataclass(frozen=True)
class Outcome:
    """An import as a whole. `written` tells whether the estate's folder was made."""

    folder: str
    written: bool
    sources: tuple[Source, ...]
    entries: dict[str, int]
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    open: tuple[Open, ...]

    def document(self) -> dict[str, Any]:
        """Return the outcome as JSON has it."""
        return {
            "folder": self.folder,
            "written": self.written,
            "sources": [dataclasses.asdict(source) for source in self.sources],
            "entries": self.entries,
            "findings": [
                {"workbook": one.spot.workbook, "sheet": one.spot.sheet, "cell": one.spot.cell, "field": one.field,
                 "problem": one.problem, "expected": one.expected}
                for one in self.findings
            ],
            "notes": [
                {"workbook": one.spot.workbook, "sheet": one.spot.sheet, "cell": one.spot.cell, "note": one.text}
                for one in self.notes
            ],
            "open": [dataclasses.asdict(one) for one in self.open],
        }  # fmt: skip


def find_open(estate: Estate) -> tuple[Open, ...]:
    """Return every value that was assumed for want of a list, with the line where it stands."""
    found = [
        Open(*estate.where(path), path, origin.source.removeprefix(ASSUMED))
        for path, origin in estate.provenance.items()
        if origin.how == "assumed" and origin.source.startswith(ASSUMED)
    ]
    return tuple(sorted(found))


def report(outcome: Outcome) -> str:
    """Return the report that lies in the estate's folder: for whoever goes on with it, and for an auditor."""
    lines = [
        "# Import report",
        "",
        "What this estate was made of, what was left out, and what remains to be filled in.",
        "",
    ]
    lines += ["## Files read", "", "| file | SHA-256 | rows |", "|---|---|---|"]
    for source in outcome.sources:
        rows = ", ".join(f"{name} {count}" for name, count in source.rows.items()) or "none of the lists"
        lines.append(f"| {source.name} | `{source.sha256}` | {rows} |")
    for title, items in (
        ("Left out because of conflicts", outcome.findings),
        ("To be filled in or confirmed", outcome.open),
        ("Notes", outcome.notes),
    ):
        lines += ["", f"## {title}", "", *([f"- {item}" for item in items] or ["Nothing."])]
    return "\n".join(lines) + "\n"
