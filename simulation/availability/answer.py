"""The availability's question in plain words, as files of sweeps, promises and the command line say it."""

from __future__ import annotations

from typing import Literal, cast

from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.availability import predict as model
from simulation.errors import QuestionInvalid
from simulation.questions import Progress


def predict(
    estate: Estate,
    service: str = "",
    hours: str = "all",
    years: float = model.YEARS,
    seed: int = model.SEED,
    replications: int = model.REPLICATIONS,
    progress: Progress | None = None,
) -> Answer:
    """Return the availability of all services, or of those named in `service` with commas between.

    `hours` is `all` or `counter`. Raises QuestionInvalid where it is neither.
    """
    if hours not in {"all", "counter"}:
        raise QuestionInvalid(f"question: hours: {hours!r} is unknown; expected `all` or `counter`")
    services = tuple(name.strip() for name in service.split(",") if name.strip())
    counted = cast(Literal["all", "counter"], hours)
    return model.predict(estate, services, counted, float(years), seed, replications, progress)
