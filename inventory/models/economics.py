"""What the scheme costs: the leaves that the source prints, finer lines, and printed figures as checks on what follows.

Amounts are whole yen over the term. Leaves deriving totals, shares and savings to `topology.economics`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PositiveInt, StringConstraints, WithJsonSchema

from inventory.models.record import Id, Named, Record, Showing, Text
from inventory.quantities import Money, parse_money, parse_percent

Alternative = Literal["as-is", "alone", "joint"]
Part = Literal["shared", "own"]
Measure = Literal["shared", "own", "total", "saving", "share", "shared-saving"]
MONEY_MEASURES = frozenset({"shared", "own", "total"})
MEASURES: dict[str, tuple[Measure, ...]] = {
    "as-is": ("total",),
    "alone": ("shared", "own", "total", "saving", "share"),
    "joint": ("shared", "own", "total", "saving", "share", "shared-saving"),
}
TOGETHER = "together"

FiscalYear = Annotated[str, StringConstraints(pattern=r"^fy(19|20)\d\d$")]


def _parse_figure(text: object) -> tuple[Fraction, int]:
    """Return a printed figure (yen, or a fraction of one) and how many decimals of its unit are printed."""
    if "%" in str(text):
        return parse_percent(text)
    try:
        return Fraction(parse_money(text)), 0
    except ValueError as error:
        expected = "an amount such as `8255 MJPY`, or a percentage such as `57.1 %`"
        raise ValueError(f"{str(error).partition('|')[0]}|{expected}") from error


Figure = Annotated[
    tuple[Fraction, int],
    BeforeValidator(_parse_figure),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)?\s*(%|JPY|kJPY|MJPY)$"}),
]


class Split(Record):
    """Costs of one city over the term: what can be shared and what stays its own."""

    shared: Money
    own: Money


class CityCosts(Record):
    """The leaves of one city: going on as it is, everything alone, and its own part in the joint scheme."""

    as_is: Money
    alone: Split
    joint_own: Money


class Candidate(Named):
    """A city that may join: its leaves, and what it adds to the shared cost of the joint scheme."""

    costs: CityCosts
    joint_shared_more: Money


class Apportionment(Record):
    """How the shared cost is divided: by a rule, with shares and amounts rounded as the scheme rounds them."""

    rule: Literal["equal-saving"]
    share_decimals: int = Field(ge=0, le=6)
    amount_step: Money = Field(gt=0)


class CostLine(Named):
    """A finer line within one cell of the table; the joint scheme's shared cell belongs to no city."""

    alternative: Literal["alone", "joint"]
    part: Part
    city: Id | None = None
    circuit: Id | None = None
    amount: Money
    per: Literal["year", "term"]


class PrintedFigure(Record):
    """A total or percentage that the source prints: a check on what is derived, never an input.

    `slip` says why the print differs, where it does.
    """

    who: Id
    alternative: Alternative
    measure: Measure
    figure: Figure
    source: Text
    slip: Text | None = None
    slip_ja: Text | None = None


class SecondPhase(Record):
    """The phase after: from which fiscal year, for how long, and what it may cost over all its years."""

    first_year: FiscalYear
    years: PositiveInt
    shared: Money
    own: dict[Id, Money]


class Economics(Showing):
    """Costs over the term, the rule that divides them, and what the source prints about them."""

    term_years: PositiveInt
    cities: dict[Id, CityCosts] = Field(min_length=1)
    joint_shared: Money
    apportionment: Apportionment
    rest_one_off: float = Field(ge=0, le=1)
    lines: dict[Id, CostLine] = Field(default_factory=dict)
    candidates: dict[Id, Candidate] = Field(default_factory=dict)
    printed: tuple[PrintedFigure, ...] = ()
    second_phase: SecondPhase | None = None


class MeetingTable(Named):
    """Meetings by column, in slots; `printed_totals` are what the source prints as their sum, each with its reading."""

    columns: dict[Id, int] = Field(min_length=1)
    printed_totals: tuple[PositiveInt, ...] = ()
    remark: Text | None = None


class Effort(Showing):
    """Whom the scheme takes: staff by city and fiscal year, and meetings in slots of so many hours."""

    staff: dict[Id, dict[FiscalYear, int]]
    slot_hours: PositiveInt
    meetings: dict[Id, MeetingTable]
