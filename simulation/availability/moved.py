"""An estate with one value made worse, to see how far a prediction moves with it; nothing is read or checked anew."""

from __future__ import annotations

import dataclasses
from typing import Any

from pydantic import BaseModel

from inventory.models.estate import EstateRecords

HALVED = frozenset({"mtbf", "every", "autonomy", "fuel_for", "too_hot_after", "comes", "capacity"})
"""Values that get worse when they shrink; all other times, chances and counts get worse when they grow."""
CLOCKS = frozenset({"opens", "closes", "at"})
"""Times of day, which no factor makes worse."""
FACTOR = 2.0
UNITS = {"s": "s", "w": "W", "va": "VA", "kg": "kg", "bps": "bit/s", "bytes": "B"}
"""Units by the end of a field's name."""


@dataclasses.dataclass(frozen=True)
class Moved:
    """Records with one value changed: what it was and became, and its unit (`s`, `W`, …; `1` for a share)."""

    records: EstateRecords
    value: float
    became: float
    unit: str


def worse(records: EstateRecords, path: str) -> Moved | None:
    """Return the records with the value at a dotted path twice as bad.

    Chances end at 1. None for what has no worse half: text, a choice, a time of day, a count.
    """
    parts = path.split(".")
    value: Any = records
    holder: Any = None
    for part in parts:
        holder, value = value, _inside(value, part)
    if not isinstance(value, float) or value == 0 or parts[-1] in CLOCKS:
        return None
    name = parts[-1]
    chance = "hits" in parts or name in {"start_fails", "switch_over_fails", "common_cause", "comes"}
    became = value / FACTOR if name in HALVED else value * FACTOR
    became = min(became, 1.0) if chance else became
    field = _field(holder, name) if isinstance(holder, BaseModel) else name
    return Moved(_with(records, parts, became), value, became, UNITS.get(field.rpartition("_")[2], "1"))


def _field(record: BaseModel, part: str) -> str:
    """Return the name of a field by its key in the files."""
    named = (name for name, field in type(record).model_fields.items() if field.alias == part)
    return next(named, part)


def _inside(value: Any, part: str) -> Any:
    if isinstance(value, BaseModel):
        return getattr(value, _field(value, part), None)
    return value.get(part) if isinstance(value, dict) else None


def _with(value: Any, parts: list[str], leaf: float) -> Any:
    """Return a copy of records with another value at the end of the path."""
    if not parts:
        return leaf
    inner = _with(_inside(value, parts[0]), parts[1:], leaf)
    if isinstance(value, BaseModel):
        return value.model_copy(update={_field(value, parts[0]): inner})
    return {**value, parts[0]: inner}
