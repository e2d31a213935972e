"""Which entries of an estate can fail, and which failure figure and which repair crew each has."""

from __future__ import annotations

from typing import get_args

from pydantic import BaseModel

from inventory.models.circuits import Circuit, RiskGroup
from inventory.models.devices import Device
from inventory.models.estate import EstateRecords
from inventory.models.facility import Hardware, PowerSource
from inventory.models.failures import FailureFigure, RepairCrew
from inventory.models.places import Site

ONE_KIND = {
    "carrier_networks": "carrier-network",
    "rooms": "room",
    "racks": "rack",
    "power_feeds": "power-feed",
    "cooling_units": "cooling-unit",
    "virtual_machines": "virtual-machine",
    "clusters": "cluster",
}
"""The kind of all entries of a section."""

BY_FIELD: dict[str, tuple[type[BaseModel], str]] = {
    "circuits": (Circuit, "service"),
    "devices": (Device, "role"),
    "hardware": (Hardware, "kind"),
    "power_sources": (PowerSource, "kind"),
    "risk_groups": (RiskGroup, "kind"),
    "sites": (Site, "kind"),
}
"""Sections whose entries say their kind in a field."""

SECTIONS = (*BY_FIELD, *ONE_KIND)
DISK = "disk"
"""The kind of the disks of hardware, which have no entries of their own."""


def kinds() -> set[str]:
    """Return every kind of thing that a figure may be for."""
    listed = {kind for model, field in BY_FIELD.values() for kind in get_args(model.model_fields[field].annotation)}
    return {*ONE_KIND.values(), *listed, DISK} - {"terminal"}


def kind_of(records: EstateRecords, path: str) -> str | None:
    """Return the kind of an entry by its dotted path; None for what has no failures of its own.

    Terminals are users. Hardware that carries a device of its own kind (a router) is that device: its failures are
    counted once, as the device's. Raises KeyError for what is no entry that can fail.
    """
    section, _, id_ = path.partition(".")
    if section not in SECTIONS or id_ not in getattr(records, section):
        raise KeyError(path)
    if section in ONE_KIND:
        return ONE_KIND[section]
    kind: str = getattr(getattr(records, section)[id_], BY_FIELD[section][1])
    carried = records.hardware[id_].carries if section == "hardware" else ()
    if kind == "terminal" or (carried and all(records.devices[name].role == kind for name in carried)):
        return None
    return kind


def figure_of(records: EstateRecords, path: str) -> tuple[str, FailureFigure] | None:
    """Return the figure of an entry with its id: the one that names the entry, else its kind's; None without one."""
    named = next((id_ for id_, figure in records.failure_figures.items() if path in figure.of), None)
    found = named or kind_of(records, path)
    return (found, records.failure_figures[found]) if found in records.failure_figures else None


def crew_of(records: EstateRecords, path: str) -> tuple[str, RepairCrew] | None:
    """Return who repairs an entry: the crew of its contract, else of its figure; None where nobody has to come."""
    found = figure_of(records, path)
    if found and not found[1].on_site:
        return None
    contract = contract_of(records, path)
    named = next((id_ for id_, crew in records.repair_crews.items() if contract in crew.contracts), None)
    if named is None:
        named = found[1].crew if found else None
    return (named, records.repair_crews[named]) if named in records.repair_crews else None


def contract_of(records: EstateRecords, path: str) -> str | None:
    """Return the contract under which an entry stands: its own, that of what carries it, or that of what it is in."""
    section, _, id_ = path.partition(".")
    record = getattr(records, section)[id_]
    own: str | None = getattr(record, "contract", None)
    if section == "devices":
        carriers = (item.contract for item in records.hardware.values() if id_ in item.carries)
        return next(carriers, None)
    if section == "power_feeds":
        return records.power_sources[record.source].contract
    if section in {"cooling_units", "racks"}:
        return records.rooms[record.room].contract
    if section == "virtual_machines":
        return contract_of(records, f"hardware.{record.host}")
    return own
