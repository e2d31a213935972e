"""The rows of the gate: one promise held against one prediction for one city or figure, as sentences and as data."""

from __future__ import annotations

import dataclasses
from typing import Literal

Bound = Literal["at most", "at least"]


@dataclasses.dataclass(frozen=True)
class GateRow:
    """One promise held against one prediction. `predicted` is None where the figure has no bound (never back).

    `scenario` is a scenario's name, or the question that was asked; `city` whose figure it is. `file` and `line` name
    the promise where it holds, and the entry whose change would help most where it does not.
    """

    promise: str
    scenario: str
    city: str
    predicted: float | None
    limit: float
    unit: str
    holds: bool
    file: str
    line: int
    entry: str
    bound: Bound = "at most"

    def sentence(self) -> str:
        """Return the row as one line for people."""
        unit = "" if self.unit == "1" else f" {self.unit}"
        figure = "never back" if self.predicted is None else f"{self.predicted:.{2 if unit else 6}f}{unit}"
        verdict = "holds" if self.holds else "BROKEN"
        tail = "" if self.holds else f"; change {self.file}:{self.line} ({self.entry})"
        limit = f"{self.limit:g}{unit}"
        limit = f"limit {limit}" if self.bound == "at most" else f"at least {limit}"
        about = f"{self.city}, {self.scenario}" if ":" in self.scenario else f"{self.city} after {self.scenario}"
        return f"{verdict}: {self.promise}: {about}: {figure} ({limit}){tail}"

    @property
    def use(self) -> float:
        """How much of the limit is used up: 1 is at the limit, above is beyond; to find the closest row."""
        if self.predicted is None:
            return float("inf")
        if self.bound == "at most":
            return self.predicted / self.limit if self.limit else float(self.predicted > 0)
        return self.limit / self.predicted if self.predicted > 0 else float("inf")
