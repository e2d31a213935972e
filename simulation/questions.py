"""The questions that a planner may ask, by kind: each is answered by its own room, all in the shape of `Answer`.

Sweeps, comparisons, sensitivity and reports ask through here, so a new kind needs one line in `KINDS`.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

from inventory.models.estate import Estate
from inventory.names import expected_name
from simulation.answer import Answer
from simulation.errors import QuestionInvalid

KINDS = {
    "failover": "simulation.failover_answer",
    "day": "simulation.day.answer",
    "year": "simulation.year.answer",
    "capacity": "simulation.capacity.answer",
    "batch": "simulation.batch.answer",
    "availability": "simulation.availability.answer",
    "continuity": "simulation.continuity.answer",
}
"""Kind → the module whose `predict(estate, …, seed, replications, progress)` answers it."""

Progress = Callable[[int, int], None]
_NOT_ASKED = {"estate", "seed", "replications", "progress", "executor"}


def ask(
    estate: Estate,
    question: Mapping[str, Any],
    seed: int | None = None,
    replications: int | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Answer:
    """Return the answer to a question such as `{"kind": "failover", "scenario": "fuji-one-cut"}`.

    The answer's question is what was asked with the rooms' own values for what was left out, so it is the same however
    it was put. Rooms whose work can be shared out use the executor. Raises QuestionInvalid where the kind or a part of
    the question is unknown or missing.
    """
    given = dict(question)
    kind = given.pop("kind", None)
    predict = _room(kind)
    takes = inspect.signature(predict).parameters
    known = {name: one for name, one in takes.items() if name not in _NOT_ASKED}
    for name in given:
        if name not in known:
            raise QuestionInvalid(f"question: unknown key `{name}`; expected {expected_name(name, list(known))}")
    for name, one in known.items():
        if one.default is inspect.Parameter.empty and name not in given:
            raise QuestionInvalid(f"question: `{name}` is missing")
    chosen = {"seed": seed, "replications": replications, "progress": progress, "executor": executor}
    used = {name: value for name, value in chosen.items() if value is not None and name in takes}
    asked = {name: value for name, one in known.items() if (value := given.get(name, one.default))}
    return dataclasses.replace(predict(estate, **given, **used), question={"kind": kind, **asked})


def _room(kind: Any) -> Callable[..., Answer]:
    if kind not in KINDS:
        raise QuestionInvalid(f"question: kind: {kind!r} is unknown; expected {expected_name(str(kind), list(KINDS))}")
    found: Callable[..., Answer] = importlib.import_module(KINDS[kind]).predict
    return found
