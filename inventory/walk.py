"""A walk through records: every value with its dotted path, in the spelling of YAML keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel


def walk(value: Any, path: str = "", skip: Callable[[str], bool] = lambda _field: False) -> Iterator[tuple[str, Any]]:
    """Yield `(path, value)` of a value and all that is in it, outer ones first, without fields that `skip` tells."""
    yield path, value
    if isinstance(value, BaseModel):
        fields = [(name, field) for name, field in type(value).model_fields.items() if not skip(name)]
        pairs = [(field.alias or name, getattr(value, name)) for name, field in fields]
    elif isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, tuple):
        pairs = [(str(index), item) for index, item in enumerate(value)]
    else:
        return
    for key, item in pairs:
        yield from walk(item, f"{path}.{key}" if path else key, skip)
