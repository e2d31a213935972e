"""How a typed record becomes the inputs of a resource; shared by the program and the provider."""

from __future__ import annotations

import dataclasses
from typing import Any


def inputs_of(record: Any) -> dict[str, Any]:
    """Return a record as JSON values; None is left out, `id` becomes `inventory_id` (the engine has its own `id`)."""
    return {outer_name(key): value for key, value in _without_none(dataclasses.asdict(record)).items()}


def outer_name(field: str) -> str:
    """Return the property that a field of a record becomes."""
    return "inventory_id" if field == "id" else field


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_none(item) for item in value]
    return value
