"""Headroom of each station and circuit: how full in the busiest hour, with everything whole and after each failure."""

from __future__ import annotations

import dataclasses
from typing import Any

from simulation.capacity.load_point import BusiestHour, Point, Use
from simulation.day.plant import Plant
from simulation.day.summary import tidy

SAME = 1e-5
"""Shares that differ by less are the same: what is left of the iteration over stations."""


@dataclasses.dataclass(frozen=True)
class Failure:
    """A single failure: the entry, what is fullest then, the share of requests that nobody serves."""

    entry: str
    point: Point

    @property
    def fullest(self) -> Use:
        """What is used most then."""
        return self.point.fullest()


def single_failures(hour: BusiestHour) -> list[Failure]:
    """Return every single failure of an estate at today's load, those of users left out as `twin impact` does."""
    return [Failure(entry, hour.at(1.0, (entry,))) for entry in hour.plant.failures.candidates()]


def hardest(hour: BusiestHour, failures: list[Failure]) -> Failure | None:
    """Return the failure after which something is fullest; None where none makes anything fuller than it is anyway."""
    normal = hour.at(1.0).fullest().share
    found = max(failures, key=lambda failure: failure.fullest.share, default=None)
    return found if found and found.fullest.share > normal * (1 + SAME) else None


def worst(failures: list[Failure], kinds: tuple[str, ...]) -> tuple[Failure, Use] | None:
    """Return the failure after which something of these kinds is fullest, the first of equals; None without any."""
    found: tuple[Failure, Use] | None = None
    for failure in failures:
        for use in failure.point.uses:
            if use.kind in kinds and (found is None or use.share > found[1].share * (1 + SAME)):
                found = failure, use
    return found


def described(plant: Plant, use: Use) -> dict[str, Any]:
    """Return what is used as plain data: its kind, the id of the station or circuit, its direction."""
    if use.kind != "circuit":
        machine = plant.machines[use.number]
        return {"kind": use.kind, "id": machine.id, "design": machine.design, "from": None}
    circuit = plant.circuits[use.number // 2]
    ends = plant.estate.records.circuits[circuit].ends
    return {"kind": "circuit", "id": circuit, "design": False, "from": ends.z if use.number % 2 else ends.a}


def headroom(hour: BusiestHour, failures: list[Failure]) -> list[dict[str, Any]]:
    """Return a row for everything that is used, normally or after a failure, the fullest first.

    `headroom` is how many times the load fits up to the estate's limit; a best-effort circuit also shows its share at
    the least rate that it may give.
    """
    plant = hour.plant
    limit = plant.demand.limits.utilisation
    normal = hour.at(1.0).uses
    worst_of: list[tuple[float, str | None]] = [(use.share, None) for use in normal]
    for failure in failures:
        for place, use in enumerate(failure.point.uses):
            if use.share > worst_of[place][0] * (1 + SAME):
                worst_of[place] = use.share, failure.entry
    rows = []
    for use, (most, entry) in zip(normal, worst_of, strict=True):
        if most <= 0:
            continue
        row = {
            **described(plant, use),
            "share": tidy(use.share),
            "headroom": tidy(limit / use.share) if use.share > 0 else None,
            "worst_share": tidy(most),
            "worst_failure": entry,
            "worst_headroom": tidy(limit / most),
            "worst_share_at_least_rate": None,
        }
        spread = plant.demand.best_effort.get(row["id"]) if use.kind == "circuit" else None
        if spread:
            row["worst_share_at_least_rate"] = tidy(most * plant.rates_bps[use.number] / spread.least_bps)
        rows.append(row)
    return sorted(rows, key=lambda row: (-row["worst_share"], row["kind"], row["id"], row["from"] or ""))
