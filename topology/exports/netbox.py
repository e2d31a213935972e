"""The estate as CSV files for NetBox's import forms, one for each model, numbered in the order of import.

What NetBox has no field for stands as YAML in the field `comments`, so that `twin import netbox` reads it back. What
the lab does not realise has the status `planned`. Left out: cables to circuits and to segments of three ports or more
(a row of NetBox's cables has an interface at either end), cables of power (the estate knows feeds and racks, no
outlets), timers, promises, and what is about neither places, equipment nor services.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from inventory.models.estate import Estate
from inventory.models.facility import Hardware
from topology.exports.comments import Belongings, Rows, kept
from topology.exports.netbox_design import PLANNED, cluster_rows, machine_rows, service_rows
from topology.exports.netbox_network import addressing_rows, circuit_rows, port_rows
from topology.model import Network

VERSION = "4.7.3"
FIELDS = Path(__file__).parent / "netbox_fields.yaml"
VOLTAGE = 100
GREY = "9e9e9e"


@cache
def forms() -> Mapping[str, Mapping[str, Any]]:
    """Return NetBox's import forms by the name of their file: the fields of each, and those that must be there."""
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(FIELDS.read_text(encoding="utf-8"))
    return found


def netbox(estate: Estate, network: Network) -> dict[str, str]:
    """Return the files by name, in the order of import; models without a row have none."""
    rows = netbox_rows(estate, network)
    present = [name for name in forms() if rows[name]]
    return {f"{number:02}-{name}.csv": _csv(name, rows[name]) for number, name in enumerate(present, 1)}


def netbox_rows(estate: Estate, network: Network) -> Rows:
    """Return the rows of every model by the name of its file."""
    rows: Rows = {name: [] for name in forms()}
    held = Belongings(estate)
    _places(estate, rows, held)
    _power(estate, rows)
    cluster_rows(estate, rows)
    _devices(estate, network, rows, held)
    machine_rows(estate, rows)
    port_rows(network, rows)
    addressing_rows(estate, network, rows, held)
    service_rows(estate, rows, held)
    circuit_rows(estate, rows)
    return rows


def _csv(name: str, rows: list[dict[str, Any]]) -> str:
    """Return rows as CSV with the columns of the form that any row fills, in the form's order."""
    fields = forms()[name]["fields"]
    columns = [field for field in fields if any(row.get(field) not in (None, "") for row in rows)]
    stray = {field for row in rows for field in row} - set(fields)
    assert not stray, f"{name}: {stray} are no fields of NetBox's form"
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if row.get(field) is None else row[field] for field in columns])
    return buffer.getvalue()


def _places(estate: Estate, rows: Rows, held: Belongings) -> None:
    """Add cities as tenants and regions, sites by kind, rooms, parties."""
    records = estate.records
    for id_, city in records.cities.items():
        about = {"name": id_, "slug": id_, "description": city.name_ja}
        rows["tenants"].append({**about, "comments": kept(f"cities.{id_}", city)})
        rows["regions"].append(about)
    for id_, party in records.parties.items():
        own = {f"contracts.{name}": one for name, one in records.contracts.items() if one.client == id_}
        rows["contacts"].append({"name": id_, "title": party.name_ja, "comments": kept(f"parties.{id_}", party, **own)})
    for kind in sorted({site.kind for site in records.sites.values()}):
        rows["site-groups"].append({"name": kind, "slug": kind})
    for id_, site in records.sites.items():
        also = held.of(id_, "emergency_counters", "outside_systems", "data_interfaces")
        if id_ == records.estate.data_centre:
            also["estate"] = records.estate
        rows["sites"].append({
            "name": id_, "slug": id_, "status": "active", "region": site.city, "group": site.kind, "tenant": site.city,
            "description": site.name_ja, "comments": kept(f"sites.{id_}", site, **also),
        })  # fmt: skip
    for id_, room in records.rooms.items():
        cooling = {f"cooling_units.{name}": one for name, one in records.cooling_units.items() if one.room == id_}
        rows["locations"].append({
            "site": room.site, "name": id_, "slug": id_, "status": "active", "description": room.name_ja,
            "comments": kept(f"rooms.{id_}", room, **cooling),
        })  # fmt: skip


