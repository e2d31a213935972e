"""The design as rows of NetBox's import forms: clusters, virtual machines, their interfaces, services.

Whatever the lab does not realise has the status `planned`. NetBox has no table for business systems, permitted flows,
backups and data interfaces: they stand in `comments` of the service that they belong to, and come back from there.
Left out: ports of switches and of appliances, which the estate counts and does not name; addresses of virtual
machines, which a design has none of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from inventory.models.estate import Estate, EstateRecords
from topology.exports.comments import Belongings, Rows, kept

PLANNED = "planned"
CLUSTER_TYPE = "virtualization"
"""The one type of clusters: the estate names no product."""

BELONGING = ("designed_flows", "designed_backups", "outside_systems", "data_interfaces")
"""What is kept with a service."""

PORT = "eth0"
"""A virtual machine's one interface: NetBox wants a name, the estate has none."""

MEGABYTE = 1_000_000
"""NetBox counts memory and disk in MB of 10⁶ bytes, as long as its RAM_BASE_UNIT and DISK_BASE_UNIT are left alone."""


def cluster_rows(estate: Estate, rows: Rows) -> None:
    """Add clusters in groups by zone, each at the site of its hosts where that is one."""
    records = estate.records
    if records.clusters:
        about = {"name": CLUSTER_TYPE, "slug": CLUSTER_TYPE, "description": "仮想基盤"}
        rows["cluster-types"].append(about)
    for zone in sorted({cluster.zone for cluster in records.clusters.values()}):
        label = records.zones[zone].name_ja
        rows["cluster-groups"].append({"name": zone, "slug": zone, "description": label})
    for id_, cluster in records.clusters.items():
        sites = {records.rooms[records.racks[records.hardware[name].rack].room].site for name in cluster.hosts}
        scope = {"scope_type": "dcim.site", "scope_name": min(sites)} if len(sites) == 1 else {}
        rows["clusters"].append({
            "name": id_, "type": CLUSTER_TYPE, "group": cluster.zone, "status": PLANNED, **scope,
            "description": cluster.name_ja, "comments": kept(f"clusters.{id_}", cluster),
        })  # fmt: skip


def machine_rows(estate: Estate, rows: Rows) -> None:
    """Add systems as platforms, sizes as types of machines, and every virtual machine with its one interface."""
    records = estate.records
    for id_ in sorted({machine.os for machine in records.virtual_machines.values()}):
        followed = {f"lifecycles.{name}": records.lifecycles[name] for name in _followed(records, id_)}
        row = records.lifecycles[id_]
        rows["platforms"].append({
            "name": id_, "slug": id_, "description": row.name, "comments": kept(f"lifecycles.{id_}", row, **followed),
        })  # fmt: skip
    for id_, size in records.machine_sizes.items():
        rows["virtual-machine-types"].append({
            "name": id_, "slug": id_, "default_vcpus": size.cpus, "default_memory": megabytes(size.memory_bytes),
            "description": size.name_ja, "comments": kept(f"machine_sizes.{id_}", size),
        })  # fmt: skip
    cluster_of = {name: id_ for id_, cluster in records.clusters.items() for name in cluster.hosts}
    for id_, machine in records.virtual_machines.items():
        size, segment = records.machine_sizes[machine.size], records.every_segment[machine.segment]
        rows["virtual-machines"].append({
            "name": id_, "virtual_machine_type": machine.size, "role": machine.role, "status": PLANNED,
            "cluster": cluster_of[machine.host], "device": machine.host, "platform": machine.os, "vcpus": size.cpus,
            "memory": megabytes(size.memory_bytes), "disk": megabytes(size.disk_bytes), "tenant": machine.city,
            "description": machine.name_ja, "comments": kept(f"virtual_machines.{id_}", machine),
        })  # fmt: skip
        vlan = {"mode": "access", "vlan_group": segment.site, "untagged_vlan": segment.vlan} if segment.vlan else {}
        rows["vm-interfaces"].append({
            "virtual_machine": id_, "name": PORT, "enabled": "true", **vlan,
            "description": f"segment {machine.segment}",
        })  # fmt: skip


def service_rows(estate: Estate, rows: Rows, held: Belongings) -> None:
    """Add each service as a template that keeps what belongs to it, and as a service on every machine that runs it."""
    records = estate.records
    for id_, realised in records.services.items():
        ports = f"tcp/{realised.port}"
        rows["service-templates"].append({
            "name": id_, "port_mappings": ports, "description": realised.name_ja,
            "comments": kept(f"services.{id_}", realised, **_systems_of(estate, id_), **held.of(id_, *BELONGING)),
        })  # fmt: skip
        for one in realised.instances.values():
            rows["services"].append(_service("dcim.device", one.application, id_, ports, realised.name_ja))
    for id_, service in records.designed_services.items():
        ports = ",".join(service.ports)
        rows["service-templates"].append({
            "name": id_, "port_mappings": ports, "description": service.name_ja,
            "comments": kept(
                f"designed_services.{id_}", service, **_systems_of(estate, id_), **held.of(id_, *BELONGING)
            ),
        })  # fmt: skip
        for instance in service.instances.values():
            for machine in instance.runs_on:
                rows["services"].append(_machine_service(machine, id_, ports, service.name_ja))
            for name, placed in instance.stores.items():
                store = service.stores[name]
                for machine in placed.runs_on:
                    rows["services"].append(_machine_service(machine, name, store.port, store.name_ja))


def megabytes(size_bytes: float) -> int:
    """Return a size in NetBox's MB, rounded to whole ones."""
    return round(size_bytes / MEGABYTE)


def _service(kind: str, parent: str, name: str, ports: str, label: str) -> dict[str, Any]:
    """Return the row of a service on a device or a machine."""
    return {"parent_object_type": kind, "parent": parent, "name": name, "port_mappings": ports, "description": label}


def _machine_service(machine: str, name: str, ports: str, label: str) -> dict[str, Any]:
    return _service("virtualization.virtualmachine", machine, name, ports, label)


def _followed(records: EstateRecords, id_: str) -> Iterator[str]:
    """Yield the rows of the lifecycles that one follows, however far."""
    follows = records.lifecycles[id_].follows
    while follows:
        yield follows
        follows = records.lifecycles[follows].follows


def _systems_of(estate: Estate, id_: str) -> dict[str, BaseModel]:
    """Return the groups of systems that a service is of, with their units, patterns and functions, by path."""
    records = estate.records
    designed = records.designed_services.get(id_)
    names = designed.functions if designed else records.services[id_].functions
    groups = {records.functions[name].group for name in names} | ({designed.group} if designed else set())
    found: dict[str, BaseModel] = {}
    for name in sorted(groups):
        group = records.system_groups[name]
        found[f"system_groups.{name}"] = group
        found[f"introduction_units.{group.unit}"] = records.introduction_units[group.unit]
        found[f"patterns.{group.pattern}"] = records.patterns[group.pattern]
    return found | {f"functions.{name}": one for name, one in records.functions.items() if one.group in groups}
