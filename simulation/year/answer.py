"""The year's question in plain words, as files of sweeps, promises and the command line say it."""

from __future__ import annotations

from concurrent.futures import Executor

from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.questions import Progress
from simulation.year import predict as model


def predict(
    estate: Estate,
    year: int = 0,
    every_day: bool = False,
    seed: int = model.SEED,
    replications: int = model.REPLICATIONS,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Answer:
    """Return the days of a fiscal year, that of the estate's own day where none is given."""
    return model.predict(
        estate,
        year or None,
        every_day=every_day,
        seed=seed,
        replications=replications,
        progress=progress,
        executor=executor,
    )
