"""The dated programme, the migration of data, what went wrong and what was learnt."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from inventory.models.record import Id, Record, Stated, Text


def _parse_month(text: Any) -> dt.date:
    """Return the first day of a month written `2018-07`; raise ValueError where it is none."""
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", str(text))
    if match is None:
        raise ValueError(f"{text!r} is not a month|a month such as `2018-07`")
    return dt.date(int(match[1]), int(match[2]), 1)


_MONTH_SCHEMA = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}
Month = Annotated[dt.date, BeforeValidator(_parse_month), WithJsonSchema(_MONTH_SCHEMA)]


class Step(Stated):
    """A step of the programme, from the first to the last month it takes; `burdens_sections` marks `*` on slide 6."""

    phase: Literal["plan", "first", "second"]
    begin: Month
    end: Month
    after: tuple[Id, ...] = ()
    burdens_sections: bool = False
    milestone: bool = False


class MigrationRoute(Stated):
    """How data come over: from which kind of system, through which layout."""

    origin: Literal["mainframe", "open-system"] = Field(alias="from")
    layout_ja: Text
    stages: tuple[Literal["extract", "convert", "load"], ...] = Field(min_length=2)


class Rehearsal(Stated):
    """A run of the migration, judged by criteria; the last one is the production run."""

    order: int = Field(ge=1)
    months_before: float = Field(ge=0)
    production: bool = False


class Criterion(Stated):
    """What a run of the migration is judged by."""


class Migration(Record):
    """The migration plan: the ways data come over, the runs, and what each run is judged by."""

    routes: dict[Id, MigrationRoute]
    rehearsals: dict[Id, Rehearsal] = Field(min_length=1)
    criteria: dict[Id, Criterion] = Field(min_length=1)


class Risk(Stated):
    """What went wrong, or was learnt, and which records of the estate answer it."""

    kind: Literal["problem", "lesson"]
    cause_ja: Text | None = None
    answered_by: tuple[Text, ...] = ()
