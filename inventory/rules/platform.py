"""Rules on clusters, their hosts and virtual machines: what exists, what fits, what stands where."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.network import Segment
from inventory.models.platform import Cluster, DesignedSegment, VirtualMachine
from inventory.problems import Problem
from inventory.quantities import SIZE_UNITS
from inventory.rules.scope import Scope

_GIB = SIZE_UNITS["GiB"]


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Segments have sites, zones and cities; clusters hosts; machines segments, sizes, hosts and systems."""
    records = scope.records
    for id_, segment in records.designed_segments.items():
        path = f"designed_segments.{id_}"
        yield from scope.unknown(f"{path}.site", "site", segment.site, "sites")
        yield from scope.unknown(f"{path}.zone", "zone", segment.zone, "zones")
        yield from scope.unknown(f"{path}.city", "city", segment.city, "cities")
    for id_, cluster in records.clusters.items():
        path = f"clusters.{id_}"
        yield from scope.unknown(f"{path}.zone", "zone", cluster.zone, "zones")
        for name in cluster.hosts:
            yield from scope.unknown(f"{path}.hosts.{name}", "hardware", name, "hardware")
        for index, name in enumerate(cluster.storage):
            yield from scope.unknown(f"{path}.storage.{index}", "hardware", name, "hardware")
    for id_, machine in records.virtual_machines.items():
        path = f"virtual_machines.{id_}"
        yield from scope.unknown(f"{path}.city", "city", machine.city, "cities")
        yield from scope.unknown(f"{path}.segment", "segment", machine.segment, "segments", "designed_segments")
        yield from scope.unknown(f"{path}.size", "machine size", machine.size, "machine_sizes")
        yield from scope.unknown(f"{path}.host", "hardware", machine.host, "hardware")
        yield from scope.unknown(f"{path}.os", "lifecycle", machine.os, "lifecycles")


def hosts_are_of_one_cluster(scope: Scope) -> Iterator[Problem]:
    """A host is a server, of one cluster alone; storage is storage; none of them carries a device as well."""
    kinds = {"hosts": "server", "storage": "storage"}
    first: dict[str, str] = {}
    for id_, cluster in scope.records.clusters.items():
        for part, kind in kinds.items():
            for name in getattr(cluster, part):
                item = scope.records.hardware.get(name)
                path = f"clusters.{id_}.{part}"
                if item is not None and item.kind != kind:
                    yield scope.problem(path, f"`{name}` is a {item.kind}", f"hardware `kind: {kind}`")
                if item is not None and item.carries:
                    yield scope.problem(path, f"`{name}` carries `{item.carries[0]}`", "hardware that carries nothing")
                if first.setdefault(name, id_) != id_:
                    yield scope.problem(path, f"`{name}` is of `{first[name]}` already", "hardware of its own")


def machines_run_on_hosts(scope: Scope) -> Iterator[Problem]:
    """A machine runs on the host of a cluster, of the zone and at the site of its segment."""
    clusters = clusters_of_hosts(scope)
    for id_, machine in scope.records.virtual_machines.items():
        if machine.host not in scope.records.hardware or not scope.whole("clusters"):
            continue
        path = f"virtual_machines.{id_}"
        cluster = scope.records.clusters.get(clusters.get(machine.host, ""))
        if cluster is None:
            yield scope.problem(f"{path}.host", f"`{machine.host}` is of no cluster", "the host of a cluster")
            continue
        zone, site = zone_of(scope, machine.segment), site_of(scope, machine.segment)
        if zone is not None and zone != cluster.zone:
            found = f"`{machine.segment}` is in the zone `{zone}`, its host in `{cluster.zone}`"
            yield scope.problem(f"{path}.segment", found, "a segment of the host's zone")
        stands = site_of_hardware(scope, machine.host)
        if site is not None and stands is not None and site != stands:
            found = f"`{machine.segment}` is at `{site}`, its host at `{stands}`"
            yield scope.problem(f"{path}.segment", found, "a segment at the host's site")


def machines_stand_with_their_city(scope: Scope) -> Iterator[Problem]:
    """A city's machine stands on no other city's segment."""
    for id_, machine in scope.records.virtual_machines.items():
        segment = segment_of(scope, machine.segment)
        cities = {machine.city, segment.city if segment else None} - {None}
        if segment and segment.city and segment.city != machine.city and cities <= scope.names("cities"):
            found = f"`{machine.segment}` belongs to `{segment.city}`"
            yield scope.problem(f"virtual_machines.{id_}.segment", found, "a segment of its own city, or of none")


