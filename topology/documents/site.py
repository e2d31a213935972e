"""All documents bound into one HTML page that needs no server: links between entries and requirements, search, print.

The first row of an entry's own list is where links to the entry lead.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from topology.documents.drawings import Drawing
from topology.documents.linking import anchor, linked
from topology.documents.manual.prose import Chapter, Steps, Volume
from topology.documents.revisions import HEADINGS, TITLE, Revision
from topology.documents.table import Cell, Column, Table, differs
from topology.documents.text import shown
from topology.draw.words import Language

TEMPLATES = Path(__file__).parent / "templates"
WORDS: dict[Language, dict[str, Any]] = {
    "ja": {
        "skip": "本文へ",
        "contents": "目次",
        "search": "検索",
        "documents": "文書一式",
        "drawings": "図面",
        "tables": "一覧表",
        "manual": "運用管理マニュアル",
        "hits": "件",
        "nothing": "見つかりません。語を減らすか、Escキーで検索を解除してください。",
        "none": "該当する記録なし",
        "left-out": "該当する記録がないため作成しない図面: ",
        "stamp": "第{number}版 {day}",
    },
    "en": {
        "skip": "To the content",
        "contents": "Contents",
        "search": "Search",
        "documents": "documents",
        "drawings": "drawings",
        "tables": "tables",
        "manual": "operation manual",
        "hits": "hits",
        "nothing": "Nothing found. Try fewer words, or press Escape to show everything.",
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
MOST_COLUMNS_ON_A4 = 8
"""Tables with more columns are printed on A3."""


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
    volumes: Sequence[Volume] = ()
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
        left_out=list(bound.left_out), volumes=[_volume(one, language, known, bound.files) for one in bound.volumes],
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


def _volume(
    volume: Volume, language: Language, known: dict[str, Place], files: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return what the template shows of a volume: chapters with paragraphs, steps and tables."""
    chapters = [
        {"name": f"{volume.name}-{number}", "title": f"{number}. {one.title}", "blocks": _blocks(one, language, known)}
        for number, one in enumerate(volume.chapters, 1)
    ]
    return {
        "name": volume.name, "title": volume.title, "chapters": chapters, "files": files.get(volume.name, ()),
    }  # fmt: skip


def _marked(text: str) -> Markup:
    """Return a text with commands marked as such."""
    pieces = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if index % 2 else escape(piece) for index, piece in enumerate(pieces)
    )


def _blocks(chapter: Chapter, language: Language, known: dict[str, Place]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    for block in chapter.blocks:
        if isinstance(block, str):
            blocks.append({"kind": "text", "text": _marked(block)})
        elif isinstance(block, Steps):
            blocks.append({"kind": "steps", "items": [_marked(item) for item in block.items]})
        else:
            part = _part(block, language, known, {})
            # Rows of the manual are no place that links lead to: the lists have the entries' own rows.
            for row in part["rows"]:
                row["anchor"] = None
                for cell in row["cells"]:
                    cell["anchor"] = None
            blocks.append({"kind": "table", **part})
    return blocks


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
        whole = places.get((table.name, number, WHOLE_ROW))
        rows.append({"anchor": whole, "cells": cells, "differs": differs(table, row)})
    return {
        "name": table.name, "title": table.title(language), "note": table.note(language), "rows": rows,
        "headings": [column.heading(language) for column in table.columns], "files": files.get(table.name, ()),
        "wide": len(table.columns) > MOST_COLUMNS_ON_A4,
    }  # fmt: skip


def _cell(cell: Cell, column: Column, known: dict[str, Place]) -> dict[str, Any]:
    if cell is None:
        return {"number": False, "pieces": []}
    number = column.kind in NUMBERS
    texts = str(cell).split(", ") if column.kind == "requirements" else [shown(cell, column)]
    leads = column.kind in LINKED
    pieces = [Piece(text, anchor(text) if leads and text in known else None) for text in texts]
    return {"number": number, "pieces": pieces}
