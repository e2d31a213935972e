"""All documents bound into one HTML page that needs no server: links between entries and requirements, search, print.

The first row of an entry's own list is where links to the entry lead.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from topology.documents.revisions import HEADINGS, TITLE, Revision
from topology.documents.table import Cell, Column, Table, differs
from topology.draw.words import Language

TEMPLATES = Path(__file__).parent / "templates"
WORDS: dict[Language, dict[str, Any]] = {
    "ja": {
        "skip": "本文へ",
        "contents": "目次",
        "search": "検索",
        "rows": "行",
        "documents": "文書一式",
        "stamp": "第{number}版 {day}",
    },
    "en": {
        "skip": "To the content",
        "contents": "Contents",
        "search": "Search",
        "rows": "rows",
        "documents": "documents",
        "stamp": "revision {number}, {day}",
    },
}
NUMBERS = frozenset({"number", "percent", "mega-yen", "megabit"})


@dataclasses.dataclass(frozen=True)
class Piece:
    """A part of a cell, with the anchor that it leads to."""

    text: str
    link: str | None = None


@dataclasses.dataclass(frozen=True)
class Drawing:
    """A drawing as an SVG element or document."""

    name: str
    title: str
    svg: str

    @property
    def element(self) -> Markup:
        """The drawing as it stands within a page: the project draws it, and escapes every text in it."""
        return Markup(self.svg[self.svg.index("<svg") :])  # noqa: S704 -- not from outside


def site(  # noqa: PLR0917 -- what a page is made of
    tables: Iterable[Table], language: Language, estate: str, revisions: tuple[Revision, ...], files: tuple[str, ...],
    drawings: Iterable[Drawing] = (),
) -> bytes:  # fmt: skip
    """Return the page; `files` are the endings of the files that stand beside it, one of each for each table."""
    bound = list(tables)
    anchors = _anchors(bound)
    words = dict(WORDS[language])
    last = revisions[-1]
    words |= {"revisions": TITLE[language], "revision_headings": HEADINGS[language]}
    words["title"] = f"{estate} {words['documents']}"
    words["stamp"] = words["stamp"].format(number=last.number, day=last.day.isoformat())
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    template = environment.get_template("site.html.j2")
    parts = [_part(table, language, anchors, files) for table in bound]
    return template.render(
        language=language, words=words, parts=parts, revisions=revisions, drawings=list(drawings)
    ).encode()


def _anchors(tables: list[Table]) -> dict[str, tuple[str, int]]:
    """Return for each entry and requirement the document and row where it is listed first by itself."""
    found: dict[str, tuple[str, int]] = {}
    for table in tables:
        kinds = [column.kind for column in table.columns]
        if not kinds or not {"entry", "requirements"} & set(kinds):
            continue
        own = next(index for index, kind in enumerate(kinds) if kind in {"entry", "requirements"})
        for number, row in enumerate(table.rows):
            found.setdefault(str(row[own]), (table.name, number))
    return found


def _part(
    table: Table, language: Language, anchors: dict[str, tuple[str, int]], files: tuple[str, ...]
) -> dict[str, Any]:
    places = {place: name for name, place in anchors.items()}
    rows = []
    for number, row in enumerate(table.rows):
        name = places.get((table.name, number))
        cells = [_cell(cell, column, anchors) for cell, column in zip(row, table.columns, strict=True)]
        rows.append({"anchor": _anchor(name) if name else None, "cells": cells, "differs": differs(table, row)})
    return {
        "name": table.name, "title": table.title(language), "note": table.note(language), "rows": rows,
        "headings": [column.heading(language) for column in table.columns],
        "files": [f"{table.name}{ending}" for ending in files],
    }  # fmt: skip


def _cell(cell: Cell, column: Column, anchors: dict[str, tuple[str, int]]) -> dict[str, Any]:
    if cell is None:
        return {"number": False, "pieces": []}
    number = column.kind in NUMBERS
    texts = str(cell).split(", ") if column.kind == "requirements" else [_text(cell, column)]
    linked = column.kind in {"entry", "requirements"}
    pieces = [Piece(text, _anchor(text) if linked and text in anchors else None) for text in texts]
    return {"number": number, "pieces": pieces}


def _anchor(name: str) -> str:
    return f"at-{name}"


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
