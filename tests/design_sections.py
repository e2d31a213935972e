"""The sections of an estate that say what is designed and not realised, and an estate without them, for tests."""

from __future__ import annotations

import dataclasses

from inventory.models.estate import Estate

SECTIONS = (
    "designed_segments", "clusters", "machine_sizes", "virtual_machines", "appliance_pairs", "switch_groups",
    "designed_services", "designed_flows", "designed_backups", "outside_systems",
    "data_interfaces",
)  # fmt: skip


def undesigned(estate: Estate) -> Estate:
    """Return an estate without its design, and without the hardware that nothing realised stands on."""
    records = estate.records
    carriers = {id_: item for id_, item in records.hardware.items() if item.carries}
    empty = {section: {} for section in SECTIONS} | {"hardware": carriers}
    return dataclasses.replace(estate, records=records.model_copy(update=empty))
