"""Quantities as they stand in the YAML files (`1 Gbps`, `300 ms`, `08:30`) and their conversion to base units.

Base units: bit/s, seconds, bytes, plain fractions. This is the one place where units are converted.
"""

from __future__ import annotations

import fractions
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

RATE_UNITS = {"bps": 1.0, "kbps": 1e3, "Mbps": 1e6, "Gbps": 1e9}
DURATION_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
POWER_UNITS = {"W": 1.0, "kW": 1000.0}
APPARENT_POWER_UNITS = {"VA": 1.0, "kVA": 1000.0}
MASS_UNITS = {"kg": 1.0, "t": 1000.0}
MONEY_UNITS = {"JPY": 1, "kJPY": 1000, "MJPY": 1_000_000}
THROUGHPUT_UNITS = {"kB/s": 1e3, "MB/s": 1e6, "GB/s": 1e9}
SIZE_UNITS = {"B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1024.0, "MiB": 1024.0**2, "GiB": 1024.0**3}

_NUMBER = r"(-?\d+(?:\.\d+)?)"


def _parse(text: Any, units: dict[str, float], what: str, example: str) -> float:
    """Return `text` in base units; raise ValueError with the units that were expected."""
    expected = f"{what} with a unit ({', '.join(units)}), such as `{example}`"
    match = re.fullmatch(rf"{_NUMBER}\s*([A-Za-z/]*)", str(text).strip())
    if match is None or match[2] not in {"", *units}:
        raise ValueError(f"{text!r} is not {what}|{expected}")
    if not match[2]:
        raise ValueError(f"{text!r} has no unit|{expected}")
    value = float(match[1]) * units[match[2]]
    if value < 0:
        raise ValueError(f"{text!r} is negative|{what} of zero or more")
    return value


def parse_rate(text: Any) -> float:
    """Return a rate in bit/s from text such as `1 Gbps`; raise ValueError where it is none."""
    value = _parse(text, RATE_UNITS, "a rate", "1 Gbps")
    if value == 0:
        raise ValueError(f"{text!r} is zero|a rate above zero")
    return value


def parse_duration(text: Any) -> float:
    """Return a duration in seconds from text such as `300 ms`; raise ValueError where it is none."""
    return _parse(text, DURATION_UNITS, "a duration", "300 ms")


def parse_size(text: Any) -> float:
    """Return a size in bytes from text such as `4 GiB`; raise ValueError where it is none."""
    return _parse(text, SIZE_UNITS, "a size", "4 GiB")


def parse_throughput(text: Any) -> float:
    """Return what a disk gives, in bytes/s, from text such as `300 MB/s`; raise ValueError where it is none."""
    value = _parse(text, THROUGHPUT_UNITS, "a disk's throughput", "300 MB/s")
    if value == 0:
        raise ValueError(f"{text!r} is zero|a throughput above zero")
    return value


def parse_power(text: Any) -> float:
    """Return a power in watts from text such as `4 kW`; raise ValueError where it is none."""
    return _parse(text, POWER_UNITS, "a power", "4 kW")


def parse_apparent_power(text: Any) -> float:
    """Return an apparent power in volt-amperes from text such as `20 kVA`; raise ValueError where it is none."""
    return _parse(text, APPARENT_POWER_UNITS, "an apparent power", "20 kVA")


def parse_mass(text: Any) -> float:
    """Return a mass in kilograms from text such as `18.5 kg`; raise ValueError where it is none."""
    return _parse(text, MASS_UNITS, "a mass", "18.5 kg")


def parse_money(text: Any) -> int:
    """Return an amount in whole yen from text such as `8255 MJPY` (百万円); raise ValueError where it is none."""
    expected = f"an amount with a unit ({', '.join(MONEY_UNITS)}), such as `8255 MJPY`"
    match = re.fullmatch(r"(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]+)", str(text).strip())
    if match is None or match[2] not in MONEY_UNITS:
        raise ValueError(f"{text!r} is not an amount of money|{expected}")
    amount = fractions.Fraction(match[1]) * MONEY_UNITS[match[2]]
    if amount.denominator != 1:
        raise ValueError(f"{text!r} is not in whole yen|{expected}")
    return int(amount)


def parse_percent(text: Any) -> tuple[fractions.Fraction, int]:
    """Return a percentage as a fraction of one, with how many decimals it was written; raise ValueError for none."""
    match = re.fullmatch(r"(\d{1,3}(?:\.(\d{1,6}))?)\s*%", str(text).strip())
    if match is None:
        raise ValueError(f"{text!r} is not a percentage|a percentage such as `57.1 %`")
    return fractions.Fraction(match[1]) / 100, len(match[2] or "")


def bound_of(text: str) -> tuple[float, str] | None:
    """Return a bound such as `30 min` in seconds or `80 %` as a share of one, with the base unit; None where none."""
    match = re.fullmatch(rf"{_NUMBER}\s*(\S+)", text.strip())
    if match is None:
        return None
    if match[2] == "%":
        return float(match[1]) / 100, "1"
    return (float(match[1]) * DURATION_UNITS[match[2]], "s") if match[2] in DURATION_UNITS else None


def parse_clock(text: Any) -> float:
    """Return seconds after midnight from text such as `08:30`; raise ValueError where it is none."""
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"{text!r} is not a time of day|HH:MM between 00:00 and 23:59")
    return int(match[1]) * 3600.0 + int(match[2]) * 60.0


