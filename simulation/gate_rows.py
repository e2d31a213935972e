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
        verdict = "holds" if self.holds else "BROKEN"
        tail = "" if self.holds else f"; change {self.file}:{self.line} ({self.entry})"
        limit = f"limit {shown(self.limit, self.unit)}"
        limit = limit if self.bound == "at most" else f"at least {shown(self.limit, self.unit)}"
        about = f"{self.city}, {self.scenario}" if ":" in self.scenario else f"{self.city} after {self.scenario}"
        return f"{verdict}: {self.promise}: {about}: {shown(self.predicted, self.unit)} ({limit}){tail}"

    @property
    def use(self) -> float:
        """How much of the limit is used up: 1 is at the limit, above is beyond; to find the closest row."""
        if self.predicted is None:
            return float("inf")
        if self.bound == "at most":
            return self.predicted / self.limit if self.limit else float(self.predicted > 0)
        return self.limit / self.predicted if self.predicted > 0 else float("inf")


def shown(value: float | None, unit: str) -> str:
    """Return a figure of a row for people: long times in minutes or hours, shares in percent."""
    if value is None:
        return "never back" if unit == "s" else "no bound"
    if unit == "s" and abs(value) >= 7200:
        return f"{value / 3600:.2f} h"
    if unit == "s" and abs(value) >= 120:
        return f"{value / 60:.1f} min"
    if unit == "s":
        return f"{value:.2f} s"
    return f"{value:.3%}".replace("%", " %") if unit == "1" else f"{value:g} {unit}"
