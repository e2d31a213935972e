"""SVG primitives: shapes and text as elements with numbers rounded, so that equal drawings are equal bytes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

FONTS = (
    "'IPAPGothic','IPAexGothic','IPAGothic','Noto Sans CJK JP','Noto Sans JP','Hiragino Sans',"
    "'Yu Gothic','Meiryo','MS PGothic',sans-serif"
)
_WIDE = "WFA"
_NARROW = set("iljftI.,:;'|!()[]{} ")
_NO_BREAK_BEFORE = set("、。,.)】」・ー〜~ァィゥェォッャュョ※")
_NO_BREAK_AFTER = set("(【「")


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is (px) at a font size (px), by classes of characters; wide ones are one em."""
    return sum(_ems(char) for char in text) * size


def _ems(char: str) -> float:
    """Return the width of a character in em, on the safe side of common sans-serif type."""
    if unicodedata.east_asian_width(char) in _WIDE:
        return 1.0
    if char in _NARROW:
        return 0.32
    return 0.72 if char.isupper() or char in "mw%@" else 0.56


def wrap(text: str, width: float, size: float, most: int = 3) -> list[str]:
    """Return the text in at most `most` lines that fit a width (px); what is left over ends in `…`."""
    lines: list[str] = [""]
    for piece in _pieces(text):
        if text_width(lines[-1] + piece.rstrip(), size) <= width or not lines[-1]:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    lines = [line.rstrip() for line in lines]
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return lines


def longest_piece(text: str, size: float) -> float:
    """Return how wide (px) the widest part of a text is that no line break can part."""
    return max((text_width(piece.strip(), size) for piece in _pieces(text)), default=0.0)


def _pieces(text: str) -> Iterable[str]:
    """Yield the parts between which a line may break: words with their blank, runs of kana, other wide characters."""
    piece = ""
    for char in text:
        if piece and _may_break(piece[-1], char):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters."""
    if after in _NO_BREAK_BEFORE or after == " " or before in _NO_BREAK_AFTER:
        return False
    if _is_kana(before) and _is_kana(after):
        return False
    wide = [unicodedata.east_asian_width(char) in _WIDE for char in (before, after)]
    return before in " -" or any(wide) or (before in "._" and after.islower())


def _is_kana(char: str) -> bool:
    return "\u3041" <= char <= "\u30fa" or char == "ー"


def number(value: float) -> str:
    """Return a coordinate with at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """Return an element; `_` in attribute names stands for `-`, numbers are rounded, None is left out."""
    parts = [name]
    for key, value in attributes.items():
        if value is not None:
            shown = number(value) if isinstance(value, (int, float)) else str(value)
            parts.append(f"{key.rstrip('_').replace('_', '-')}={quoteattr(shown)}")
    head = " ".join(parts)
    return f"<{head}>{content}</{name}>" if content else f"<{head}/>"


def group(id_: str, parts: Iterable[str], title: str = "", entry: str | None = None) -> str:
    """Return a group of elements with an id, and a title that viewers show on hovering.

    `entry` is the dotted path that the group stands for: documents make a link of it.
    """
    head = f"<title>{escape(title)}</title>" if title else ""
    return element("g", "\n" + head + "\n".join(parts) + "\n", id=id_, data_entry=entry)


def text(x: float, y: float, content: str, size: float, **attributes: object) -> str:
    """Return a line of text; `anchor` is start, middle or end."""
    anchor = attributes.pop("anchor", None)
    kept = escape(content.replace("  ", "\u2002 "))
    return element("text", kept, x=x, y=y, font_size=size, text_anchor=anchor, **attributes)


def fit_title(content: str, width: float, size: float) -> tuple[float, list[str]]:
    """Return a font size and at most two lines for a title: the wished size, or a smaller one that holds it whole."""
    for smaller in (size, size * 0.92, size * 0.84, size * 0.76):
        lines = wrap(content, width, smaller, 3)
        if len(lines) <= 2 and all(text_width(line, smaller) <= width for line in lines):
            return smaller, lines
    return size * 0.76, wrap(content, width, size * 0.76, 2)


def paragraph(x: float, y: float, lines: Iterable[str], size: float, **attributes: object) -> list[str]:
    """Return lines of text below one another, the first one's base line at `y`."""
    return [text(x, y + index * size * 1.25, line, size, **attributes) for index, line in enumerate(lines)]


def rect(x: float, y: float, width: float, height: float, **attributes: object) -> str:
    """Return a rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def curve(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """Return a curve that leaves and arrives horizontally."""
    bend = (x2 - x1) / 2
    points = [(x1, y1), (x1 + bend, y1), (x2 - bend, y2), (x2, y2)]
    shown = [f"{number(x)} {number(y)}" for x, y in points]
    return element("path", d=f"M {shown[0]} C {shown[1]}, {shown[2]}, {shown[3]}", fill="none", **attributes)


def cloud(x: float, y: float, width: float, height: float, **attributes: object) -> str:
    """Return the outline of a cloud that fills a box."""

    def point(across: float, down: float) -> str:
        return f"{number(x + across * width)} {number(y + down * height)}"

    arcs = [(0.22, 0.22), (0.5, 0.1), (0.78, 0.2), (0.95, 0.5), (0.8, 0.84), (0.5, 0.93), (0.2, 0.84), (0.05, 0.5)]
    path = f"M {point(*arcs[-1])} "
    for (across, down), (before_x, before_y) in zip(arcs, [arcs[-1], *arcs], strict=False):
        span = ((across - before_x) * width) ** 2 + ((down - before_y) * height) ** 2
        radius = number(max(8.0, 0.62 * span**0.5))
        path += f"A {radius} {radius} 0 0 1 {point(across, down)} "
    return element("path", d=path + "Z", **attributes)


def lock(x: float, y: float, size: float, colour: str) -> list[str]:
    """Return a padlock whose body's top left corner is at `(x, y)`."""
    shackle = f"M {number(x + size * 0.2)} {number(y)} v {number(-size * 0.25)} "
    shackle += f"a {number(size * 0.3)} {number(size * 0.3)} 0 0 1 {number(size * 0.6)} 0 v {number(size * 0.25)}"
    return [
        element("path", d=shackle, fill="none", stroke=colour, stroke_width=size * 0.16),
        rect(x, y, size, size * 0.75, rx=size * 0.12, fill=colour),
    ]


def document(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """Return a self-contained SVG document."""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONTS}" fill="#1b2430">'
    body = "\n".join(parts)
    paper = rect(0, 0, width, height, fill="#ffffff")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n<title>{escape(title)}</title>\n{paper}\n{body}\n</svg>\n'
