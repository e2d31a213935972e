"""One question asked of many variants of an estate, each with other values; on several processes where that helps.

A variant's answer depends on its values and the seed alone, not on the number of workers or their order.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from inventory.models.estate import Estate
from inventory.problems import EstateInvalid
from simulation.answer import Answer
from simulation.errors import SimulationError
from simulation.questions import Progress, ask
from topology.check import check_estate

Overrides = Mapping[str, str]
Outcome = Answer | str
"""An answer, or in words why the variant has none (its values break a rule, the question means nothing there)."""


def answers(
    estate: Estate,
    variants: Sequence[Overrides],
    question: Mapping[str, Any],
    seed: int | None = None,
    replications: int | None = None,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Return the outcome of each variant, in order; `progress` is told of each that is done, in order too.

    Without an executor they are asked one after another in this process.
    """
    one = functools.partial(_answer, estate.folder, dict(estate.overrides), dict(question), seed, replications)
    given = [dict(variant) for variant in variants]
    results = executor.map(one, given) if executor else map(one, given)
    found: list[Outcome] = []
    for outcome in results:
        found.append(outcome)
        if progress:
            progress(len(found), len(given))
    return found


def on(estate: Estate, overrides: Overrides) -> Estate:
    """Return the estate with further values replaced; raises EstateInvalid where they break a rule."""
    return check_estate(estate.folder, {**estate.overrides, **overrides})


def _answer(
    folder: str, base: dict[str, str], question: dict[str, Any], seed: int | None, replications: int | None,
    variant: dict[str, str],
) -> Outcome:  # fmt: skip
    return _told(lambda: ask(check_estate(folder, {**base, **variant}), question, seed, replications))


def _told(get: Callable[[], Answer]) -> Outcome:
    """Return the answer, or the problem in words."""
    try:
        return get()
    except EstateInvalid as error:
        return "\n".join(str(problem) for problem in error.problems)
    except SimulationError as error:
        return str(error)
