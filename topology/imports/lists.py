"""An estate from the lists of the trade: read, find everything that is wrong, and write only what is sound."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from inventory.models.estate import Estate
from inventory.problems import EstateInvalid, Problem
from topology.check import check_estate, record_addresses
from topology.imports.addresses import Plan
from topology.imports.assemble import assemble
from topology.imports.draft import Draft
from topology.imports.findings import Spot
from topology.imports.headings import Headings
from topology.imports.outcome import REPORT, Open, Outcome, Source, find_open, report
from topology.imports.record import find_differences, record_of
from topology.imports.sheets import Row, list_rows
from topology.imports.workbooks import read_sheets
from topology.imports.write import write_estate

Lists = dict[str, list[Row]]
COUNTED = (
    "sites", "devices", "hardware", "segments", "circuits", "racks", "clusters", "virtual_machines",
    "designed_services",
)  # fmt: skip
"""The sections whose entries an outcome counts."""

Compare = Callable[[Estate], None]
"""Holds the estate that was made against what it was made of, and adds what differs to the findings."""


class WouldOverwrite(Exception):
    """The folder to write to exists and nobody said that it may be replaced."""


def import_lists(
    files: Iterable[Path], out: Path, headings: Headings, partial: bool = False, replace: bool = False
) -> Outcome:
    """Make an estate in the folder `out` of workbooks and CSV files, and return what it came to.

    Nothing is written where there are findings, unless `partial` asks for an estate without what is in conflict.
    Raises WouldOverwrite where the folder is there already and `replace` does not say that it may go.
    """
    if out.exists() and not replace:
        raise WouldOverwrite(f"{out} exists; choose another folder, or say that it may be replaced")
    draft = Draft(headings)
    rows, sources = read_rows(files, draft)
    return make_estate(rows, sources, draft, out, partial)


def read_rows(files: Iterable[Path], draft: Draft) -> tuple[Lists, tuple[Source, ...]]:
    """Return the rows of every list in the files, by list, and which file holds how many."""
    rows: Lists = {}
    sources = []
    names: set[str] = set()
    for path in files:
        if path.name in names:
            draft.findings.add(Spot(path.name), "", "two files of one name", "names of their own, for findings to tell")
        names.add(path.name)
        counts: dict[str, int] = {}
        for sheet in read_sheets(path, draft.findings):
            for row in list_rows(sheet, draft.headings, draft.findings):
                rows.setdefault(row.list, []).append(row)
                counts[row.list] = counts.get(row.list, 0) + 1
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        sources.append(Source(path.name, digest, counts))
    return rows, tuple(sources)


def make_estate(
    rows: Lists, sources: tuple[Source, ...], draft: Draft, out: Path, partial: bool, *, compare: Compare | None = None
) -> Outcome:
    """Make an estate of rows, check it in a folder beside `out`, and put it there if it is sound or `partial`."""
    if not rows and not draft.findings.findings:
        draft.findings.add(Spot(sources[0].name if sources else ""), "", "holds none of the lists", "one of the lists")
    if any(not finding.spot.row for finding in draft.findings.findings):
        # Without a whole list the others cannot be judged: everything would be in conflict with it.
        told = draft.findings
        return Outcome(str(out), False, sources, {}, told.findings, told.notes, ())
    draft.files = tuple(source.name for source in sources)
    plan = assemble(rows, draft, out.name)
    entries = draft.entry_of
    work = out.parent / f".{out.name}.import"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        head = (
            f"# Made by `twin import` of {', '.join(source.name for source in sources)}; {REPORT} says what is open.\n"
        )
        write_estate(work, draft, record_of(plan, entries, draft), head)
        open_values, remaining = _check(work, plan, entries, draft, partial, compare=compare)
        written = not draft.findings.findings or partial
        counts = {name: len(found) for name in COUNTED if (found := draft.sections.get(name, {}))}
        outcome = Outcome(
            str(out), written, sources, counts, draft.findings.findings,
            draft.findings.notes, open_values,
        )  # fmt: skip
        if written:
            text = report(outcome) + "".join(f"- still wrong: {problem}\n" for problem in remaining)
            (work / REPORT).write_text(text, encoding="utf-8")
            if out.exists():
                shutil.rmtree(out)
            work.rename(out)
        return outcome
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _check(
    work: Path, plan: Plan, entries: dict[str, str], draft: Draft, partial: bool, *, compare: Compare | None
) -> tuple[tuple[Open, ...], tuple[Problem, ...]]:
    """Check the estate that was made; its problems are findings at the cells that they come from.

    Where rows are in conflict, what follows from their absence is no finding of its own.
    """
    known = bool(draft.findings.findings)
    try:
        estate = check_estate(str(work))
    except EstateInvalid as error:
        if not known:
            for problem in error.problems:
                _translate(problem, draft)
        return (), error.problems if partial else ()
    if not known:
        find_differences(plan, entries, estate, draft)
        if compare is not None:
            compare(estate)
    record_addresses(estate)
    return find_open(estate), ()


def _translate(problem: Problem, draft: Draft) -> None:
    spot = draft.origin(problem.path) or Spot("")
    expected = problem.expected or "what the guide to the estate says"
    draft.findings.add(spot, problem.path, problem.problem, expected)
