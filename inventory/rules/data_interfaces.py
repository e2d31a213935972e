"""Rules on data interfaces: who hands what to whom, by which way; and that no handover is left undescribed."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.data_interfaces import DataInterface
from inventory.problems import Problem
from inventory.rules.designed_flows import Wanted
from inventory.rules.designed_flows import whole as design_is_whole
from inventory.rules.platform import zone_of
from inventory.rules.scope import Scope

ENDS = ("system_groups", "services", "designed_services", "emergency_counters", "outside_systems")
"""The sections whose entries hand data over."""


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Ends are systems, jobs are jobs, a flow is one of the design."""
    for id_, one in scope.records.data_interfaces.items():
        path = f"data_interfaces.{id_}"
        yield from scope.unknown(f"{path}.source", "system", one.source, *ENDS)
        for index, name in enumerate(one.destinations):
            yield from scope.unknown(f"{path}.destinations.{index}", "system", name, *ENDS)
        for index, name in enumerate(one.jobs):
            yield from scope.unknown(f"{path}.jobs.{index}", "job", name, "jobs")
        yield from scope.unknown(f"{path}.city", "city", one.city, "cities")
        yield from scope.unknown(f"{path}.flow", "flow", one.flow, "designed_flows")


def ends_differ(scope: Scope) -> Iterator[Problem]:
    """Nothing hands data to itself, nothing twice to the same, and one end at least is the estate's own."""
    outside = scope.names("outside_systems")
    for id_, one in scope.records.data_interfaces.items():
        path = f"data_interfaces.{id_}.destinations"
        for index, name in enumerate(one.destinations):
            if name == one.source or name in one.destinations[:index]:
                yield scope.problem(f"{path}.{index}", f"`{name}` stands there already", "another system")
        if {one.source, *one.destinations} <= outside:
            yield scope.problem(path, "both ends are outside the estate", "a system of the estate")


def media_have_their_port(scope: Scope) -> Iterator[Problem]:
    """What goes over the network says where the called side listens; what is carried does not."""
    for id_, one in scope.records.data_interfaces.items():
        if one.medium == "portable-medium" and one.port:
            found = f"a portable medium does not listen on {one.port}"
            yield scope.problem(f"data_interfaces.{id_}.port", found, "no `port`")
        if one.medium != "portable-medium" and not one.port:
            yield scope.problem(f"data_interfaces.{id_}", "says no port", "a `port` such as `tcp/443`")


def ports_are_those_of_the_called(scope: Scope) -> Iterator[Problem]:
    """A service that is called by name listens on the port, for itself or for one of its stores."""
    records = scope.records
    for id_, one in records.data_interfaces.items():
        called = one.destinations if one.direction == "push" else (one.source,)
        for name in called if one.port else ():
            designed, realised = records.designed_services.get(name), records.services.get(name)
            ports = {*designed.ports, *(store.port for store in designed.stores.values())} if designed else set()
            ports |= {f"tcp/{realised.port}"} if realised else set()
            if ports and one.port not in ports:
                found = f"`{name}` does not listen on {one.port}"
                yield scope.problem(f"data_interfaces.{id_}.port", found, f"one of {', '.join(sorted(ports))}")


def jobs_move_what_is_theirs(scope: Scope) -> Iterator[Problem]:
    """A job that moves the data is of the group of an end, runs as often, and in the interface's city."""
    for id_, one in scope.records.data_interfaces.items():
        groups = {group for end in (one.source, *one.destinations) for group in groups_of(scope, end)}
        for index, name in enumerate(one.jobs):
            job = scope.records.jobs.get(name)
            path = f"data_interfaces.{id_}.jobs.{index}"
            if job is None:
                continue
            if job.group not in groups:
                yield scope.problem(path, f"`{name}` is a job of `{job.group}`, which is no end", "a job of an end")
            if job.calendar != one.frequency:
                found = f"`{name}` is {job.calendar}, the interface {one.frequency}"
                yield scope.problem(path, found, "a job that runs as often")
            if one.city not in {None, job.city}:
                yield scope.problem(path, f"`{name}` is a job of `{job.city}`", f"a job of `{one.city}`")


def counters_get_their_citys_data(scope: Scope) -> Iterator[Problem]:
    """An emergency counter is one city's, so what it gets is that city's."""
    for id_, one in scope.records.data_interfaces.items():
        for end in (one.source, *one.destinations):
            counter = scope.records.emergency_counters.get(end)
            if counter is not None and counter.city != one.city:
                found = f"`{end}` is of `{counter.city}`"
                yield scope.problem(f"data_interfaces.{id_}", found, f"`city: {counter.city}`")


