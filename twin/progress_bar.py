"""A progress bar on stderr for long reckoning: only on a terminal, and only once it has lasted a while."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import click

AFTER_S = 2.0


@contextlib.contextmanager
def progress_bar(label: str = "playing") -> Iterator[Callable[[int, int], None] | None]:
    """Yield what takes (done, total), or None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    begin_s = time.monotonic()
    bars: dict[int, Any] = {}

    def show(done: int, total: int) -> None:
        if total not in bars and time.monotonic() - begin_s > AFTER_S:
            bars[total] = click.progressbar(length=total, label=label, file=sys.stderr).__enter__()
        if total in bars:
            bars[total].update(done - bars[total].pos)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.__exit__(None, None, None)
