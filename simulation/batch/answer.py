"""The nights' question in plain words, as files of sweeps, promises and the command line say it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.batch import predict as model
from simulation.batch.incidents import NOTHING, load_incident
from simulation.errors import QuestionInvalid
from simulation.questions import Progress


def predict(
    estate: Estate,
    nights: str = "year",
    heaviest: int = model.HEAVIEST,
    scenario: str | None = None,
    seed: int = model.SEED,
    replications: int = model.REPLICATIONS,
    progress: Progress | None = None,
) -> Answer:
    """Return how nights go: `year` (an ordinary one and the heaviest), `ordinary`, `heaviest`, or a date YYYY-MM-DD.

    `scenario` is a file with what happens in them. Raises QuestionInvalid where `nights` is none of these.
    """
    date = None
    if nights not in {"year", "ordinary", "heaviest"}:
        try:
            date = dt.date.fromisoformat(nights)
        except ValueError:
            expected = "`year`, `ordinary`, `heaviest` or a date YYYY-MM-DD"
            raise QuestionInvalid(f"question: nights: {nights!r} is no night; expected {expected}") from None
    incident = load_incident(Path(scenario), estate) if scenario else NOTHING
    ask: model.Ask = (
        "date" if date else "year" if nights == "year" else "ordinary" if nights == "ordinary" else "heaviest"
    )
    return model.predict(estate, model.Question(ask, date, heaviest, incident), seed, replications, progress)
