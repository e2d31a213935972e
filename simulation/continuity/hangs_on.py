"""Of what the figures of an interruption are made: how long it lasts, what the halls do then, what is entered after."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.continuity import Continuity
from inventory.models.estate import Estate
from simulation.assumptions import Touched
from simulation.availability.parts import parts_of
from simulation.continuity.event import Event, hazards_behind

TOUCHED = (
    "continuity", "emergency_counters", "failure_figures", "hazards", "load", "power_reserves", "power_vehicles",
    "repair_crews",
)  # fmt: skip
_ASKED = ("cities", "users", "transactions_per_user_day")


def shares_of(estate: Estate, plan: Continuity, event: Event, mean_h: float, *, halls: bool, fixed: bool) -> Touched:
    """Return how much of a figure follows each value.

    `mean_h` is how long services are away, `halls` whether a hall takes over, `fixed` whether the question says how
    long all lasts.
    """
    found = Touched(*TOUCHED)
    for path in event.names if not fixed else ():
        found.take(_lasting(estate, path))
    for path in event.grids:
        found.take(dict.fromkeys((*_reserves(estate, path), "continuity.shutdown_step"), 1.0))
    if halls and mean_h > 0:
        found.add("continuity.takes_over", plan.takes_over_s / 3600 / mean_h)
        found.add("continuity.copy_fails", plan.copy_fails)
        for key in ("entering", "entering_staff", "inquiry_share", "replaced_share"):
            found.add(f"continuity.{key}", 1.0)
        found.add("load.at_once", 1.0)
        for key in _ASKED:
            found.add(f"load.{key}", 1.0)
    return found


def _reserves(estate: Estate, path: str) -> Iterator[str]:
    """Yield what stands in for a grid: batteries, what feeds them beside it, vehicles that come to their sites."""
    records, grid = estate.records, path.partition(".")[2]
    for key, source in records.power_sources.items():
        if source.kind == "ups" and grid in source.fed_by:
            yield from (f"power_reserves.{name}" for name in (key, *source.fed_by))
            yield from (
                f"power_vehicles.{name}" for name, van in records.power_vehicles.items() if source.site in van.serves
            )


def _lasting(estate: Estate, path: str) -> dict[str, float]:
    """Return what says how long an entry is down, with its share: its figure and crew, or the hazards behind it."""
    hazards = hazards_behind(estate.records, path)
    if hazards:
        return {f"hazards.{id_}.out_for": share for id_, share in hazards.items()}
    part = parts_of(estate.records).get(path)
    if part is None:
        return {}
    crew = [f"repair_crews.{part.component.crew}"] if part.component.crew else []
    figures = (f"{entry}.mttr" for entry in part.stands_on if entry.startswith("failure_figures."))
    return dict.fromkeys((*figures, *crew), 1.0)
