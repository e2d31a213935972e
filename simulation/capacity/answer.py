"""The question of capacity in plain words, as files of sweeps, promises and the command line say it."""

from __future__ import annotations

from concurrent.futures import Executor

from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.capacity import predict as model
from simulation.questions import Progress


def predict(
    estate: Estate,
    year: int = 0,
    seed: int = model.SEED,
    replications: int = model.REPLICATIONS,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Answer:
    """Return what is full first in a fiscal year, that of the estate's own day where none is given."""
    return model.predict(
        estate, year or None, seed=seed, replications=replications, progress=progress, executor=executor
    )
