"""A bar on stderr for work that may take longer than two seconds; a line now and then where stderr is no terminal."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from twin.output import say

QUIET_S = 2.0
LINE_EVERY_S = 10.0


@contextlib.contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield what is to be told `(done, total)`; nothing is shown of work that is over within two seconds."""
    if not sys.stderr.isatty():
        yield _lines(what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    begin_s = time.monotonic()
    with contextlib.ExitStack() as stack:
        bars: list[Progress] = []

        def told(done: int, total: int) -> None:
            if not bars and time.monotonic() - begin_s > QUIET_S:
                bars.append(stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True)))
                bars[0].add_task(what, total=total)
            if bars:
                bars[0].update(bars[0].task_ids[0], completed=done, total=total)

        yield told


def _lines(what: str) -> Callable[[int, int], None]:
    said_s = [time.monotonic()]

    def told(done: int, total: int) -> None:
        if time.monotonic() - said_s[0] > LINE_EVERY_S and done < total:
            said_s[0] = time.monotonic()
            say(f"{what}: {done} of {total}")

    return told
