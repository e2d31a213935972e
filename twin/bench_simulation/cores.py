"""Which processors the benchmark runs on: one for the mechanisms, all of them for rows about several workers."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

ALL = frozenset(os.sched_getaffinity(0))


def pin() -> None:
    """Stay on one processor, so that nothing moves while something is measured."""
    os.sched_setaffinity(0, {max(ALL)})


@contextlib.contextmanager
def all_cores() -> Iterator[int]:
    """Run on all processors that the benchmark was given, and yield how many; what is started here does so too."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, ALL)
    try:
        yield len(ALL)
    finally:
        os.sched_setaffinity(0, before)
