"""Which records show which row of the requirement list: every `requirements` of an estate, by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from inventory.models.record import Showing


def shown(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield `(row, dotted path of a record)` for every record in a value that names a row."""
    if isinstance(value, BaseModel):
        if isinstance(value, Showing):
            yield from ((row, path) for row in value.requirements)
        for name, field in type(value).model_fields.items():
            yield from shown(getattr(value, name), f"{path}.{field.alias or name}".lstrip("."))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from shown(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from shown(item, f"{path}.{index}".lstrip("."))
