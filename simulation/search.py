"""The least or greatest value of one path at which a condition holds, found by halving the range in ratio.

It is taken for granted that the condition, once it holds in the sought direction, goes on holding; both ends are tried
first, so a condition that holds everywhere or nowhere is told and not searched for.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from inventory.models.estate import Estate
from inventory.names import expected_name
from inventory.problems import EstateInvalid
from simulation import gate
from simulation.answer import Answer
from simulation.errors import NothingFound
from simulation.questions import Progress, ask
from simulation.sizes import Size, size_of
from simulation.sweep import Condition, Sweep
from simulation.variants import on


@dataclasses.dataclass(frozen=True)
class Trial:
    """One value tried: whether the condition held, and the figure it hangs on, or what stood against it."""

    value: str
    holds: bool
    figure: float | None
    why: str = ""


@dataclasses.dataclass(frozen=True)
class Found:
    """The value at which the condition just holds, the nearest tried at which it does not, and every trial."""

    value: str
    beyond: str
    trials: tuple[Trial, ...]

    def document(self) -> dict[str, Any]:
        """Return the search as JSON has it."""
        return dataclasses.asdict(self)


def search(estate: Estate, sweep: Sweep, progress: Progress | None = None) -> Found:
    """Return what a sweep's search finds.

    Raises NothingFound where the condition holds nowhere in the range or everywhere, with what both ends show, and
    where a value breaks a rule of the estate, so that nothing can be said of it.
    """
    sought = sweep.search
    assert sought is not None, "a sweep without a search"
    low, high = size_of(sought.from_), size_of(sought.to)
    assert low is not None, "the model admits sizes alone"
    assert high is not None, "the model admits sizes alone"
    steps = max(1, math.ceil(math.log2(math.log(high.number / low.number) / math.log1p(sought.within))))
    trials: list[Trial] = []

    def tried(size: Size) -> bool:
        trials.append(_trial(estate, sweep, sought.where, str(size)))
        if progress:
            progress(min(len(trials), steps + 2), steps + 2)
        return trials[-1].holds

    holding, failing = (high, low) if sought.find == "least" else (low, high)
    if not tried(holding) or tried(failing):
        raise NothingFound(_said(sweep, trials))
    for _ in range(steps):
        middle = holding._replace(number=float(f"{math.sqrt(holding.number * failing.number):.4g}")).times(1.0)
        if middle in (holding, failing):
            break
        holding, failing = (middle, failing) if tried(middle) else (holding, middle)
    return Found(str(holding), str(failing), tuple(trials))


def _trial(estate: Estate, sweep: Sweep, where: Condition, value: str) -> Trial:
    assert sweep.search is not None
    overrides = sweep.fixed | {sweep.search.vary: value}
    try:
        variant = on(estate, overrides)
    except EstateInvalid as error:
        raise NothingFound(f"{value}: {error.problems[0]}") from error
    if where.promises:
        broken = gate.evaluate(variant).broken
        return Trial(value, not broken, None, broken[0].sentence() if broken else "")
    return _judged(value, where, ask(variant, sweep.question, sweep.seed, sweep.replications))


def _judged(value: str, where: Condition, answer: Answer) -> Trial:
    figure = next((one for one in answer.figures if one.id == where.figure), None)
    if figure is None:
        known = [one.id for one in answer.figures]
        raise NothingFound(f"no figure `{where.figure}`; expected {expected_name(str(where.figure), known)}")
    number = figure.value if figure.value is not None else math.inf if figure.better == "lower" else -math.inf
    holds = (where.at_least is None or number >= where.at_least) and (where.at_most is None or number <= where.at_most)
    return Trial(value, holds, figure.value)


def _said(sweep: Sweep, trials: list[Trial]) -> str:
    assert sweep.search is not None
    everywhere = "everywhere" if trials[-1].holds else "nowhere"
    shown = "; ".join(f"{one.value}: {one.why or one.figure}" for one in trials)
    return f"{sweep.search.vary}: the condition holds {everywhere} in the range tried ({shown})"
