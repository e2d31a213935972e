"""A drawing on its A3 sheet: frame, title block (表題欄) and the newest revisions, as drawings are handed over.

Measures are points; the left margin leaves room for binding, as JIS Z 8311 has it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from topology.documents.revisions import HEADINGS, TITLE, Revision
from topology.draw import ink, plate
from topology.draw.words import Language

WIDTH_MM, HEIGHT_MM = 420.0, 297.0
POINTS_PER_MM = 72 / 25.4
WIDTH, HEIGHT = WIDTH_MM * POINTS_PER_MM, HEIGHT_MM * POINTS_PER_MM
LEFT, EDGE = 20 * POINTS_PER_MM, 10 * POINTS_PER_MM
STRIP, GAP, PAD, TITLE_ROW = 92.0, 8.0, 4.0, 14.0
BLOCK, VALUE = 420.0, 46.0
ROOM = (WIDTH - LEFT - EDGE - 2 * GAP, HEIGHT - 2 * EDGE - STRIP - 2 * GAP)
"""What is left for the drawing."""
LEAST_TYPE, ROW, LINE, MOST_LINES = 7.0, 14.4, 8.0, 3
"""The size of the revisions' type, the height of a row of one line, what each further line adds, and how many."""
LABELS: dict[Language, dict[str, str]] = {
    "ja": {
        "estate": "事業名", "title": "図名", "number": "図面番号", "revision": "版", "day": "日付", "sheet": "葉",
        "author": "作成", "reviewed": "審査", "approved": "承認",
    },
    "en": {
        "estate": "project", "title": "title", "number": "drawing no.", "revision": "revision", "day": "date",
        "sheet": "sheet", "author": "made by", "reviewed": "reviewed", "approved": "approved",
    },
}  # fmt: skip
RULE, FAINT = "#3d4a59", "#5b6774"
_WIDTHS = (32.0, 52.0, 352.0, 106.0, 66.0, 66.0)


@dataclasses.dataclass(frozen=True)
class TitleBlock:
    """What the title block says: project, title in both languages, number of the drawing, sheet `n/m`."""

    estate: str
    title: str
    other_title: str
    number: str
    sheet: str


def sheet(drawing: str, block: TitleBlock, revisions: tuple[Revision, ...], language: Language) -> str:
    """Return the sheet as an SVG document: the drawing as large as it fits, title block and revisions below."""
    foot = HEIGHT - EDGE - STRIP
    frame = {"fill": "none", "stroke": RULE}
    parts = [
        ink.rect(LEFT, EDGE, WIDTH - LEFT - EDGE, HEIGHT - 2 * EDGE, stroke_width=1.4, **frame),
        ink.line(LEFT, foot, WIDTH - EDGE, foot, stroke=RULE, stroke_width=1),
        _placed(drawing, LEFT + GAP, EDGE + GAP, *ROOM),
        *_block(block, revisions[-1], language, WIDTH - EDGE - BLOCK, foot),
        *_history(revisions, language, LEFT, foot),
    ]
    document = ink.document(WIDTH, HEIGHT, f"{block.number} {block.title}: {block.estate}", parts)
    size = f'width="{WIDTH_MM:g}mm" height="{HEIGHT_MM:g}mm"'
    return re.sub(r'width="[^"]+" height="[^"]+"', size, document, count=1)


def _placed(drawing: str, x: float, y: float, width: float, height: float) -> str:
    """Return a drawing within a place: as large as fits, in its middle."""
    content = drawing[drawing.index("<svg") :]
    head = content[: content.index(">") + 1]
    box = re.search(r'viewBox="([^"]+)"', head)
    if box is None:
        raise ValueError("a drawing without viewBox cannot be placed on a sheet")
    _, _, wide, tall = map(float, box[1].split())
    scale = min(width / wide, height / tall, plate.LARGEST)
    place = {"x": x + (width - wide * scale) / 2, "y": y + (height - tall * scale) / 2}
    size = {"width": wide * scale, "height": tall * scale}
    shown = " ".join(f'{name}="{ink.number(value)}"' for name, value in {**place, **size}.items())
    fresh = re.sub(r'\s(?:width|height)="[^"]*"', "", head).replace("<svg", f"<svg {shown}", 1)
    return fresh + content[len(head) :].strip()


