"""The day's question in plain words, as files of sweeps, promises and the command line say it."""

from __future__ import annotations

from concurrent.futures import Executor

from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.day import predict as model
from simulation.day.scenario import load_day_scenario
from simulation.demand.calendar import parse_day
from simulation.questions import Progress


def predict(
    estate: Estate,
    date: str = "",
    scenario: str = "",
    seed: int = model.SEED,
    replications: int = model.REPLICATIONS,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Answer:
    """Return how the day `date` goes (the estate's own if empty), with what fails in `scenario`, a name or file."""
    day = parse_day(date) if date else None
    chosen = load_day_scenario(scenario, estate) if scenario else None
    return model.predict(
        estate, day, chosen, seed=seed, replications=replications, progress=progress, executor=executor
    )
