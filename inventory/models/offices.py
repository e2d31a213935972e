"""When the offices of an estate are closed: stated once, for counters, nights and the load alike."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from inventory.models.record import Record


def _day_of_year(text: Any) -> str:
    """Return a day of any year written `12-29`; raise ValueError where it is none."""
    expected = "month and day such as `12-29`"
    if not re.fullmatch(r"\d\d-\d\d", str(text)):
        raise ValueError(f"{text!r} is no day of a year|{expected}")
    try:
        dt.date(2000, int(str(text)[:2]), int(str(text)[3:]))
    except ValueError as error:
        raise ValueError(f"{text!r} is no day of a year|{expected}") from error
    return str(text)


DayOfYear = Annotated[str, BeforeValidator(_day_of_year), WithJsonSchema({"type": "string", "pattern": r"^\d\d-\d\d$"})]
"""Month and day, such as `12-29`."""


def _split(value: Any) -> Any:
    """Return days given as one text as several; all else as it is."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


class OfficeDays(Record):
    """Days of every year (`MM-DD`) on which all offices are closed beside weekends and national holidays.

    For one run they may be given in words, with commas between: `--set office_days.closed=12-29,12-30`.
    """

    closed: Annotated[tuple[DayOfYear, ...], BeforeValidator(_split)]
