"""Names that another tool takes: short, plain and distinct, the same for the same estate."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

TAIL = 4


def short_names(ids: Iterable[str], most: int) -> dict[str, str]:
    """Return for each id a distinct name of at most `most` letters, digits and underscores, beginning with a letter.

    An id that is too long keeps its beginning and its end; where that would be another's name, the end gives way to a
    part of the id's digest. Raises ValueError where `most` leaves no room for that.
    """
    if most < TAIL + 2:
        raise ValueError(f"names of {most} characters cannot be kept apart")
    found: dict[str, str] = {}
    for id_ in ids:
        plain = re.sub(r"\W", "_", id_, flags=re.ASCII)
        plain = plain if plain[:1].isalpha() else f"n{plain}"
        name = plain if len(plain) <= most else _shortened(plain, most)
        if name in found.values():
            digest = hashlib.sha256(id_.encode()).hexdigest()[:TAIL]
            name = f"{plain[: most - TAIL - 1]}_{digest}"
        found[id_] = name
    return found


def _shortened(plain: str, most: int) -> str:
    """Return the beginning and, from the last underscore on, the end of a name."""
    end = plain[plain.rfind("_") :]
    return plain[:most] if len(end) > most * 2 // 3 else plain[: most - len(end)].rstrip("_") + end
