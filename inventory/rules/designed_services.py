"""Rules on services of the design: what they are of, whom they serve, on which machines, in which zone."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.design import DesignedInstance, DesignedService, StoreInstance
from inventory.problems import Problem
from inventory.rules.circles import circle
from inventory.rules.platform import segment_of, zone_of
from inventory.rules.scope import Scope

Part = tuple[str, DesignedInstance | StoreInstance]


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Services name groups, functions, services and zones; instances cities, zones, machines, pairs and segments."""
    for id_, service in scope.records.designed_services.items():
        path = f"designed_services.{id_}"
        yield from scope.unknown(f"{path}.group", "group", service.group, "system_groups")
        for index, name in enumerate(service.functions):
            yield from scope.unknown(f"{path}.functions.{index}", "function", name, "functions")
        for part in ("needs", "uses"):
            for index, name in enumerate(getattr(service, part)):
                yield from scope.unknown(f"{path}.{part}.{index}", "service", name, "designed_services", "services")
        for index, name in enumerate(service.administers):
            yield from scope.unknown(f"{path}.administers.{index}", "zone", name, "zones")
    yield from _of_instances(scope)


def _of_instances(scope: Scope) -> Iterator[Problem]:
    for path, _, instance in instances(scope):
        yield from scope.unknown(f"{path}.city", "city", instance.city, "cities")
        yield from scope.unknown(f"{path}.zone", "zone", instance.zone, "zones")
        yield from scope.unknown(f"{path}.behind", "pair of appliances", instance.behind, "appliance_pairs")
        for index, name in enumerate(instance.users):
            yield from scope.unknown(f"{path}.users.{index}", "segment", name, "segments", "designed_segments")
        for part_path, part in parts(path, instance):
            for index, name in enumerate(part.runs_on):
                where = f"{part_path}.runs_on.{index}"
                yield from scope.unknown(where, "virtual machine", name, "virtual_machines")


def functions_are_served(scope: Scope) -> Iterator[Problem]:
    """Where services are designed, every function is served, or says why not; so is every group without functions."""
    records = scope.records
    if not records.designed_services or not scope.whole("services", "designed_services", "functions", "system_groups"):
        return
    served = {name for realised in records.services.values() for name in realised.functions}
    served |= {name for service in records.designed_services.values() for name in service.functions}
    for id_, function in records.functions.items():
        if id_ not in served and not function.not_served:
            yield scope.problem(f"functions.{id_}", "is served by no service", "a service of it, or `not_served`")
        if id_ in served and function.not_served:
            found = "is served, and says why not"
            yield scope.problem(f"functions.{id_}.not_served", found, "no `not_served`")
    groups = {function.group for function in records.functions.values()}
    groups |= {service.group for service in records.designed_services.values()}
    for id_ in records.system_groups:
        if id_ not in groups:
            yield scope.problem(f"system_groups.{id_}", "has no function and no service", "a service of the group")


def functions_are_of_the_group(scope: Scope) -> Iterator[Problem]:
    """A service serves functions of its own group."""
    for id_, service in scope.records.designed_services.items():
        for index, name in enumerate(service.functions):
            function = scope.records.functions.get(name)
            if function and function.group != service.group and function.group in scope.names("system_groups"):
                found = f"`{name}` is of the group `{function.group}`"
                yield scope.problem(f"designed_services.{id_}.functions.{index}", found, f"one of `{service.group}`")


def dependencies_have_no_circle(scope: Scope) -> Iterator[Problem]:
    """No service needs itself, however far around: it could never be started."""
    services = scope.records.designed_services
    before = {id_: {name for name in one.needs if name in services} for id_, one in services.items()}
    for id_ in sorted(circle(before)):
        yield scope.problem(f"designed_services.{id_}.needs", "needs itself in a circle", "services that start first")


def redundancy_is_as_stated(scope: Scope) -> Iterator[Problem]:
    """One machine is single, and the service says why; more stand in for each other and can lose one."""
    for path, service, instance in instances(scope):
        for part_path, part in parts(path, instance):
            count = len(part.runs_on)
            if (part.mode == "single") != (count == 1):
                found = f"{part.mode} on {count} machine{'s' if count > 1 else ''}"
                yield scope.problem(f"{part_path}.mode", found, "`single` on one machine, another mode on more")
            elif part.mode == "single" and not service.single:
                expected = "`single` in the service: why one machine does"
                yield scope.problem(f"{part_path}.mode", "has no machine that stands in", expected)
        if len(instance.runs_on) > 1 and instance.needed >= len(instance.runs_on):
            found = f"needs {instance.needed} of {len(instance.runs_on)} machines"
            yield scope.problem(f"{path}.needed", found, "one machine more than are needed")


def redundant_machines_stand_apart(scope: Scope) -> Iterator[Problem]:
    """Machines that stand in for each other run on different hosts, in different racks."""
    records = scope.records
    for path, _, instance in instances(scope):
        for part_path, part in parts(path, instance):
            machines = [records.virtual_machines[name] for name in part.runs_on if name in records.virtual_machines]
            hosts = [machine.host for machine in machines if machine.host in records.hardware]
            racks = [records.hardware[host].rack for host in hosts]
            for what, places in (("on the same host", hosts), ("in the same rack", racks)):
                twice = sorted({place for place in places if places.count(place) > 1})
                if twice:
                    found = f"two of its machines run {what}, `{twice[0]}`"
                    yield scope.problem(f"{part_path}.runs_on", found, "machines on hosts in different racks")
                    break


