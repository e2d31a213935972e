"""A volume of the manual as PDF on A4: cover with title block and revisions, contents, chapters, page numbers.

Type is IPA P Gothic, embedded; the date is that of the newest revision, so that the same volume gives the same bytes.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    LongTable,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from topology.documents.manual import columns
from topology.documents.manual.prose import Block, Chapter, Steps, Volume
from topology.documents.revisions import EPOCH, HEADINGS, TITLE, Revision
from topology.documents.table import Table
from topology.documents.text import shown
from topology.draw.errors import DrawingError
from topology.draw.words import Language

FONT = "IPAPGothic"
MARGIN, HEAD = 20 * mm, 16 * mm
ROOM = A4[0] - 2 * MARGIN
NEWEST = 8
"""So many revisions leave room for the contents on the same page."""
HEADING, FIRST_ROWS = 70.0, 130.0
"""A chapter or table begins on a page where its heading, a line and some rows have room (points)."""
HEAD_FILL, RULE, FAINT = HexColor("#dde5ee"), HexColor("#9aa6b5"), HexColor("#5b6774")
CONTENTS: dict[Language, str] = {"ja": "目次", "en": "Contents"}


def paper(volume: Volume, language: Language, estate: str, revisions: tuple[Revision, ...]) -> bytes:
    """Return the PDF file's bytes; raises DrawingError where the font is missing."""
    _load_font()
    buffer = io.BytesIO()
    looks = _Looks(language)
    with _dated(revisions[-1].day):
        document = _Document(buffer, volume, estate, revisions[-1])
        document.multiBuild(list(_story(volume, looks, estate, revisions)))
    return buffer.getvalue()


class _Looks:
    """Paragraph styles of a language: Japanese lines may end after any character."""

    def __init__(self, language: Language) -> None:
        self.language = language
        wrap = {"wordWrap": "CJK"} if language == "ja" else {"splitLongWords": 1}
        base = {"fontName": FONT, **wrap}
        self.title = ParagraphStyle("title", fontSize=22, leading=30, spaceAfter=6, **base)
        self.plain = ParagraphStyle("plain", fontSize=10, leading=15.5, spaceAfter=6, **base)
        self.chapter = ParagraphStyle(
            "chapter", fontSize=14, leading=20, spaceBefore=16, spaceAfter=8, borderPadding=(3, 4, 3, 6),
            backColor=HEAD_FILL, **base,
        )  # fmt: skip
        self.caption = ParagraphStyle("caption", fontSize=9.5, leading=14, spaceBefore=6, spaceAfter=3, **base)
        self.cells = {
            size: ParagraphStyle(f"cell-{size:g}", fontSize=size, leading=size * 1.31, **base) for size in columns.SIZES
        }
        self.cell = self.cells[columns.SIZES[0]]
        self.step = ParagraphStyle("step", fontSize=10, leading=15.5, leftIndent=20, bulletIndent=4, spaceAfter=3,
                                   bulletFontName=FONT, **base)  # fmt: skip
        self.contents = ParagraphStyle("contents", fontSize=10.5, leading=19, **base)