def zones_are_left_by_a_flow(scope: Scope) -> Iterator[Problem]:
    """From zone to zone data go by a flow that is permitted, and that fits; personal data say why they may."""
    if not design_is_whole(scope) or any(references_exist(scope)):
        return
    wanted = Wanted(scope)
    for id_, one in scope.records.data_interfaces.items():
        path = f"data_interfaces.{id_}"
        crosses = crossing(wanted, one)
        leaves = crosses is not None or bool({one.source, *one.destinations} & scope.names("outside_systems"))
        if crosses and one.medium != "portable-medium" and one.flow is None:
            yield scope.problem(
                path, f"leaves `{crosses[0]}` for `{crosses[1]}` by no flow", "a `flow` that permits it"
            )
        if one.flow is not None:
            yield from _fits(wanted, path, one)
        if leaves and one.personal and not one.crossing:
            yield scope.problem(path, "personal data leave their zone without a reason", "`crossing`: why they may")
        if one.crossing and not leaves:
            yield scope.problem(f"{path}.crossing", "the data stay in their zone", "no `crossing`")


def handovers_are_described(scope: Scope) -> Iterator[Problem]:
    """Where interfaces are listed, so is what a job takes over from another group's, and each flow between services."""
    records = scope.records
    if not records.data_interfaces or not scope.whole("data_interfaces", "jobs", "system_groups", "functions"):
        return
    described = {
        (source, destination)
        for one in records.data_interfaces.values()
        for source in groups_of(scope, one.source)
        for name in one.destinations
        for destination in groups_of(scope, name)
    }
    for id_, job in records.jobs.items():
        for index, name in enumerate(job.after):
            before = records.jobs.get(name)
            if before and before.group != job.group and (before.group, job.group) not in described:
                found = f"what `{before.group}` hands to `{job.group}` is no interface"
                yield scope.problem(f"jobs.{id_}.after.{index}", found, "a data interface between them")
    used = {one.flow for one in records.data_interfaces.values()}
    services = scope.names("services", "designed_services")
    for id_, flow in records.designed_flows.items():
        if id_ not in used and flow.destination in services and set(flow.sources) & services:
            found = f"what passes to `{flow.destination}` is no interface"
            yield scope.problem(f"designed_flows.{id_}", found, f"a data interface with `flow: {id_}`")


def outside_systems_are_met(scope: Scope) -> Iterator[Problem]:
    """A system outside the estate is listed because data go there or come from there."""
    ends = {end for one in scope.records.data_interfaces.values() for end in (one.source, *one.destinations)}
    for id_ in scope.records.outside_systems if scope.whole("data_interfaces") else ():
        if id_ not in ends:
            yield scope.problem(f"outside_systems.{id_}", "exchanges no data", "a data interface with it")


def groups_of(scope: Scope, end: str) -> frozenset[str]:
    """Return the groups of business systems that an end is, or serves; none for what is outside."""
    records = scope.records
    if end in records.designed_services:
        return frozenset({records.designed_services[end].group})
    if end in records.services:
        found = (records.functions.get(name) for name in records.services[end].functions)
        return frozenset(function.group for function in found if function)
    if end in records.emergency_counters:
        return frozenset(group for name in records.emergency_counters[end].replaces for group in groups_of(scope, name))
    return frozenset({end} & scope.names("system_groups"))


def crossing(wanted: Wanted, one: DataInterface) -> tuple[str, str] | None:
    """Return the first two zones between which an interface passes, None where it stays in one or ends have none."""
    scope = wanted.scope
    services = {*scope.records.services, *scope.records.designed_services}
    pairs = [
        (zone_of(scope, a), zone_of(scope, z))
        for name in one.destinations
        if {one.source, name} <= services
        for a, z in wanted.reaches(one.source, name)
    ]
    return min(((a, z) for a, z in pairs if a and z and a != z), default=None)


def _fits(wanted: Wanted, path: str, one: DataInterface) -> Iterator[Problem]:
    """Find that a flow does not let the calling end reach the called one, or not on the port."""
    scope = wanted.scope
    flow = scope.records.designed_flows[one.flow or ""]
    services = scope.names("services", "designed_services")
    for name in one.destinations:
        caller, called = (one.source, name) if one.direction == "push" else (name, one.source)
        if not {caller, called} <= services or not wanted.covers(flow, caller, called):
            found = f"`{one.flow}` does not lead from `{caller}` to `{called}`"
            yield scope.problem(f"{path}.flow", found, "a flow that leads there")
    if one.port not in flow.ports:
        yield scope.problem(f"{path}.flow", f"`{one.flow}` permits no {one.port}", "a flow with the port")
