"""Rules on appliances and switches that stand in for each other."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Pairs and groups are of hardware; firewalls part zones, switches carry segments."""
    for id_, pair in scope.records.appliance_pairs.items():
        for index, name in enumerate(pair.members):
            yield from scope.unknown(f"appliance_pairs.{id_}.members.{index}", "hardware", name, "hardware")
        for index, name in enumerate(pair.zones):
            yield from scope.unknown(f"appliance_pairs.{id_}.zones.{index}", "zone", name, "zones")
    for id_, group in scope.records.switch_groups.items():
        path = f"switch_groups.{id_}"
        for part in ("members", "attaches"):
            for index, name in enumerate(getattr(group, part)):
                yield from scope.unknown(f"{path}.{part}.{index}", "hardware", name, "hardware")
        for index, name in enumerate(group.segments):
            segment = scope.unknown(f"{path}.segments.{index}", "segment", name, "segments", "designed_segments")
            yield from segment


def pairs_stand_apart(scope: Scope) -> Iterator[Problem]:
    """The two of a pair are of one kind and in two racks; so are the switches of a group."""
    hardware = scope.records.hardware
    named = [
        *((f"appliance_pairs.{id_}", pair.members) for id_, pair in scope.records.appliance_pairs.items()),
        *((f"switch_groups.{id_}", group.members) for id_, group in scope.records.switch_groups.items()),
    ]
    for path, members in named:
        items = [hardware[name] for name in members if name in hardware]
        kinds = {item.kind for item in items}
        expected = "switch" if path.startswith("switch_groups") else "firewall or load-balancer"
        wrong = sorted(kind for kind in kinds if kind not in expected)
        if wrong or len(kinds) > 1:
            found = f"is made of {' and '.join(sorted(kinds))}"
            yield scope.problem(f"{path}.members", found, f"members of one kind, {expected}")
        racks = [item.rack for item in items]
        if len(set(racks)) < len(racks):
            yield scope.problem(f"{path}.members", f"stand together in `{racks[0]}`", "members in different racks")


def firewalls_part_the_zones(scope: Scope) -> Iterator[Problem]:
    """Firewalls part two zones or more, load balancers none."""
    for id_, pair in scope.records.appliance_pairs.items():
        item = scope.records.hardware.get(pair.members[0])
        if item is not None and item.kind == "firewall" and len(set(pair.zones)) < 2:
            yield scope.problem(f"appliance_pairs.{id_}.zones", "parts nothing", "the zones that it parts")
        if item is not None and item.kind == "load-balancer" and pair.zones:
            yield scope.problem(f"appliance_pairs.{id_}.zones", "a load balancer parts no zones", "no `zones`")


def switches_have_ports(scope: Scope) -> Iterator[Problem]:
    """What is attached to a group of switches finds a port on each."""
    for id_, group in scope.records.switch_groups.items():
        if len(group.attaches) > group.ports:
            found = f"attaches {len(group.attaches)} machines to {group.ports} ports a switch"
            yield scope.problem(f"switch_groups.{id_}.ports", found, f"at least {len(group.attaches)} ports")


def machines_have_two_switches(scope: Scope) -> Iterator[Problem]:
    """Where groups of switches are listed, hosts, storage and appliances are attached to two switches or more."""
    records = scope.records
    if not records.switch_groups or not scope.whole("switch_groups"):
        return
    switches: dict[str, set[str]] = {}
    for group in records.switch_groups.values():
        for name in group.attaches:
            switches.setdefault(name, set()).update(group.members)
    for id_, cluster in records.clusters.items():
        for name in (*cluster.hosts, *cluster.storage):
            if name in records.hardware and len(switches.get(name, ())) < 2:
                found = f"`{name}` is attached to {len(switches.get(name, ()))} of the switches"
                yield scope.problem(f"clusters.{id_}", found, "a group of two switches that `attaches` it")
    for id_, pair in records.appliance_pairs.items():
        for name in pair.members:
            if name in records.hardware and len(switches.get(name, ())) < 2:
                found = f"`{name}` is attached to {len(switches.get(name, ()))} of the switches"
                yield scope.problem(f"appliance_pairs.{id_}", found, "a group of two switches that `attaches` it")


def switches_carry_their_segments(scope: Scope) -> Iterator[Problem]:
    """Where groups of switches are listed, the switches of a host carry the segments of its machines."""
    records = scope.records
    if not records.switch_groups or not scope.whole("switch_groups"):
        return
    carried: dict[str, set[str]] = {}
    for group in records.switch_groups.values():
        for name in group.attaches:
            carried.setdefault(name, set()).update(group.segments)
    for id_, machine in records.virtual_machines.items():
        if machine.host in carried and machine.segment not in carried[machine.host]:
            found = f"no switch of `{machine.host}` carries `{machine.segment}`"
            yield scope.problem(f"virtual_machines.{id_}.segment", found, "a segment of the host's switches")
