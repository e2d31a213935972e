"""Words for names that nobody knows: what was expected instead, the nearest first."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

SHOWN = 8


def expected_name(given: str, known: Iterable[str]) -> str:
    """Return what to write instead of `given`: the nearest known name, else the known ones (eight at most)."""
    names = sorted(known)
    near = difflib.get_close_matches(given, names, 1)
    if near:
        return f"a known name, nearest `{near[0]}`"
    if not names:
        return "nothing: none is defined"
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return "one of " + ", ".join(names[:SHOWN]) + more
