"""A size as written: a number with its unit, so that it can be made larger and smaller and written again."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from simulation.digits import written

LEAST_ROUNDED = 10
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-zµ%]*)")


class Size(NamedTuple):
    """A number of a unit, empty for a plain number; `whole` where it was written without a decimal point."""

    number: float
    unit: str
    whole: bool

    def times(self, factor: float) -> Size:
        """Return the size times a factor.

        A count stays whole and at least one. A whole number of a unit stays whole from ten on: nobody sets 382.5 ms,
        and many settings have no finer steps.
        """
        number = self.number * factor
        if self.whole and not self.unit:
            number = float(max(1, round(number)))
        elif self.whole and number >= LEAST_ROUNDED:
            number = float(round(number))
        return self._replace(number=number)

    def __str__(self) -> str:
        number = written(self.number)
        return f"{number} {self.unit}" if self.unit else number


def size_of(value: Any) -> Size | None:
    """Return a value as a size; None where it has none (a name, a time of day, a choice)."""
    match = None if isinstance(value, bool) else _SIZE.fullmatch(str(value).strip())
    if match is None:
        return None
    return Size(float(match[1]), match[2], "." not in match[1])
