"""Drawing on an A4 sheet with one Japanese font: ruled cells, text that fits them, the specimen watermark.

Knows nothing of certificates. Positions are in points from the sheet's upper left corner, as people read forms.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import NamedTuple

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from resident_registry.errors import SettingsError

FONT = "RegistryMincho"
WIDTH_PT, HEIGHT_PT = A4
_SMALLEST_PT = 5.5
_GREY = Color(0.35, 0.35, 0.35)
_RED = Color(0.75, 0.1, 0.1)
_WATERMARK = Color(0.90, 0.90, 0.90)


def load_font(font_file: str) -> None:
    """Load the font once (0.3 s for IPAmj Mincho); raises SettingsError where the file is no TrueType font."""
    if FONT in pdfmetrics.getRegisteredFontNames():
        return
    if not Path(font_file).is_file():
        raise SettingsError(f"{font_file}: the font for certificates is missing (Debian: fonts-ipamj-mincho)")
    try:
        pdfmetrics.registerFont(TTFont(FONT, font_file))
    except TTFError as error:
        raise SettingsError(f"{font_file}: {error}") from error


def width_pt(text: str, size_pt: float) -> float:
    """Return how wide `text` is set in the registered font."""
    return float(pdfmetrics.stringWidth(text, FONT, size_pt))


def _broken(text: str, size_pt: float, room_pt: float) -> list[str]:
    """Break Japanese text, which has no spaces to break at, wherever the line is full."""
    lines = [""]
    for letter in text:
        if lines[-1] and width_pt(lines[-1] + letter, size_pt) > room_pt:
            lines.append("")
        lines[-1] += letter
    return lines


def fitted(text: str, size_pt: float, room_pt: float, height_pt: float) -> tuple[list[str], float]:
    """Return the lines and the size at which `text` fits a cell: one line if it can, else smaller, else more lines."""
    size = size_pt
    while True:
        lines = _broken(text, size, room_pt)
        if len(lines) == 1 and (size >= 0.72 * size_pt or size <= _SMALLEST_PT):
            return lines, size
        if len(lines) > 1 and size < 0.8 * size_pt and len(lines) * size * 1.15 <= height_pt:
            return lines, size
        if size <= _SMALLEST_PT:
            return lines[: max(1, int(height_pt / (size * 1.15)))], size
        size -= 0.25


class Box(NamedTuple):
    """A rectangle: its upper left corner, its width and its height."""

    x: float
    y: float
    width: float
    height: float


class Sheet:
    """A document of A4 sheets, drawn top down."""

    def __init__(self, title: str, author: str) -> None:
        """Start the first sheet; `title` and `author` go into the document's properties."""
        self._buffer = io.BytesIO()
        self._canvas = Canvas(self._buffer, pagesize=A4, pageCompression=1, lang="ja-JP")
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setLineWidth(0.6)

    def text(self, x: float, y: float, text: str, size_pt: float, *, align: str = "left", grey: bool = False) -> None:
        """Write one line whose baseline is `y` below the upper edge; `x` is its left, centre or right."""
        self._canvas.setFillColor(_GREY if grey else Color(0, 0, 0))
        self._canvas.setFont(FONT, size_pt)
        draw = {
            "left": self._canvas.drawString,
            "centre": self._canvas.drawCentredString,
            "right": self._canvas.drawRightString,
        }[align]
        draw(x, HEIGHT_PT - y, text)

    def cell(self, box: Box, text: str, size_pt: float, *, label: bool = False) -> None:
        """Rule a cell and set `text` in it, shrunk or broken to fit; a label is centred on a tint."""
        x, y, width, height = box
        if label:
            self._canvas.setFillColor(Color(0, 0, 0, alpha=0.05))
            self._canvas.rect(x, HEIGHT_PT - y - height, width, height, stroke=0, fill=1)
        self._canvas.rect(x, HEIGHT_PT - y - height, width, height)
        padding = 2.5 if label else 5
        lines, size = fitted(text, size_pt, width - 2 * padding, height)
        baseline = y + (height - len(lines) * size * 1.15) / 2 + size * 0.92
        for line in lines:
            if label:
                self.text(x + width / 2, baseline, line, size, align="centre")
            else:
                self.text(x + padding, baseline, line, size)
            baseline += size * 1.15

    def frame(self, box: Box) -> None:
        """Rule a heavier frame around cells."""
        x, y, width, height = box
        self._canvas.setLineWidth(1.3)
        self._canvas.rect(x, HEIGHT_PT - y - height, width, height)
        self._canvas.setLineWidth(0.6)

    def watermark(self, word: str) -> None:
        """Write `word` large and light across the sheet; draw it first, so that it lies beneath."""
        self._canvas.saveState()
        self._canvas.setFillColor(_WATERMARK)
        self._canvas.setFont(FONT, 190)
        self._canvas.translate(WIDTH_PT / 2, HEIGHT_PT / 2)
        self._canvas.rotate(52)
        self._canvas.drawCentredString(0, -66, "　".join(word))
        self._canvas.restoreState()

    def seal(self, x: float, y: float, side: float, word: str) -> None:
        """Draw a square red seal that reads `word` and could not be taken for a real one."""
        self._canvas.saveState()
        self._canvas.setStrokeColor(_RED)
        self._canvas.setLineWidth(1.6)
        self._canvas.rect(x, HEIGHT_PT - y - side, side, side)
        self._canvas.setFillColor(_RED)
        size = side / len(word) * 0.82
        self._canvas.setFont(FONT, size)
        for place, letter in enumerate(word):
            self._canvas.drawCentredString(x + side / 2, HEIGHT_PT - y - side / len(word) * (place + 0.85), letter)
        self._canvas.restoreState()

    def next_sheet(self) -> None:
        """Go on to a new sheet."""
        self._canvas.showPage()
        self._canvas.setLineWidth(0.6)

    def finish(self) -> bytes:
        """Return the document as PDF."""
        self._canvas.save()
        return self._buffer.getvalue()
