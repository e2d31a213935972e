"""How wide the columns of a table on paper are, and where the lines of their cells break."""

from __future__ import annotations

import math
from collections.abc import Sequence

from topology.draw.ink import longest_piece, text_width, wrap

LEAST, EDGES = 26.0, 9.0
"""No column is narrower; what the edges of a cell take (points)."""
SIZES = (8.0, 7.0)
"""The sizes of type, the smaller one where the longest words of all columns are too wide for the page."""
ROUNDS = 20
MOST_LINES = 60


def widths(rows: Sequence[Sequence[str]], room: float) -> tuple[list[float], float]:
    """Return column widths that fill a room (points), and the size of type: every column has its longest word whole.

    What is left goes to the columns by the square root of what each lacks. Where longest words alone are too wide even
    in the smaller type, those of the widest columns are broken.
    """
    columns = list(zip(*rows, strict=True))
    for size in SIZES:
        found = [max(*(longest_piece(cell, size) + EDGES for cell in column), LEAST) for column in columns]
        if sum(found) <= room:
            break
    asked = [max(*(text_width(cell, size) + EDGES for cell in column), LEAST) for column in columns]
    most = max(found)
    while sum(min(width, most) for width in found) > room:
        most -= 1
    found = [min(width, most) for width in found]
    for _ in range(ROUNDS):
        lacks = [math.sqrt(max(0.0, want - width)) for want, width in zip(asked, found, strict=True)]
        left = room - sum(found)
        if left < 1 or not any(lacks):
            break
        shares = [left * lack / sum(lacks) for lack in lacks]
        found = [min(width + share, max(want, width)) for width, share, want in zip(found, shares, asked, strict=True)]
    return [width * room / sum(found) for width in found], size


def lines(cell: str, width: float, size: float) -> list[str]:
    """Return a cell's lines in a column: they end between words, parts of ids and characters of Japanese alone."""
    return wrap(cell, width - EDGES + 2, size, MOST_LINES)
