"""Virtual machines on clusters of hosts, and what stands between them: pairs of appliances, groups of switches.

This is the design of the data centre beyond the devices that the lab realises. Terms follow NetBox. Leaves what runs on
the machines to `design`, and where the hosts are mounted to `facility`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from inventory.models.record import Held, Id, Named, Record, Text
from inventory.quantities import Size

Vlan = Annotated[int, Field(ge=1, le=4094)]
MachineRole = Literal[
    "application", "database", "batch", "print", "file", "directory", "monitoring", "backup", "portal", "data-linkage",
    "external-characters", "name-service", "operation",
]  # fmt: skip


class DesignedSegment(Named):
    """A layer-2 segment of the design at a site; it has a VLAN, and no address before it is realised."""

    site: Id
    zone: Id
    city: Id | None = None
    vlan: Vlan


class Host(Record):
    """What a piece of hardware gives to its cluster."""

    cpus: PositiveInt
    memory_bytes: Size = Field(alias="memory")


class Cluster(Named, Held):
    """Hosts that run virtual machines of one zone; the machines are held as their cluster.

    `cpu_ratio` virtual CPUs share a core. The machines still fit when the `tolerates` largest hosts are gone.
    `disk` is what the machines may fill, on the `storage` units or, where there are none, on the hosts' own disks.
    """

    zone: Id
    hosts: dict[Id, Host] = Field(min_length=1)
    storage: tuple[Id, ...] = ()
    disk_bytes: Size = Field(alias="disk")
    cpu_ratio: float = Field(default=1.0, ge=1)
    tolerates: int = Field(default=1, ge=0)


class MachineSize(Named):
    """What a virtual machine is given; many share a size, so that a figure is replaced in one place."""

    cpus: PositiveInt
    memory_bytes: Size = Field(alias="memory")
    disk_bytes: Size = Field(alias="disk")


class VirtualMachine(Named):
    """A virtual machine: its role, whose it is, where it is attached, where it runs while all is well, its system."""

    role: MachineRole
    city: Id | None = None
    segment: Id
    size: Id
    host: Id
    os: Id


class AppliancePair(Named):
    """Two appliances of a kind that stand in for each other; a pair of firewalls parts the `zones`."""

    members: tuple[Id, Id]
    mode: Literal["active-standby", "active-active"] = "active-standby"
    zones: tuple[Id, ...] = ()
    purpose: Text
    purpose_ja: Text | None = None


class SwitchGroup(Named):
    """Switches that stand in for each other: each piece of hardware of `attaches` has a port on every one of them.

    `ports` is how many each has; `segments` are those whose VLANs they carry.
    """

    members: tuple[Id, ...] = Field(min_length=1)
    ports: PositiveInt
    attaches: tuple[Id, ...] = ()
    segments: tuple[Id, ...] = ()
