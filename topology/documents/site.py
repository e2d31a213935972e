"""All documents bound into one HTML page that needs no server: links between entries and requirements, search, print.

The first row of an entry's own list is where links to the entry lead.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from topology.documents.drawings import Drawing
from topology.documents.linking import anchor, linked
from topology.documents.revisions import HEADINGS, TITLE, Revision
from topology.documents.table import Cell, Column, Table
from topology.draw.words import Language

TEMPLATES = Path(__file__).parent / "templates"
WORDS: dict[Language, dict[str, Any]] = {
    "ja": {
        "skip": "本文へ",
        "contents": "目次",
        "search": "検索",
        "rows": "行",
        "documents": "文書一式",
        "drawings": "図面",
        "tables": "一覧表",
        "none": "該当する記録なし",
        "left-out": "該当する記録がないため作成しない図面: ",
        "stamp": "第{number}版 {day}",
    },
    "en": {
        "skip": "To the content",
        "contents": "Contents",
        "search": "Search",
        "rows": "rows",
        "documents": "documents",
        "drawings": "drawings",
        "tables": "tables",
        "none": "no such records",
        "left-out": "Drawings left out, as the estate has no such records: ",
        "stamp": "revision {number}, {day}",
    },
}
NUMBERS = frozenset({"number", "percent", "mega-yen", "megabit"})
LINKED = frozenset({"entry", "requirements"})
Place = tuple[str, int, int]
"""A table's name, a row, and the column of the cell; -1 for the row itself."""
WHOLE_ROW = -1


@dataclasses.dataclass(frozen=True)
class Piece:
    """A part of a cell, with the anchor that it leads to."""

    text: str
    link: str | None = None


@dataclasses.dataclass(frozen=True)
class Binding:
    """What is bound: tables and drawings with the files that stand beside the page, by name; titles left out."""

    estate: str
    language: Language
    revisions: tuple[Revision, ...]
    tables: Sequence[Table]
    drawings: Sequence[Drawing] = ()
    files: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    left_out: Sequence[str] = ()


def site(bound: Binding) -> bytes:
    """Return the page; the same binding gives the same bytes."""
    language, known = bound.language, anchors(bound.tables)
    words = dict(WORDS[language])
    last = bound.revisions[-1]
    words |= {"revisions": TITLE[language], "revision_headings": HEADINGS[language]}
    words["title"] = f"{bound.estate} {words['documents']}"
    words["stamp"] = words["stamp"].format(number=last.number, day=last.day.isoformat())
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    template = environment.get_template("site.html.j2")
    parts = [_part(table, language, known, bound.files) for table in bound.tables]
    drawings = [_drawing(drawing, frozenset(known), bound.files) for drawing in bound.drawings]
    return template.render(
        language=language, words=words, parts=parts, revisions=bound.revisions, drawings=drawings,
        left_out=list(bound.left_out),
    ).encode()  # fmt: skip


def anchors(tables: Iterable[Table]) -> dict[str, Place]:
    """Return for each entry and requirement where it is listed first: as a row's own name, else anywhere."""
    bound = list(tables)
    found: dict[str, Place] = {}
    for table in bound:
        linked_columns = [index for index, column in enumerate(table.columns) if column.kind in LINKED]
        for number, row in enumerate(table.rows if linked_columns else ()):
            found.setdefault(str(row[linked_columns[0]]), (table.name, number, WHOLE_ROW))
    for table in bound:
        for number, row in enumerate(table.rows):
            for index, column in enumerate(table.columns):
                if column.kind == "entry" and row[index] is not None:
                    found.setdefault(str(row[index]), (table.name, number, index))
    return found


def _drawing(drawing: Drawing, known: frozenset[str], files: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what the template shows of a drawing; the project drew it, and escaped every text in it."""
    sheets = [
        {"title": one.title, "element": Markup(linked(one.svg, known))}  # noqa: S704 -- not from outside
        for one in drawing.sheets
    ]
    return {
        "name": drawing.name, "title": drawing.title, "number": drawing.number, "sheets": sheets,
        "files": files.get(drawing.name, ()),
    }  # fmt: skip


def _part(
    table: Table, language: Language, known: dict[str, Place], files: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    places = {place: anchor(name) for name, place in known.items()}
    rows = []
    for number, row in enumerate(table.rows):
        cells = [
            {**_cell(cell, column, known), "anchor": places.get((table.name, number, index))}
            for index, (cell, column) in enumerate(zip(row, table.columns, strict=True))
        ]
        rows.append({"anchor": places.get((table.name, number, WHOLE_ROW)), "cells": cells})
    return {
        "name": table.name, "title": table.title(language), "note": table.note(language), "rows": rows,
        "headings": [column.heading(language) for column in table.columns], "files": files.get(table.name, ()),
    }  # fmt: skip


def _cell(cell: Cell, column: Column, known: dict[str, Place]) -> dict[str, Any]:
    if cell is None:
        return {"number": False, "pieces": []}
    number = column.kind in NUMBERS
    texts = str(cell).split(", ") if column.kind == "requirements" else [_text(cell, column)]
    leads = column.kind in LINKED
    pieces = [Piece(text, anchor(text) if leads and text in known else None) for text in texts]
    return {"number": number, "pieces": pieces}


def _text(cell: Cell, column: Column) -> str:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, str) or cell is None:
        return cell or ""
    if column.kind == "percent":
        return f"{cell:.2%}"
    if column.kind == "mega-yen":
        return f"{cell:,.2f}".removesuffix(".00")
    return f"{cell:,.3f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
