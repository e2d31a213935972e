"""What is the same for many variants of an estate, made once: the last thing of a name, with the values it hangs on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Thing = TypeVar("Thing")
_last: dict[str, tuple[Any, Any]] = {}


def kept(name: str, hangs_on: Any, make: Callable[[], Thing]) -> Thing:
    """Return the thing that was made last under a name where it hung on equal values, else make it.

    `hangs_on` has to name all that the thing is made of, or that it fills itself from later.
    """
    known = _last.get(name)
    if known is None or known[0] != hangs_on:
        known = _last[name] = hangs_on, make()
    found: Thing = known[1]
    return found
