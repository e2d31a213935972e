"""Promises on figures, held against the answers to their questions: slack, use, availability, staleness."""

from __future__ import annotations

import fnmatch
import json
import math
from collections.abc import Iterator

from inventory.models.estate import Estate
from inventory.models.policy import FigurePromise
from inventory.quantities import DURATION_UNITS, bound_of
from simulation.answer import Answer, Predicted
from simulation.errors import PromiseUnusable, QuestionInvalid, ScenarioInvalid, ScenarioNotFound
from simulation.gate_rows import Bound, GateRow
from simulation.questions import ask


def figure_rows(estate: Estate, seed: int) -> Iterator[GateRow]:
    """Yield a row for every figure that a promise is on; each question is asked once.

    Raises PromiseUnusable, with all findings, where a question means nothing here, or no figure has a promised id.
    """
    answers: dict[str, Answer] = {}
    problems: list[str] = []
    for id_, promise in sorted(estate.records.figure_promises.items()):
        asked = json.dumps(promise.question, sort_keys=True)
        try:
            answer = answers[asked] if asked in answers else ask(estate, promise.question, seed)
            answers[asked] = answer
            yield from _rows(estate, id_, promise, answer)
        except (QuestionInvalid, ScenarioInvalid, ScenarioNotFound, PromiseUnusable) as error:
            problems.append(f"{estate.cite(f'figure_promises.{id_}')}: figure_promises.{id_}: {error}")
    if problems:
        raise PromiseUnusable("\n".join(problems))


def _rows(estate: Estate, id_: str, promise: FigurePromise, answer: Answer) -> Iterator[GateRow]:
    found = [one for one in answer.figures if fnmatch.fnmatchcase(one.id, promise.figures)]
    if not found:
        known = ", ".join(one.id for one in answer.figures)
        raise PromiseUnusable(f"no figure is called `{promise.figures}`; there are {known}")
    entry = f"figure_promises.{id_}"
    bound: Bound = "at most" if promise.at_most is not None else "at least"
    given = promise.at_most if promise.at_most is not None else promise.at_least
    asked = " ".join(str(value) for value in promise.question.values())
    for figure in found:
        limit = _in_unit(given, figure)
        predicted = figure.high if bound == "at most" else figure.low
        number = math.inf if predicted is None else predicted
        holds = predicted is not None and (number <= limit if bound == "at most" else number >= limit)
        city, _, name = figure.id.partition(".")
        scenario = f"{asked}: {name}" if name else asked
        yield GateRow(id_, scenario, city, predicted, limit, figure.unit, holds, *estate.where(entry), entry, bound)


def _in_unit(given: str | float | None, figure: Predicted) -> float:
    """Return a bound in the figure's unit; raises PromiseUnusable where it is of another kind."""
    if not isinstance(given, str):
        return float(given or 0.0)
    found = bound_of(given)
    if found is not None and found[1] == figure.unit:
        return found[0]
    if found is not None and found[1] == "s" and figure.unit in DURATION_UNITS:
        return found[0] / DURATION_UNITS[figure.unit]
    raise PromiseUnusable(f"`{given}` is no bound for `{figure.id}`, which is in {figure.unit}")