class _Document(BaseDocTemplate):  # type: ignore[misc]
    """A document with running heads; chapters go into the contents and the outline."""

    def __init__(self, buffer: io.BytesIO, volume: Volume, estate: str, last: Revision) -> None:
        super().__init__(
            buffer, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
            title=volume.title, author=last.author, subject=estate,
        )  # fmt: skip
        self.running = f"{estate}  {volume.title}"
        self.stamp = f"{last.number} / {last.day.isoformat()}"
        frame = Frame(MARGIN, MARGIN, ROOM, A4[1] - 2 * MARGIN, 0, 0, 0, 0)
        self.addPageTemplates([PageTemplate("all", [frame], onPage=self._head)])

    def _head(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFont(FONT, 8)
        canvas.setFillColor(FAINT)
        canvas.drawString(MARGIN, A4[1] - HEAD + 4, self.running)
        canvas.drawRightString(A4[0] - MARGIN, A4[1] - HEAD + 4, self.stamp)
        canvas.drawCentredString(A4[0] / 2, HEAD - 10, str(document.page))
        canvas.restoreState()

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 -- reportlab's name
        """Note a chapter's page for the contents, and mark it in the outline."""
        number = getattr(flowable, "chapter_number", None)
        if number is not None:
            key = f"chapter-{number}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, 0)
            self.notify("TOCEntry", (0, flowable.getPlainText(), self.page, key))


def _story(volume: Volume, looks: _Looks, estate: str, revisions: tuple[Revision, ...]) -> Iterator[Flowable]:
    yield Paragraph(escape(volume.title), looks.title)
    yield Paragraph(escape(estate), looks.plain)
    yield Spacer(1, 6)
    yield Paragraph(escape(TITLE[looks.language]), looks.caption)
    rows: list[tuple[str, ...]] = [
        (str(one.number), one.day.isoformat(), one.change, one.author, one.reviewed, one.approved)
        for one in revisions[: -NEWEST - 1 : -1]
    ]
    yield _table(
        HEADINGS[looks.language], rows, looks, [44.0, 54.0, ROOM - 44 - 54 - 3 * 66, 66.0, 66.0, 66.0], columns.SIZES[0]
    )
    yield Spacer(1, 16)
    yield Paragraph(CONTENTS[looks.language], looks.caption)
    contents = TableOfContents()
    contents.levelStyles = [looks.contents]
    contents.dotsMinLevel = 0
    yield contents
    yield PageBreak()
    for number, one in enumerate(volume.chapters, 1):
        yield from _chapter(number, one, looks)


def _chapter(number: int, chapter: Chapter, looks: _Looks) -> Iterator[Flowable]:
    heading = Paragraph(f"{number}. {escape(chapter.title)}", looks.chapter)
    heading.chapter_number = number
    yield CondPageBreak(HEADING + FIRST_ROWS)
    yield heading
    for block in chapter.blocks:
        yield from _block(block, looks)


def _block(block: Block, looks: _Looks) -> Iterator[Flowable]:
    if isinstance(block, str):
        yield Paragraph(_marked(block), looks.plain)
    elif isinstance(block, Steps):
        for number, item in enumerate(block.items, 1):
            yield Paragraph(_marked(item), looks.step, bulletText=f"{number}.")
        yield Spacer(1, 4)
    else:
        yield from _listing(block, looks)


def _marked(text: str) -> str:
    """Return a text as reportlab takes it, commands in another colour."""
    return re.sub(r"`([^`]+)`", r'<font color="#0b4f8a">\1</font>', escape(text))


def _listing(table: Table, looks: _Looks) -> Iterator[Flowable]:
    table = _narrowed(table)
    headings = tuple(column.heading(looks.language) for column in table.columns)
    rows = [tuple(shown(cell, column) for cell, column in zip(row, table.columns, strict=True)) for row in table.rows]
    rows = _short(rows, table)
    yield CondPageBreak(FIRST_ROWS)
    yield Paragraph(escape(table.title(looks.language)), looks.caption)
    yield _table(headings, rows, looks, *columns.widths([headings, *rows], ROOM))
    if table.note(looks.language):
        yield Paragraph(escape(table.note(looks.language)), looks.cell)
    yield Spacer(1, 10)


def _narrowed(table: Table) -> Table:
    """Return a table without its columns of requirements: paper is narrow, and the trace on the page has them all."""
    kept = [index for index, column in enumerate(table.columns) if column.kind != "requirements"]
    rows = tuple(tuple(row[index] for index in kept) for row in table.rows)
    return dataclasses.replace(table, columns=tuple(table.columns[index] for index in kept), rows=rows)


def _short(rows: list[tuple[str, ...]], table: Table) -> list[tuple[str, ...]]:
    """Return rows whose entries go without their section where a whole column is of one: paper is narrow."""
    parts = list(zip(*rows, strict=True))
    for index, column in enumerate(table.columns):
        sections = {cell.partition(".")[0] for cell in parts[index] if cell}
        if column.kind == "entry" and len(sections) == 1:
            parts[index] = tuple(cell.partition(".")[2] for cell in parts[index])
    return list(zip(*parts, strict=True))


def _table(
    headings: tuple[str, ...], rows: list[tuple[str, ...]], looks: _Looks, widths: list[float], size: float
) -> LongTable:
    cells: list[list[Any]] = [
        [
            Paragraph("<br/>".join(map(escape, columns.lines(cell, width, size))), looks.cells[size])
            for cell, width in zip(row, widths, strict=True)
        ]
        for row in (headings, *rows)
    ]
    style = TableStyle([
        ("GRID", (0, 0), (-1, -1), 0.5, RULE), ("BACKGROUND", (0, 0), (-1, 0), HEAD_FILL),
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3), ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ])  # fmt: skip
    return LongTable(cells, colWidths=widths, repeatRows=1, style=style)


@contextlib.contextmanager
def _dated(day: dt.date) -> Iterator[None]:
    """Have reportlab take a day for the date of creation: it reads the variable of reproducible builds."""
    before = os.environ.get(EPOCH)
    os.environ[EPOCH] = str(int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ[EPOCH]
        else:
            os.environ[EPOCH] = before


@cache
def _load_font() -> None:
    """Register the font once; raises DrawingError where fontconfig knows no such file."""
    program = shutil.which("fc-match")
    asked = [program or "fc-match", "--format=%{family[0]}\n%{file}", FONT]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout if program else ""
    family, _, name = found.partition("\n")
    if family != FONT or not Path(name).is_file():
        raise DrawingError(f"the manual needs the font {FONT} (Debian packages fonts-ipafont-gothic, fontconfig)")
    try:
        pdfmetrics.registerFont(TTFont(FONT, name))
    except TTFError as error:
        raise DrawingError(f"{name}: {error}") from error
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=FONT, italic=FONT, boldItalic=FONT)
