"""How long what is pinned is supported, and what comes after it: operating systems, packages, toolchains.

Leaves judging by a day to `topology.lifecycles`, so that records are valid or not whatever the day is.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inventory.models.facility import Day
from inventory.models.record import Id, Named, Record, Text
from inventory.quantities import Duration


class Acceptance(Record):
    """Somebody's word that a pin may stay beyond its support for a while, and why."""

    until: Day
    by: Id
    reason: Text
    reason_ja: Text | None = None


class Lifecycle(Named):
    """A pin: what it is called where it stands (`names` in the file `pinned_in`), and until when it is supported.

    What a distribution supports `follows` the row of the distribution; `ends` is the last day of support, and neither
    is there where nobody has promised any. Within `notice` of its end a row is told.
    """

    kind: Literal["operating-system", "package", "toolchain"]
    version: Text
    version_ja: Text | None = None
    pinned_in: Text
    names: tuple[Text, ...] = Field(min_length=1)
    follows: Id | None = None
    ends: Day | None = None
    replaced_by: Text
    replaced_by_ja: Text | None = None
    notice_s: Duration = Field(default=180 * 86400.0, alias="notice")
    operator: Id | None = None
    accepted: Acceptance | None = None
