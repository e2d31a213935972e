"""What is wrong with an estate, as data: where, what, and what was expected. Leaves printing to the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable


@dataclasses.dataclass(frozen=True, order=True)
class Problem:
    """One finding. `file` is relative to the estate's folder, `line` counts from 1 (0: the file as a whole)."""

    file: str
    line: int
    path: str
    problem: str
    expected: str = ""

    def __str__(self) -> str:
        """Return the finding as `file:line: path: problem; expected …`."""
        tail = f"; expected {self.expected}" if self.expected else ""
        return f"{self.file}:{self.line}: {self.path or '(file)'}: {self.problem}{tail}"


class InventoryError(Exception):
    """The root of every error that this package raises."""


class EstateInvalid(InventoryError):
    """The estate has problems; all of them are in `problems`, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, sorted and without repetitions."""
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EstateNotFound(InventoryError):
    """No estate of that name or folder exists."""