def _block(block: TitleBlock, last: Revision, language: Language, x: float, y: float) -> Iterator[str]:
    """Yield the title block's cells, row by row."""
    rows: tuple[tuple[float, tuple[tuple[str, str, float, float], ...]], ...] = (
        (21.0, (("estate", block.estate, 1.0, 10.5),)),
        (29.0, (("title", block.title, 1.0, 13.0),)),
        (21.0, (
            ("number", block.number, 0.34, 10.0), ("revision", str(last.number), 0.18, 10.0),
            ("day", last.day.isoformat(), 0.28, 10.0), ("sheet", block.sheet, 0.2, 10.0),
        )),
        (21.0, (
            ("author", last.author, 0.4, 9.5), ("reviewed", last.reviewed, 0.3, 9.5),
            ("approved", last.approved, 0.3, 9.5),
        )),
    )  # fmt: skip
    yield ink.line(x, y, x, y + STRIP, stroke=RULE, stroke_width=1)
    for height, cells in rows:
        left = x
        for name, value, share, size in cells:
            width = BLOCK * share
            yield ink.rect(left, y, width, height, fill="none", stroke=RULE, stroke_width=0.6)
            yield ink.text(left + PAD, y + 8, LABELS[language][name], 7, fill=FAINT)
            middle = y + height * (0.34 if name == "title" else 0.5)
            yield from _value(value, left + VALUE, middle, width - VALUE - PAD, size)
            if name == "title":
                yield ink.text(left + VALUE, y + height - 4, block.other_title, 7.5, fill=FAINT)
            left += width
        y += height


def _value(value: str, x: float, middle: float, room: float, size: float) -> Iterator[str]:
    """Yield a cell's value around its middle: in one line, smaller where it must be, else in two of the least type."""
    whole = ink.text_width(value, 1.0)
    smaller = max(LEAST_TYPE, min(size, room / whole if whole else size))
    lines = ink.wrap(value, room, smaller, 2)
    first = middle + smaller * 0.38 - (len(lines) - 1) * smaller * 0.6
    for index, line in enumerate(lines):
        yield ink.text(x, first + index * smaller * 1.2, line, smaller, font_weight="bold")


def _history(revisions: tuple[Revision, ...], language: Language, x: float, y: float) -> Iterator[str]:
    """Yield the newest revisions that have room, newest first; the whole history stands in the list of revisions."""
    yield ink.text(x + PAD, y + TITLE_ROW - 4, TITLE[language], 7.5, font_weight="bold")
    top, foot = y + TITLE_ROW, y + STRIP
    newest = (
        (str(one.number), one.day.isoformat(), one.change, one.author, one.reviewed, one.approved)
        for one in reversed(revisions)
    )
    for index, row in enumerate((HEADINGS[language], *newest)):
        cells = [
            ink.wrap(cell, width - 2 * PAD, LEAST_TYPE, MOST_LINES)
            for cell, width in zip(row, _WIDTHS, strict=True)
        ]  # fmt: skip
        height = ROW + LINE * (max(map(len, cells)) - 1)
        if top + height > foot:
            return
        yield ink.line(x, top, x + sum(_WIDTHS), top, stroke="#b9c3cf", stroke_width=0.5)
        left = x + PAD
        for lines, width in zip(cells, _WIDTHS, strict=True):
            for place, line in enumerate(lines):
                base = top + ROW - 5 + place * LINE
                yield ink.text(left, base, line, LEAST_TYPE, fill=None if index else FAINT)
            left += width
        top += height
