"""Promises: what the estate must keep, checked by simulation before any change."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from inventory.models.record import Id, Named, Text
from inventory.quantities import Duration


class Promise(Named):
    """A bound on a predicted figure after failures.

    `after` lists scenarios by name, or is `any-single-failure`: every circuit and every router alone, but for those in
    `except`, each with its reason.
    """

    measure: Literal["outage"]
    after: Literal["any-single-failure"] | tuple[Id, ...]
    limit_s: Duration = Field(alias="limit")
    exceptions: dict[Id, Text] = Field(default={}, alias="except")
    percentile: Annotated[float, Field(gt=0, lt=100)]
