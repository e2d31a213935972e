"""What systems hand to each other (連携インタフェース): the content, the way it takes, how often, in which form.

Leaves the permission to pass a router to `design`, and when a batch runs to `batch`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inventory.models.batch import Calendar
from inventory.models.design import ListeningPort
from inventory.models.record import Id, Stated, Text

Frequency = Calendar | Literal["at-once", "when-due"]


class OutsideSystem(Stated):
    """A system or a body outside the estate that data are exchanged with; whose it is, in words."""

    body: Text
    body_ja: Text | None = None


class DataInterface(Stated):
    """What a system hands to others; each city has its own, unless `city` names one.

    Ends are groups of systems, services (realised or designed), emergency counters, or systems outside. With `push` the
    source sends, with `pull` the destination fetches, with `query` the destination asks and is answered at once.
    `port` is where the called side listens; what goes by a `portable-medium` has none. `jobs` move it, `flow` lets it
    pass from zone to zone. `crossing` says why personal data leave their zone or the estate.
    """

    source: Id
    destinations: tuple[Id, ...] = Field(min_length=1)
    city: Id | None = None
    content: Text
    content_ja: Text | None = None
    medium: Literal["online", "file-transfer", "portable-medium"]
    port: ListeningPort | None = None
    frequency: Frequency
    direction: Literal["push", "pull", "query"]
    form: Literal["csv", "fixed-length", "xml", "json", "pdf", "glyphs", "database-copy", "directory-entry"] = Field(
        alias="format"
    )
    personal: bool
    jobs: tuple[Id, ...] = ()
    flow: Id | None = None
    crossing: Text | None = None
    crossing_ja: Text | None = None