def zones_are_consistent(scope: Scope) -> Iterator[Problem]:
    """An instance and its stores stand in its zone."""
    for path, _, instance in instances(scope):
        for part_path, part in parts(path, instance):
            for index, name in enumerate(part.runs_on):
                machine = scope.records.virtual_machines.get(name)
                zone = zone_of(scope, machine.segment) if machine else None
                if zone is not None and zone != instance.zone:
                    found = f"`{name}` is in the zone `{zone}`"
                    yield scope.problem(f"{part_path}.runs_on.{index}", found, f"a machine in `{instance.zone}`")


def cities_keep_to_themselves(scope: Scope) -> Iterator[Problem]:
    """Single tenant: machines, stores and users of a city's instance are the city's; a shared one says why."""
    records = scope.records
    for path, service, instance in instances(scope):
        group = records.system_groups.get(service.group)
        pattern = records.patterns.get(group.pattern) if group else None
        if instance.city is None and pattern and pattern.tenancy == "single-tenant" and not service.shared:
            found = "serves every city, and its group is single tenant"
            yield scope.problem(path, found, "a `city`, or `shared` in the service: why one instance may serve all")
        for part_path, part in parts(path, instance):
            for index, name in enumerate(part.runs_on):
                machine = records.virtual_machines.get(name)
                if machine is not None and machine.city != instance.city:
                    owner = f"`{machine.city}`" if machine.city else "no city"
                    mine = f"`{instance.city}`" if instance.city else "no city"
                    where = f"{part_path}.runs_on.{index}"
                    yield scope.problem(where, f"`{name}` belongs to {owner}", f"a machine of {mine}")
        for index, name in enumerate(instance.users):
            segment = segment_of(scope, name)
            if segment is not None and instance.city is not None and segment.city not in {None, instance.city}:
                found = f"`{name}` belongs to `{segment.city}`"
                yield scope.problem(f"{path}.users.{index}", found, f"a segment of `{instance.city}`")


def cities_have_one_instance(scope: Scope) -> Iterator[Problem]:
    """A service has one instance for a city, so that a flow to it means one thing."""
    for id_, service in scope.records.designed_services.items():
        first: dict[str | None, str] = {}
        for name, instance in service.instances.items():
            other = first.setdefault(instance.city, name)
            if other != name:
                found = f"`{other}` is for {f'`{instance.city}`' if instance.city else 'every city'} already"
                yield scope.problem(f"designed_services.{id_}.instances.{name}", found, "one instance for each city")


def stores_are_placed(scope: Scope) -> Iterator[Problem]:
    """An instance places every store of its service, and no other."""
    for path, service, instance in instances(scope):
        for name in service.stores:
            if name not in instance.stores:
                yield scope.problem(path, f"does not say where `{name}` is kept", f"`stores` with `{name}`")
        for name in instance.stores:
            if name not in service.stores:
                found = f"no store `{name}` in the service"
                yield scope.problem(f"{path}.stores.{name}", found, "a store that the service lists")


def stores_fit_their_machine(scope: Scope) -> Iterator[Problem]:
    """The stores on a machine are no larger than its disk."""
    records = scope.records
    kept: dict[str, float] = {}
    for _, _, instance in instances(scope):
        for store in instance.stores.values():
            for name in store.runs_on:
                kept[name] = kept.get(name, 0.0) + store.size_bytes
    for name, size_bytes in kept.items():
        machine = records.virtual_machines.get(name)
        size = records.machine_sizes.get(machine.size) if machine else None
        if size is not None and size_bytes > size.disk_bytes:
            found = f"its stores take {size_bytes / 1e9:.1f} GB of {size.disk_bytes / 1e9:.1f} GB"
            yield scope.problem(f"virtual_machines.{name}.size", found, "a size with as much disk")


def machines_run_something(scope: Scope) -> Iterator[Problem]:
    """A machine runs a service or keeps a store; a port of it serves one service."""
    if not scope.whole("designed_services"):
        return
    used: set[str] = set()
    first: dict[tuple[str, str], str] = {}
    for path, service, instance in instances(scope):
        id_ = path.split(".")[1]
        used |= {name for _, part in parts(path, instance) for name in part.runs_on}
        for name in instance.runs_on:
            for port in service.ports:
                other = first.setdefault((name, port), id_)
                if other != id_:
                    found = f"`{other}` listens on {port} of `{name}` already"
                    yield scope.problem(f"{path}.runs_on", found, "another port or another machine")
    for name in scope.records.virtual_machines:
        if name not in used:
            yield scope.problem(f"virtual_machines.{name}", "runs nothing", "a service or a store on it")


def balancers_are_pairs(scope: Scope) -> Iterator[Problem]:
    """What stands in front of an instance are load balancers."""
    records = scope.records
    for path, _, instance in instances(scope):
        pair = records.appliance_pairs.get(instance.behind or "")
        item = records.hardware.get(pair.members[0]) if pair else None
        if item is not None and item.kind != "load-balancer":
            yield scope.problem(f"{path}.behind", f"`{instance.behind}` is a {item.kind}", "a pair of load balancers")
        elif pair is not None and instance.mode != "active-active":
            found = f"nothing to balance on machines that are {instance.mode}"
            yield scope.problem(f"{path}.behind", found, "`mode: active-active`")


def instances(scope: Scope) -> Iterator[tuple[str, DesignedService, DesignedInstance]]:
    """Yield `(path, service, instance)` for every instance of every designed service."""
    for id_, service in scope.records.designed_services.items():
        for name, instance in service.instances.items():
            yield f"designed_services.{id_}.instances.{name}", service, instance


def parts(path: str, instance: DesignedInstance) -> Iterator[Part]:
    """Yield the parts of an instance that run on machines: itself, then its stores, each with its path."""
    yield path, instance
    for name, store in instance.stores.items():
        yield f"{path}.stores.{name}", store
