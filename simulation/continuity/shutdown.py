"""In which order things are shut down while batteries last: who needs others first, what all need last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from inventory.models.estate import EstateRecords
from topology.designed_losses import Loss

LAYERS = (
    ("servers and hosts", "サーバ・仮想化ホスト", ("server",)),
    ("storage", "ストレージ", ("storage",)),
    ("network", "ネットワーク機器", ("load-balancer", "firewall", "switch", "router")),
)


def shutdown_order(records: EstateRecords, fallen: Collection[str], lost: Collection[Loss]) -> list[dict[str, Any]]:
    """Return the steps of an orderly shutdown: services level by level, then what they stand on."""
    services = {service for service, _ in lost}
    levels = _levels(records, services)
    steps = [
        {
            "title": "services",
            "title_ja": "業務・基盤サービス",
            "entries": sorted(name for name in services if levels[name] == level),
        }
        for level in sorted(set(levels.values()))
    ]
    hardware = [path.partition(".")[2] for path in fallen if path.startswith("hardware.")]
    for title, title_ja, kinds in LAYERS:
        found = sorted(id_ for id_ in hardware if records.hardware[id_].kind in kinds)
        if found:
            steps.append({"title": title, "title_ja": title_ja, "entries": found})
    return [{"step": number, **step} for number, step in enumerate(steps, 1)]


def _levels(records: EstateRecords, services: Collection[str]) -> Mapping[str, int]:
    """Return for each service after how many others it is shut down: 0 where nobody else needs or uses it."""
    needed_by: dict[str, list[str]] = {name: [] for name in services}
    for name in services:
        designed = records.designed_services.get(name)
        for other in designed.needs if designed else ():
            if other in needed_by:
                needed_by[other].append(name)
    found: dict[str, int] = {}

    def level(name: str) -> int:
        if name not in found:
            found[name] = 0
            found[name] = 1 + max((level(other) for other in needed_by[name]), default=-1)
        return found[name]

    for name in sorted(services):
        level(name)
    return found