def hosts_hold_their_machines(scope: Scope) -> Iterator[Problem]:
    """No host is given more than it has, nor is a cluster whose largest hosts are gone, nor its disks."""
    clusters, sizes = clusters_of_hosts(scope), scope.records.machine_sizes
    by_host: dict[str, list[VirtualMachine]] = {}
    for machine in scope.records.virtual_machines.values():
        if machine.size in sizes:
            by_host.setdefault(machine.host, []).append(machine)
    for id_, cluster in scope.records.clusters.items():
        own = {name: host for name, host in cluster.hosts.items() if clusters.get(name) == id_}
        for name, host in own.items():
            has = (host.cpus * cluster.cpu_ratio, host.memory_bytes)
            yield from _excess(scope, f"clusters.{id_}.hosts.{name}", by_host.get(name, []), has, "")
        left = _left(cluster)
        machines = [machine for name in own for machine in by_host.get(name, [])]
        without = f" without {cluster.tolerates} of its hosts" if cluster.tolerates else ""
        yield from _excess(scope, f"clusters.{id_}", machines, left, without)
        disk = sum(sizes[machine.size].disk_bytes for machine in machines)
        if disk > cluster.disk_bytes:
            found = f"its machines fill {disk / _GIB:g} GiB of {cluster.disk_bytes / _GIB:g} GiB"
            yield scope.problem(f"clusters.{id_}.disk", found, "as much disk as its machines fill")


def systems_have_a_lifecycle(scope: Scope) -> Iterator[Problem]:
    """What a machine runs is an operating system, so that its end of support is told."""
    for id_, machine in scope.records.virtual_machines.items():
        row = scope.records.lifecycles.get(machine.os)
        if row is not None and row.kind != "operating-system":
            found = f"`{machine.os}` is a {row.kind}"
            yield scope.problem(f"virtual_machines.{id_}.os", found, "a lifecycle `kind: operating-system`")


def segments_have_their_vlan(scope: Scope) -> Iterator[Problem]:
    """A VLAN serves once at a site, whether its segment is realised or designed."""
    first: dict[tuple[str, int], str] = {}
    for id_, segment in scope.records.every_segment.items():
        if segment.vlan is None:
            continue
        other = first.setdefault((segment.site, segment.vlan), id_)
        if other != id_ and id_ in scope.records.designed_segments:
            found = f"VLAN {segment.vlan} is that of `{other}` at `{segment.site}`"
            yield scope.problem(f"designed_segments.{id_}.vlan", found, "a VLAN of its own")


def clusters_of_hosts(scope: Scope) -> dict[str, str]:
    """Return the cluster of each host; the first where a host is named by several."""
    found: dict[str, str] = {}
    for id_, cluster in scope.records.clusters.items():
        for name in cluster.hosts:
            found.setdefault(name, id_)
    return found


def segment_of(scope: Scope, id_: str) -> Segment | DesignedSegment | None:
    """Return a segment, realised or designed, None where it is not there."""
    return scope.records.segments.get(id_) or scope.records.designed_segments.get(id_)


def zone_of(scope: Scope, segment: str) -> str | None:
    """Return the zone of a segment, None where one of the two is not there."""
    found = segment_of(scope, segment)
    return found.zone if found and found.zone in scope.names("zones") else None


def site_of(scope: Scope, segment: str) -> str | None:
    """Return the site of a segment, None where one of the two is not there."""
    found = segment_of(scope, segment)
    return found.site if found and found.site in scope.names("sites") else None


def site_of_hardware(scope: Scope, id_: str) -> str | None:
    """Return the site of the room of the rack that hardware stands in."""
    item = scope.records.hardware.get(id_)
    rack = scope.records.racks.get(item.rack) if item else None
    room = scope.records.rooms.get(rack.room) if rack else None
    return room.site if room else None


def _left(cluster: Cluster) -> tuple[float, float]:
    """Return virtual CPUs and bytes of memory of a cluster whose largest hosts are gone."""
    cpus = sorted(host.cpus * cluster.cpu_ratio for host in cluster.hosts.values())
    memory = sorted(host.memory_bytes for host in cluster.hosts.values())
    count = max(0, len(cpus) - cluster.tolerates)
    return sum(cpus[:count]), sum(memory[:count])


def _excess(
    scope: Scope, path: str, machines: list[VirtualMachine], has: tuple[float, float], without: str
) -> Iterator[Problem]:
    sizes = scope.records.machine_sizes
    cpus = sum(sizes[machine.size].cpus for machine in machines)
    memory = sum(sizes[machine.size].memory_bytes for machine in machines)
    if cpus > has[0]:
        found = f"its machines have {cpus} virtual CPUs, it has {has[0]:g}{without}"
        yield scope.problem(path, found, "as many CPUs as its machines need")
    if memory > has[1]:
        found = f"its machines have {memory / _GIB:g} GiB of memory, it has {has[1] / _GIB:g} GiB{without}"
        yield scope.problem(path, found, "as much memory as its machines need")
