"""A sweep: one question over a grid of values, or a search for the least or greatest value at which a condition holds.

Read from YAML. Leaves what a question means to its room, and running variants to `simulation.variants`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from inventory.document import read_document
from inventory.models.record import Record, Text
from inventory.single import as_tuples, findings
from simulation.errors import SweepInvalid
from simulation.sizes import size_of

MOST_VARIANTS = 10_000
Value = str | int | float | bool


class Condition(Record):
    """What must hold: every promise, or one figure of the answer within a bound, in the figure's own unit."""

    figure: Text | None = None
    at_least: float | None = None
    at_most: float | None = None
    promises: Literal["hold"] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Condition:
        bounds = [bound for bound in (self.at_least, self.at_most) if bound is not None]
        if (self.promises is None) == (self.figure is None) or (self.figure is not None) != bool(bounds):
            raise ValueError("says nothing that can hold|`promises: hold`, or `figure` with `at_least` or `at_most`")
        return self


class Search(Record):
    """The value of one path, between two ends with the same unit, found to `within` of itself by halving."""

    vary: Text
    from_: Text | int | float = Field(alias="from")
    to: Text | int | float
    find: Literal["least", "greatest"]
    where: Condition
    within: Annotated[float, Field(gt=0, lt=1)] = 0.01

    @model_validator(mode="after")
    def _ends_are_of_one_kind(self) -> Search:
        low, high = size_of(self.from_), size_of(self.to)
        if low is None or high is None or low.unit != high.unit or not 0 < low.number < high.number:
            raise ValueError(
                f"`from` {self.from_!r} and `to` {self.to!r} are no range|two sizes above zero with the same unit, "
                "the smaller first"
            )
        return self


class Sweep(Record):
    """What to ask, of which variants: `set` holds for all, `grid` is every combination, `search` one value sought."""

    title: Text
    title_ja: Text | None = None
    question: dict[str, Any] = Field(default={})
    seed: int | None = None
    replications: Annotated[int, Field(ge=1)] | None = None
    set: dict[Text, Value] = Field(default={})
    grid: dict[Text, Annotated[tuple[Value, ...], Field(min_length=1)]] = Field(default={})
    search: Search | None = None

    @model_validator(mode="after")
    def _is_a_grid_or_a_search(self) -> Sweep:
        if bool(self.grid) == (self.search is not None):
            raise ValueError("has a grid and a search, or neither|one of `grid` and `search`")
        if not self.question and not (self.search and self.search.where.promises):
            raise ValueError("asks nothing|`question` with its `kind`, unless the promises are what must hold")
        if len(list(itertools.islice(self.variants(), MOST_VARIANTS + 1))) > MOST_VARIANTS:
            raise ValueError(f"the grid has more variants than can be waited for|at most {MOST_VARIANTS}")
        return self

    @property
    def fixed(self) -> dict[str, str]:
        """The values that hold for every variant, as `--set` takes them."""
        return {path: as_text(value) for path, value in self.set.items()}

    def variants(self) -> Iterator[dict[str, str]]:
        """Yield the values of every combination of the grid, the last path changing fastest, `set` included."""
        for values in itertools.product(*self.grid.values()):
            yield self.fixed | {path: as_text(value) for path, value in zip(self.grid, values, strict=True)}


def as_text(value: Value) -> str:
    """Return a YAML value as `--set` takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def load_sweep(path: Path) -> Sweep:
    """Read a sweep from a file; raises SweepInvalid with every problem and its line."""
    document = read_document(path, path.name)
    plain = as_tuples(document.data) if isinstance(document.data, dict) else {}
    problems = list(document.problems) or list(findings(document, Sweep, plain))
    if problems:
        raise SweepInvalid(problems)
    return Sweep.model_validate(plain)
