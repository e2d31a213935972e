"""How far the weakest services move when one assumed value is twice as bad: from the independent part, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.assumptions import Touched, assumed_values
from simulation.availability.model import Model
from simulation.availability.moved import worse
from simulation.availability.parts import Part, parts_of
from simulation.availability.served import Served
from simulation.availability.ties import independent
from simulation.availability.weekly import Shares, Weekly, week_of

LEAST_MINUTES = 0.001
LEAST = 0.002
"""Values of entries that cause less than this share of a service's time away are not tried."""
SECTIONS = (
    "failure_figures", "repair_crews", "hazards", "power_reserves", "heat_reserves", "disk_arrays", "power_vehicles",
    "availability.restart_after_power",
)  # fmt: skip


def shares_of(moves: Sequence[Mapping[str, Any]]) -> Touched:
    """Return how much of the time away follows each value: what it moves beside what the heaviest moves."""
    found = Touched(*SECTIONS)
    most = [max(map(abs, move["minutes"].values())) for move in moves]
    for move, minutes in zip(moves, most, strict=True):
        found.add(move["path"], minutes / max(most))
    return found


def sensitivity(
    model: Model, weakest: Sequence[Served], shares: Mapping[str, Shares], hours: str
) -> list[dict[str, Any]]:
    """Return what each assumed value moves, most first: minutes a year of each of some services, by its key.

    `hours` names the denominator. What is left out moves none of them by a thousandth of a minute.
    """
    rows = []
    for assumption in assumed_values(model.estate, Touched(*SECTIONS)):
        changed = worse(model.estate.records, assumption.path)
        if changed is None or not _matters(model, assumption.path, weakest, shares):
            continue
        records = changed.records
        components = independent(model.ties.parts_with(records, parts_of(records)))
        counters = model.counters
        weekly = Weekly(components, week_of(counters.opens_h, counters.closes_h, counters.by_weekday, components))
        moved = {
            one.key: (weekly.unavailability(model.ties.needs[one.key], hours) - shares[one.key].of(hours))
            * counters.minutes(hours)
            for one in weakest
        }
        if max(map(abs, moved.values())) >= LEAST_MINUTES:
            entry = {"path": assumption.path, "value": changed.value, "became": changed.became, "unit": changed.unit}
            rows.append({**entry, "minutes": moved})
    return sorted(rows, key=lambda row: (-max(map(abs, row["minutes"].values())), row["path"]))


def _matters(model: Model, path: str, weakest: Sequence[Served], shares: Mapping[str, Shares]) -> bool:
    """Tell whether what stands on an entry causes enough of a service's time away for its values to be tried."""
    entry = ".".join(path.split(".")[:2])
    for one in weakest:
        found = shares[one.key]
        caused = sum(share[0] for name, share in found.parts.items() if _stands_on(model.parts[name], entry))
        if caused > LEAST * found.all_hours:
            return True
    return False


def _stands_on(part: Part, entry: str) -> bool:
    """Tell whether a part is made from an entry: its figure, what it is, or who repairs it."""
    derived = part.component.name.endswith(("/supply", "/heat"))
    crew = f"repair_crews.{part.component.crew}" if part.component.crew else ""
    return entry in part.stands_on or entry == crew or (derived and entry == "availability.restart_after_power")
