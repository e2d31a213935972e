"""On which assumed values an answer hangs most: each moved alone, down and up, and the question asked again.

The heaviest are moved (`assumptions`), so many as are asked for: each one costs two questions.
All runs share the seed, so a swing is the value's doing as far as draws can be held equal.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

from inventory.models.estate import Estate
from inventory.stated import stated_values
from simulation.answer import Answer, Predicted
from simulation.assumptions import Assumption
from simulation.comparison import difference
from simulation.moving import AT_MOST, moved
from simulation.questions import Progress
from simulation.variants import Outcome, answers


@dataclasses.dataclass(frozen=True)
class Swing:
    """What one figure becomes when one assumed value is less or more.

    `low` and `high` are the figure's values then, None without bound; `problem` says why there is none. `counts` tells
    that at least one of them differs by more than the runs' own spread.
    """

    figure: str
    path: str
    file: str
    line: int
    source: str
    trust: str
    stated: str
    less: str
    more: str
    base: float | None
    low: float | None
    high: float | None
    counts: bool
    problem: str = ""

    @property
    def width(self) -> float:
        """How far the figure moves in all; infinite where it loses its bound."""
        ends = (self.low, self.base, self.high)
        known = [value for value in ends if value is not None]
        return max(known) - min(known) if len(known) == len(ends) else float("inf")


@dataclasses.dataclass(frozen=True)
class Sensitivity:
    """The swings of every figure, the widest first; how many values were moved, and which were not.

    `not_moved` have no size to move, `left_out` have one and weigh less than those that were moved.
    """

    swings: tuple[Swing, ...]
    moved: int
    not_moved: tuple[str, ...]
    left_out: tuple[str, ...]

    def of(self, figure: str) -> tuple[Swing, ...]:
        """Return the swings of one figure that count, the widest first."""
        return tuple(swing for swing in self.swings if swing.figure == figure and swing.counts)

    def document(self) -> dict[str, Any]:
        """Return all as JSON has it."""
        return dataclasses.asdict(self)


def sensitivity(
    estate: Estate, answer: Answer, at_most: int | None = AT_MOST, *,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Sensitivity:  # fmt: skip
    """Return how each figure of an answer moves with each of the heaviest values that it stands on; None for all."""
    stated = stated_values(estate.folder) | dict(estate.overrides)
    moves = {one: moved(stated.get(one.path), one.trust) for one in answer.assumed}
    movable = [one for one, ends in moves.items() if ends]
    chosen = {one: ends for one in movable[:at_most] if (ends := moves[one])}
    variants = [{one.path: end} for one, ends in chosen.items() for end in ends]
    found = answers(
        estate, variants, answer.question, answer.seed, answer.replications, executor=executor, progress=progress
    )
    pairs = zip(found[::2], found[1::2], strict=True)
    swings = [
        _swing(figure, one, str(stated[one.path]), chosen[one], pair)
        for one, pair in zip(chosen, pairs, strict=True)
        for figure in answer.figures
    ]
    order = {figure.id: place for place, figure in enumerate(answer.figures)}
    swings.sort(key=lambda swing: (order[swing.figure], -swing.width, swing.path))
    still = tuple(one.path for one, ends in moves.items() if not ends)
    return Sensitivity(tuple(swings), len(chosen), still, tuple(one.path for one in movable[len(chosen) :]))


def _swing(
    figure: Predicted, one: Assumption, stated: str, ends: tuple[str, str], outcomes: Sequence[Outcome]
) -> Swing:
    known = [_figure(outcome, figure.id) for outcome in outcomes]
    low, high = (found.value if found else None for found in known)
    counts = any(found and difference(figure, found).verdict != "no difference" for found in known)
    problem = next((outcome for outcome in outcomes if isinstance(outcome, str)), "")
    place = (one.path, one.file, one.line, one.source, one.trust)
    return Swing(figure.id, *place, stated, *ends, figure.value, low, high, counts, problem)


def _figure(outcome: Outcome, id_: str) -> Predicted | None:
    if isinstance(outcome, str):
        return None
    return next((figure for figure in outcome.figures if figure.id == id_), None)
