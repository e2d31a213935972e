"""Business systems: how they may be realised, what is introduced together, their functions, and what was added to them.

Leaves where they run to devices and services.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt

from inventory.models.record import Held, Id, Record, Stated, Text

Allowed = Literal["yes", "sparingly", "no"]
Kind = Literal["forms", "fitting", "adding"]
Alternative = Literal["operation-change", "alternative-function", "end-user-computing", "external-tool"]


class AllowedFor(Record):
    """Whether a kind of customisation is allowed to both cities together, and to one of them."""

    both: Allowed
    one: Allowed


class Pattern(Stated):
    """A way to realise a system, and what it allows (帳票適用 forms, 適合修正 fitting, 機能追加 adding)."""

    saving_stars: int = Field(ge=1, le=5)
    freedom_stars: int = Field(ge=1, le=5)
    hardware: Literal["provider", "same", "any"]
    place: Literal["provider", "both-cities", "any"]
    tenancy: Literal["multi-tenant", "single-tenant"]
    application: Literal["provider", "same-package", "each-its-own"]
    operation: Literal["provider", "joint", "each-alone"]
    customisation: dict[Kind, AllowedFor] = Field(min_length=3)


class IntroductionUnit(Stated):
    """What is introduced as a whole (導入単位, the smallest unit)."""


class Migration(Record):
    """What becomes of a system, from where, and why in the source's words."""

    origin: Literal["mainframe", "open-system", "new"] = Field(alias="from")
    decision: Literal["move", "move-when-renewed", "stay-alone"]
    reason_ja: Text


class SystemGroup(Stated, Held):
    """A group of business systems (システムグループ), realised after one pattern."""

    division: Literal["core", "internal", "common"]
    unit: Id
    pattern: Id
    migration: Migration


class Function(Stated):
    """A business system by name (業務システム); `aliases` are the other spellings of the source, misprints too.

    `not_served` says why no service serves it, where the design leaves it out.
    """

    group: Id
    aliases: tuple[Text, ...] = ()
    not_served: Text | None = None


class Customisation(Stated):
    """Additions to a package for a function or a whole group, and what was rejected before (slide 28)."""

    function: Id | None = None
    group: Id | None = None
    kind: Kind = "adding"
    city: Id | None = None
    count: int = Field(ge=0)
    rejected: tuple[Alternative, ...] = ()


class PrintedCount(Record):
    """How many of something the source prints: a check on what the estate lists, never an input."""

    what: Literal["functions", "introduction_units", "customisations", "customisation_rows"]
    group: Id | None = None
    count: PositiveInt
    source: Text