def show_rate(rate_bps: float) -> str:
    """Return a rate with the largest unit that leaves no more than three decimals."""
    for unit, factor in reversed(RATE_UNITS.items()):
        if rate_bps >= factor:
            return f"{rate_bps / factor:.3f}".rstrip("0").rstrip(".") + f" {unit}"
    return f"{rate_bps:g} bps"


def show_money(amount_jpy: float | fractions.Fraction) -> str:
    """Return an amount in millions of yen, with thousands marked: `8,255`; parts of a million as two decimals."""
    millions = fractions.Fraction(amount_jpy) / MONEY_UNITS["MJPY"]
    return f"{int(millions):,}" if millions.denominator == 1 else f"{float(millions):,.2f}"


def show_duration(duration_s: float) -> str:
    """Return a duration as whole milliseconds below one second, else as seconds with at most two decimals."""
    if 0 < abs(duration_s) < 1:
        return f"{duration_s * 1000:.0f} ms"
    return f"{duration_s:.2f}".rstrip("0").rstrip(".") + " s"


def _quantity_schema(units: Mapping[str, float]) -> dict[str, Any]:
    """Return the JSON Schema of a quantity: text with one of the units."""
    return {"type": "string", "pattern": rf"^\d+(\.\d+)?\s*({'|'.join(units)})$"}


Rate = Annotated[float, BeforeValidator(parse_rate), WithJsonSchema(_quantity_schema(RATE_UNITS))]
Duration = Annotated[float, BeforeValidator(parse_duration), WithJsonSchema(_quantity_schema(DURATION_UNITS))]
Size = Annotated[float, BeforeValidator(parse_size), WithJsonSchema(_quantity_schema(SIZE_UNITS))]
Throughput = Annotated[float, BeforeValidator(parse_throughput), WithJsonSchema(_quantity_schema(THROUGHPUT_UNITS))]
Money = Annotated[int, BeforeValidator(parse_money), WithJsonSchema(_quantity_schema(MONEY_UNITS))]
Power = Annotated[float, BeforeValidator(parse_power), WithJsonSchema(_quantity_schema(POWER_UNITS))]
ApparentPower = Annotated[
    float, BeforeValidator(parse_apparent_power), WithJsonSchema(_quantity_schema(APPARENT_POWER_UNITS))
]
Mass = Annotated[float, BeforeValidator(parse_mass), WithJsonSchema(_quantity_schema(MASS_UNITS))]
Clock = Annotated[float, BeforeValidator(parse_clock), WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d$"})]
Fraction = Annotated[float, Field(ge=0, le=1)]
