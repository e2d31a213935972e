"""Where the minutes go: a service's time away by kind of component and by component, adding up with the ties."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from simulation.availability.parts import Part
from simulation.availability.ties import STAGE_TITLES, STAGES
from simulation.availability.weekly import Shares
from simulation.intervals import Interval

LEAST_MINUTES = 0.01
OTHERS = "others"
"""What stands for all components below the least."""


def by_component(parts: Mapping[str, Part], shares: Shares, hours: str, minutes: float) -> list[dict[str, Any]]:
    """Return each component with its minutes a year, most first; what contributes nothing is left out."""
    rows = [
        {"component": name, "kind": parts[name].kind, "minutes": shares.caused(name, hours) * minutes}
        for name in shares.parts
        if shares.caused(name, hours) > 0
    ]
    return sorted(rows, key=lambda row: (-row["minutes"], row["component"]))


def longest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows down to a hundredth of a minute a year, and all below it as one."""
    kept = [row for row in rows if row["minutes"] >= LEAST_MINUTES]
    rest = math.fsum(row["minutes"] for row in rows[len(kept) :])
    return [*kept, {"component": OTHERS, "kind": OTHERS, "minutes": rest}] if len(kept) < len(rows) else kept


def by_kind(
    parts: Mapping[str, Part], components: list[dict[str, Any]], ties: Mapping[str, Interval], minutes: float
) -> list[dict[str, Any]]:
    """Return each kind of component and of tie with its minutes a year; single components are reckoned, ties drawn."""
    rows = []
    for kind in dict.fromkeys(row["kind"] for row in components):
        caused = [row["minutes"] for row in components if row["kind"] == kind]
        titles = next(part.titles for part in parts.values() if part.kind == kind)
        rows.append(_row(kind, titles, math.fsum(caused), 0.0))
    for stage in STAGES:
        cost = ties[stage]
        rows.append(_row(stage, STAGE_TITLES[stage], cost.mean * minutes, cost.half_width * minutes))
    return sorted(rows, key=lambda row: (-row["minutes"], row["kind"]))


def _row(kind: str, titles: tuple[str, str], minutes: float, half_width: float) -> dict[str, Any]:
    return {"kind": kind, "title": titles[0], "title_ja": titles[1], "minutes": minutes, "half_width": half_width}
