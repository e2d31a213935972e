"""Records back in the spelling of the YAML files: their keys, quantities with units, defaults left out."""

from __future__ import annotations

import datetime as dt
import ipaddress
import typing
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from pydantic import BaseModel, BeforeValidator

from inventory import quantities
from inventory.quantities import SIZE_UNITS, show_rate


def spell_rate(rate_bps: float) -> str:
    """Return a rate that reads back as the same number of bit/s."""
    text = show_rate(rate_bps)
    return text if quantities.parse_rate(text) == rate_bps else f"{_number(rate_bps)} bps"


def spell_duration(duration_s: float) -> str:
    """Return a duration in ms below a second, else in s."""
    return f"{_number(round(duration_s * 1000, 9))} ms" if duration_s < 1 else f"{_number(duration_s)} s"


def spell_size(size_bytes: float) -> str:
    """Return a size in the largest binary unit that leaves a whole number, else in bytes."""
    for unit in ("GiB", "MiB", "KiB"):
        if size_bytes and size_bytes % SIZE_UNITS[unit] == 0:
            return f"{_number(size_bytes / SIZE_UNITS[unit])} {unit}"
    return f"{_number(size_bytes)} B"


def spell_power(power_w: float) -> str:
    """Return a power in watts."""
    return f"{_number(power_w)} W"


def spell_apparent_power(power_va: float) -> str:
    """Return an apparent power in volt-amperes."""
    return f"{_number(power_va)} VA"


def spell_mass(mass_kg: float) -> str:
    """Return a mass in kilograms."""
    return f"{_number(mass_kg)} kg"


def spell_clock(clock_s: float) -> str:
    """Return a time of day (s after midnight) as HH:MM."""
    minutes = round(clock_s / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


_SPELLINGS: dict[Callable[..., Any], Callable[[float], str]] = {
    quantities.parse_rate: spell_rate,
    quantities.parse_duration: spell_duration,
    quantities.parse_size: spell_size,
    quantities.parse_power: spell_power,
    quantities.parse_apparent_power: spell_apparent_power,
    quantities.parse_mass: spell_mass,
    quantities.parse_clock: spell_clock,
}


def spelled(record: BaseModel) -> dict[str, Any]:
    """Return a record as a mapping for YAML that reads back as the same record."""
    result: dict[str, Any] = {}
    for name, field in type(record).model_fields.items():
        value = getattr(record, name)
        if not field.is_required() and value == field.get_default(call_default_factory=True):
            continue
        result[field.alias or name] = _value(value, _speller([field.annotation, *field.metadata]))
    return result


def flow(stated: Mapping[str, Any]) -> str:
    """Return a mapping on one line, as YAML in flow style."""
    text = yaml.safe_dump(dict(stated), default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6)
    return text.strip()


def _value(value: Any, spell: Callable[[float], str] | None) -> Any:
    if isinstance(value, BaseModel):
        return spelled(value)
    if isinstance(value, dict):
        return {key: _value(item, spell) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_value(item, spell) for item in value]
    if spell is not None and isinstance(value, int | float):
        return spell(value)
    if isinstance(value, dt.date | ipaddress.IPv4Network | ipaddress.IPv4Address):
        return str(value)
    return value


def _speller(parts: typing.Iterable[Any]) -> Callable[[float], str] | None:
    """Return how a quantity in an annotation is spelled, or None where there is none."""
    for part in parts:
        if isinstance(part, BeforeValidator):
            return _SPELLINGS.get(part.func)
        found = _speller([*getattr(part, "__metadata__", ()), *typing.get_args(part)])
        if found is not None:
            return found
    return None


def _number(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".")
