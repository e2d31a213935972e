"""The question about an interruption in plain words, as files of sweeps, promises and the command line say it."""

from __future__ import annotations

import datetime as dt

from inventory.models.estate import Estate
from inventory.quantities import parse_duration
from simulation.answer import Answer
from simulation.continuity import predict as model
from simulation.errors import QuestionInvalid
from simulation.questions import Progress


def predict(
    estate: Estate,
    event: str = "",
    at: str = "",
    lasts: str = "",
    seed: int = model.SEED,
    replications: int = model.REPLICATIONS,
    progress: Progress | None = None,
) -> Answer:
    """Return what goes on while `event` (entries, with commas between) is lost `at` YYYY-MM-DD HH:MM for `lasts`.

    What is left empty is as the estate states it. Raises QuestionInvalid where a part cannot be read.
    """
    del progress  # a second at most
    events = tuple(name.strip() for name in event.split(",") if name.strip())
    return model.predict(estate, events, _moment(at), _hours(lasts), seed, replications)


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        raise QuestionInvalid(f"question: at: {text!r} is no moment; expected YYYY-MM-DD HH:MM") from None


def _hours(text: str) -> float | None:
    try:
        return parse_duration(text) / 3600 if text else None
    except ValueError as error:
        raise QuestionInvalid(f"question: lasts: {str(error).replace('|', '; expected ')}") from None
