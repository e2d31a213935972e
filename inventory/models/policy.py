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


class FigurePromise(Named):
    """A bound on figures that a prediction answers with, such as the slack of a night or an availability.

    `question` is what `twin simulate` is asked, with its `kind`; `figures` the ids that the bound holds for, with `*`
    for any part. A bound is written in a unit (`30 min`, `80 %`) or as a plain number of the figure's own unit. It is
    kept where the whole interval of the figure keeps it.
    """

    question: dict[Id, Text | int]
    figures: Text
    at_least: Text | float | None = None
    at_most: Text | float | None = None
