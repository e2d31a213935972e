"""What happens when after an event, in the order of its times; in hours, with the chance of what may not happen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from inventory.models.continuity import Continuity
from inventory.models.estate import Estate
from simulation.availability.power import Supply
from simulation.continuity.event import Event, supply_of_grid
from simulation.continuity.halls import Hall
from simulation.continuity.restores import Restore
from topology.designed_losses import Loss

HOUR_S = 3600.0
Step = tuple[float, str, str, float | None, str]


def timeline(
    estate: Estate,
    event: Event,
    plan: Continuity,
    restores: Mapping[Loss, Restore],
    halls: Mapping[str, Hall],
    loses: float,
) -> list[dict[str, Any]]:
    """Return the steps with their times (h after the event) and chances, in both languages.

    `kind` is what a step is (lost, battery-ends, generator, fuel-ends, vehicle, emergency, restored).
    `loses` is the chance that services are lost at all, which counts where the power may be bridged.
    """
    steps: list[Step] = [(0.0, "lost: " + ", ".join(event.names), "喪失: " + "、".join(event.names), None, "lost")]
    lost_h = 0.0
    for path in event.grids:
        supply = supply_of_grid(estate, path)
        steps += _power(supply) if supply else ()
        lost_h = supply.battery_h if supply else 0.0
    cities = estate.records.cities
    for city, hall in halls.items():
        if hall.usable:
            name, name_ja = cities[city].name, cities[city].name_ja
            about = f"{name} goes over to its emergency counter"
            maybe = loses if event.grids else None
            steps.append(
                (lost_h + plan.takes_over_s / HOUR_S, about, f"{name_ja} 緊急窓口サーバへ切替", maybe, "emergency")
            )
    by_time: dict[float, list[Loss]] = {}
    for loss, restore in restores.items():
        if math.isfinite(restore.after_h):
            by_time.setdefault(restore.after_h, []).append(loss)
    for after_h, losses in by_time.items():
        about = f"{len(losses)} services (by city) restored at the latest, from backups kept at other sites"
        japanese = f"他所保管のバックアップから復旧(遅くとも): 市別延べ{len(losses)}サービス"
        steps.append((after_h, about, japanese, None, "restored"))
    ordered = sorted(steps, key=lambda step: (step[0], step[1]))
    return [
        {"at_h": at, "what": what, "what_ja": what_ja, "chance": chance, "kind": kind}
        for at, what, what_ja, chance, kind in ordered
    ]


def _power(supply: Supply) -> Iterator[Step]:
    """Yield the steps of an outage of the grid that lasts: battery, generator, fuel, vehicle."""
    if supply.start_fails < 1:
        starts = 1 - supply.start_fails
        yield supply.starts_within_h, "the generator carries the load", "自家発電装置が給電", starts, "generator"
        if math.isfinite(supply.fuel_h):
            yield (
                supply.fuel_h,
                "the generator's fuel ends, unless it is filled up",
                "自家発電装置の燃料切れ(補給がない場合)",
                starts,
                "fuel-ends",
            )
    without = None if supply.start_fails == 1 else supply.start_fails
    yield (
        supply.battery_h,
        "batteries end, where no generator carries the load",
        "無停電電源装置の蓄電池終了(発電なしの場合)",
        without,
        "battery-ends",
    )
    if supply.vehicle_comes > 0:
        yield (
            supply.vehicle_h,
            "the mobile power vehicle arrives, on average",
            "移動電源車到着(平均)",
            supply.vehicle_comes,
            "vehicle",
        )
