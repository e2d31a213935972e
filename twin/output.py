"""Results to stdout, progress to stderr. Tables are drawn on a terminal and plain aligned text elsewhere."""

from __future__ import annotations

import contextlib
import json
import sys
import time
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import click

Cell = str | float | int | bool | None


def say(message: str) -> None:
    """Print progress; a reader who has gone must not end the work."""
    with contextlib.suppress(BrokenPipeError, ValueError):
        print(message, file=sys.stderr, flush=True)


class Progress:
    """Progress lines with the time since the start."""

    def __init__(self) -> None:
        self._begin_s = time.monotonic()

    def __call__(self, message: str) -> None:
        """Print one line."""
        say(f"[{time.monotonic() - self._begin_s:6.1f} s] {message}")


def show_json(document: Any) -> None:
    """Print a document as JSON."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Print rows under their columns; nothing is coloured or drawn where stdout is not a terminal."""
    texts = [[_text(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _draw(title, columns, texts)
        return
    widths = [max(map(_width, column)) for column in zip(columns, *texts, strict=True)]
    for row in [list(columns), *texts]:
        line = "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())


def show_pairs(pairs: Mapping[str, Cell]) -> None:
    """Print names with their values, one a line."""
    width = max(map(_width, pairs), default=0)
    for name, value in pairs.items():
        click.echo(f"{name}{' ' * (width - _width(name))}  {_text(value)}".rstrip())


def seconds(value: float | None) -> str:
    """Return a time in words: what never ends lasts to the horizon."""
    return "to the horizon" if value is None else f"{value:.3f}"


def spread(record: Mapping[str, float | None]) -> str:
    """Return a median with its interval."""
    median, low, high = (seconds(record[name]) for name in ("median", "low", "high"))
    return f"{median} ({low} {high})" if high.startswith("to ") else f"{median} ({low} to {high})"


def _text(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _draw(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
