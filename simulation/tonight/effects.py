"""What an option changes: the same nights with and without it, and whether the difference is more than chance.

Both read the same draws, so what differs is the option alone. With some twenty options looked at together, a difference
counts where its interval at 99 % does not hold zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.batch.layout import described
from simulation.batch.night_report import chance, spread
from simulation.batch.played import Played
from simulation.heap import Floats
from simulation.intervals import of_independent

CONFIDENCE = 0.99


def effects(base: Played, changed: Played) -> list[dict[str, Any]]:
    """Return for each city what an option changes: end, chance of opening late, of a missed deadline, copy's age."""
    opens_s = described(base.estate).opens_in_night_s
    copies = {job.city: id_ for id_, job in base.estate.records.jobs.items() if job.fills}
    found = []
    for city in base.estate.records.cities:
        chosen = base.jobs_of(city)
        if not len(chosen):
            continue
        before, after = base.net_end_s(city), changed.net_end_s(city)
        late = [played.late[:, played.jobs_of(city)].any(axis=1).astype(float) for played in (base, changed)]
        found.append({
            "city": city,
            "end_s": spread(after),
            "missed": chance(after > opens_s),
            "late": chance(late[1] > 0),
            "end_change_s": difference(after - before),
            "missed_change": difference((after > opens_s).astype(float) - (before > opens_s).astype(float)),
            "late_change": difference(late[1] - late[0]),
            "copy_age_change_s": difference(changed.copy_age_s(copies[city]) - base.copy_age_s(copies[city]))
            if city in copies else None,
        })  # fmt: skip
    return found


def backups_late(base: Played, changed: Played) -> dict[str, Any]:
    """Return what an option changes in the chance that any backup misses its deadline."""
    numbers = np.array([base.layout.net.number[name] for name in sorted(base.layout.backups)], np.int64)
    late = [played.late[:, numbers].any(axis=1).astype(float) if len(numbers) else np.zeros(len(played.ends_s))
            for played in (base, changed)]  # fmt: skip
    return {"late": chance(late[1] > 0), "late_change": difference(late[1] - late[0])}


def difference(values: Floats) -> dict[str, Any]:
    """Return the mean of paired differences with its interval at 99 %, and whether that leaves zero out."""
    if not values.any():
        return {"mean": 0.0, "low": 0.0, "high": 0.0, "significant": False}
    interval = of_independent(values, CONFIDENCE)
    ends = {"mean": interval.mean, "low": interval.low, "high": interval.high}
    rounded = {key: round(float(value), 6) for key, value in ends.items()}
    return {**rounded, "significant": 0.0 not in interval}
