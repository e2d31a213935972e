"""The busiest hour: the day of a fiscal year and its hour in which some station's cores are asked most, as expected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np

from simulation.day.conditions import Condition
from simulation.day.plant import NONE, Floats, Plant
from simulation.day.tables import fixed_of


def core_work(plant: Plant, condition: Condition) -> Floats:
    """Return what one request a second of each stream takes of each machine's cores, as shares; (machines, streams)."""
    fixed = fixed_of(plant)
    work = np.zeros((len(plant.machines), len(plant.streams)))
    for stream in range(len(plant.streams)):
        servers = [int(machine) for machine in condition.applications[stream] if machine != NONE]
        database = int(condition.databases[stream])
        own_s = fixed.application_s[stream] + (0.0 if database != NONE else fixed.database_s[stream])
        for machine in servers:
            work[machine, stream] += own_s / len(servers)
        if database != NONE:
            work[database, stream] += fixed.database_s[stream]
    shares: Floats = work / fixed.cores[:, None] * condition.serves
    return shares


def busiest_hour(plant: Plant, condition: Condition, days: Iterable[dt.date]) -> tuple[dt.date, int]:
    """Return the day and hour in which the most of some station is asked, the first of equals."""
    work = core_work(plant, condition)
    found: tuple[float, dt.date, int] | None = None
    for day in days:
        asked = (work @ (plant.arrivals.expected(day)[0] / 3600.0)).max(axis=0)
        hour = int(asked.argmax())
        if found is None or asked[hour] > found[0] * (1 + 1e-12):
            found = float(asked[hour]), day, hour
    assert found is not None
    return found[1], found[2]
