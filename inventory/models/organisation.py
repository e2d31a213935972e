"""Who takes part, under which contract, and who does what; ledgers, manuals, working groups and what they hand over."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inventory.models.record import Id, Stated, Text

PartyKind = Literal["council", "city", "it-section", "owning-sections", "integrator", "vendors", "carrier", "residents"]


class Goal(Stated):
    """What the scheme is for (目的); promises, indicators and drills serve one."""


class Party(Stated):
    """Somebody who takes part; `part_of` is the party that it belongs to, `city` the city that it is or belongs to."""

    kind: PartyKind
    city: Id | None = None
    part_of: Id | None = None


class Contract(Stated):
    """What binds two parties: `client` has something done by `contractor`, or pays its part to it."""

    kind: Literal["comprehensive-contract", "memorandum", "contract-for-work", "service-contract"]
    client: Id
    contractor: Id
    phase: Literal["first", "second"] = "first"
    pays_ja: Text | None = None
    merits_ja: tuple[Text, ...] = ()


class Responsibility(Stated):
    """A task with the parties who carry it out; `part` is the stage of the scheme's life it belongs to."""

    part: Literal["governance", "planning", "build", "operation", "maintenance", "outside-the-scheme"]
    parties: tuple[Id, ...] = Field(min_length=1)


class Ledger(Stated):
    """A book of records with its states, first to last (台帳); `opened_by` raises an entry, `decided_by` closes it."""

    opened_by: Id
    decided_by: Id
    purpose_ja: Text
    purpose: Text | None = None
    states: tuple[Id, ...] = Field(min_length=2)


class ManualVolume(Stated):
    """A volume of the operation manual."""


class WorkingGroup(Stated):
    """A group of both cities' people for some business systems."""

    groups: tuple[Id, ...] = ()


class WorkProduct(Stated):
    """A numbered result of the requirement definition; `decides` are the strands that it serves."""

    number: int | None = Field(default=None, ge=1, le=10)
    made_in: Literal["fy2011", "fy2012", "fy2013"] | None = None
    decides: tuple[Literal["operation", "functions", "forms", "evaluation", "other"], ...] = Field(min_length=1)
    done_with_sections: bool = False
