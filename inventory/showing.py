"""Which records show which row of the requirement list: every `requirements` of an estate, by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.models.record import Showing
from inventory.walk import walk


def shown(value: Any) -> Iterator[tuple[str, str]]:
    """Yield `(row, dotted path of a record)` for every record in a value that names a row."""
    for path, record in walk(value):
        if isinstance(record, Showing):
            yield from ((row, path) for row in record.requirements)