def _power(estate: Estate, rows: Rows) -> None:
    """Add supplies as power panels with their feeds, and racks; a feed's amperes are its capacity at 100 V.

    NetBox ties a feed to one rack at most: one that leads to several is tied to none, and the racks keep their feeds.
    """
    records = estate.records
    fed: dict[str, list[str]] = {}
    for id_, rack in records.racks.items():
        for name in rack.feeds:
            fed.setdefault(name, []).append(id_)
    for id_, source in records.power_sources.items():
        rows["power-panels"].append({
            "site": source.site, "name": id_, "description": source.name_ja,
            "comments": kept(f"power_sources.{id_}", source),
        })  # fmt: skip
    for id_, feed in records.power_feeds.items():
        racks = fed.get(id_, [])
        alone = {"location": records.racks[racks[0]].room, "rack": racks[0]} if len(racks) == 1 else {}
        rows["power-feeds"].append({
            "site": records.power_sources[feed.source].site, "power_panel": feed.source, "name": id_, **alone,
            "status": "active", "type": "primary" if feed.side == "a" else "redundant", "supply": "ac",
            "phase": "single-phase", "voltage": VOLTAGE, "amperage": max(1, math.floor(feed.capacity_va / VOLTAGE)),
            "max_utilization": 80, "description": feed.name_ja, "comments": kept(f"power_feeds.{id_}", feed),
        })  # fmt: skip
    for id_, rack in records.racks.items():
        rows["racks"].append({
            "site": records.rooms[rack.room].site, "location": rack.room, "name": id_, "status": "active", "width": 19,
            "u_height": rack.units, "max_weight": math.floor(rack.max_load_kg), "weight_unit": "kg",
            "description": rack.name_ja, "comments": kept(f"racks.{id_}", rack),
        })  # fmt: skip


def _devices(estate: Estate, network: Network, rows: Rows, held: Belongings) -> None:
    """Add a device for each node, mounted where the hardware is that carries it alone, and for all other hardware."""
    records = estate.records
    alone = {item.carries[0]: id_ for id_, item in records.hardware.items() if len(item.carries) == 1}
    roles, models = set(), {}
    devices: list[tuple[str, str, str | None]] = [
        (id_, node.role, alone.get(id_)) for id_, node in network.nodes.items()
    ]
    devices += [(id_, item.kind, id_) for id_, item in records.hardware.items() if len(item.carries) != 1]
    cluster_of = {host: id_ for id_, cluster in records.clusters.items() for host in cluster.hosts}
    machines = {machine.role for machine in records.virtual_machines.values()}
    for name, role, unit in devices:
        item = records.hardware[unit] if unit else None
        model = _model(role, item)
        roles.add(role)
        models[model] = item
        rows["devices"].append({"name": name, "role": role, "manufacturer": "unknown", "device_type": model,
                                **_mounted(estate, name, unit, held),
                                "cluster": cluster_of.get(unit or "")})  # fmt: skip
        for number in range(1, (item.supplies if item else 0) + 1):
            draw = math.ceil(item.power_w) if item else 0
            rows["power-ports"].append({"device": name, "name": f"PSU{number}", "maximum_draw": draw or None})
    rows["manufacturers"] = [{"name": "unknown", "slug": "unknown"}] if devices else []
    rows["device-roles"] = [
        {"name": role, "slug": role, "color": GREY, "vm_role": "true" if role in machines else "false"}
        for role in sorted(roles | machines)
    ]
    rows["device-types"] = [
        {"manufacturer": "unknown", "model": model, "slug": _slug(model), "u_height": item.height if item else 0,
         "weight": f"{item.weight_kg:g}" if item else None, "weight_unit": "kg" if item else None}
        for model, item in sorted(models.items())
    ]  # fmt: skip


def _mounted(estate: Estate, name: str, unit: str | None, held: Belongings) -> dict[str, Any]:
    """Return where a device stands and what is kept of it."""
    records = estate.records
    item = records.hardware[unit] if unit else None
    node = records.devices.get(name)
    rack = records.racks[item.rack] if item else None
    site = node.site if node else records.rooms[rack.room].site if rack else None
    mount = {"rack": item.rack, "location": rack.room, "position": item.position, "face": "front",
             "serial": item.serial, "asset_tag": unit} if item and rack else {}  # fmt: skip
    also = {
        **held.of(name, "introduction_units", "patterns", "system_groups", "flows", "form_runs", "jobs", "backups"),
        **held.of(unit or "", "appliance_pairs", "switch_groups"),
    }
    about = None
    if node is not None:
        about = kept(f"devices.{name}", node, **({f"hardware.{unit}": item} if item else {}), **also)
    elif item is not None:
        about = kept(f"hardware.{unit}", item, **also)
    label = node.name_ja if node else item.name_ja if item else None
    return {"site": site, "tenant": node.city if node else None, "description": label, "comments": about, **mount,
            "status": "active" if node or (item and item.carries) else PLANNED}  # fmt: skip


def _model(role: str, item: Hardware | None) -> str:
    """Return the name of a device type: of the model, and of what NetBox keeps with the type."""
    if item is None:
        return role
    return f"{item.model or item.kind} {item.height}U {item.weight_kg:g}kg"


def _slug(text: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in text.casefold())
