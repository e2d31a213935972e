"""Rules on services: where their instances run, who uses them, and who tells the time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from inventory.models.devices import ServiceInstance
from inventory.models.network import Flow
from inventory.problems import Problem
from inventory.rules.flows import ends_exist, segments_of
from inventory.rules.scope import Scope

_Instance = tuple[str, str, ServiceInstance]
_TcpFlows = dict[tuple[str, str], list[Flow]]


def instances_exist(scope: Scope) -> Iterator[Problem]:
    """An instance names a city, two devices and a segment of users."""
    for path, city, instance in _instances(scope):
        yield from scope.unknown(path, "city", city, "cities")
        yield from scope.unknown(f"{path}.application", "device", instance.application, "devices")
        yield from scope.unknown(f"{path}.database", "device", instance.database, "devices")
        yield from scope.unknown(f"{path}.users", "segment", instance.users, "segments")


def functions_exist(scope: Scope) -> Iterator[Problem]:
    """A service serves business systems that are listed, each once: the application map is drawn from it."""
    for id_, service in scope.records.services.items():
        for index, name in enumerate(service.functions):
            path = f"services.{id_}.functions.{index}"
            yield from scope.unknown(path, "function", name, "functions")
            if name in service.functions[:index]:
                yield scope.problem(path, f"`{name}` stands twice", "each function once")


def time_servers_exist(scope: Scope) -> Iterator[Problem]:
    """Time servers are devices."""
    for index, server in enumerate(scope.records.time_service.servers):
        yield from scope.unknown(f"time_service.servers.{index}", "device", server, "devices")


def instances_have_the_right_roles(scope: Scope) -> Iterator[Problem]:
    """An application runs on an application server, its data on a database server."""
    for path, _, instance in _instances(scope):
        for role, name in (("application", instance.application), ("database", instance.database)):
            device = scope.records.devices.get(name)
            if device is not None and device.role != role:
                yield scope.problem(
                    f"{path}.{role}", f"`{name}` has the role {device.role}", f"a device `role: {role}`"
                )


def instances_stay_in_their_city(scope: Scope) -> Iterator[Problem]:
    """Single tenant: servers and users of an instance belong to its city."""
    known = {*scope.names("cities"), None}
    for path, city, instance in _instances(scope):
        parts = {
            "application": scope.records.devices.get(instance.application),
            "database": scope.records.devices.get(instance.database),
            "users": scope.records.segments.get(instance.users),
        }
        for part, record in parts.items():
            if record is not None and record.city != city and {record.city, city} <= known:
                owner = f"`{record.city}`" if record.city else "no city"
                found = f"`{getattr(instance, part)}` belongs to {owner}"
                yield scope.problem(f"{path}.{part}", found, f"one of `{city}`")


def services_are_reachable(scope: Scope) -> Iterator[Problem]:
    """All that is not a permitted flow is denied, so users need one to the application, and it to its database."""
    if not scope.whole("devices", "segments", "flows") or any(ends_exist(scope)):
        return
    astray = {
        problem.path.rpartition(".")[0]
        for rule in (instances_exist, instances_have_the_right_roles, instances_stay_in_their_city)
        for problem in rule(scope)
    }
    flows: _TcpFlows = {}
    for flow in scope.records.flows.values():
        if flow.protocol == "tcp":
            flows.setdefault((flow.source, flow.destination), []).append(flow)
    for id_, service in scope.records.services.items():
        for city, instance in service.instances.items():
            path = f"services.{id_}.instances.{city}"
            if path in astray:
                continue
            if not _permitted(scope, flows, instance.users, instance.application, service.port):
                found = f"no flow lets `{instance.users}` reach `{instance.application}`"
                yield scope.problem(f"{path}.users", found, f"a flow with tcp port {service.port}")
            if not _permitted(scope, flows, instance.application, instance.database, None):
                found = f"no flow lets `{instance.application}` reach `{instance.database}`"
                yield scope.problem(f"{path}.database", found, "a tcp flow, or both on one segment")


def ports_serve_one_service(scope: Scope) -> Iterator[Problem]:
    """Two services on one application server listen on different ports."""
    first: dict[tuple[str, int], str] = {}
    for id_, service in scope.records.services.items():
        for city, instance in service.instances.items():
            other = first.setdefault((instance.application, service.port), id_)
            if other != id_:
                found = f"`{other}` listens on port {service.port} of `{instance.application}` already"
                path = f"services.{id_}.instances.{city}.application"
                yield scope.problem(path, found, "another port or another server")


def time_servers_are_routers(scope: Scope) -> Iterator[Problem]:
    """Time is served from the address of a router that stays reachable whichever of its links fails."""
    for index, server in enumerate(scope.records.time_service.servers):
        device = scope.records.devices.get(server)
        if device is not None and device.role != "router":
            path = f"time_service.servers.{index}"
            yield scope.problem(path, f"`{server}` has the role {device.role}", "a device `role: router`")


def _instances(scope: Scope) -> Iterator[_Instance]:
    """Yield `(path, city, instance)` for every instance of every service."""
    for id_, service in scope.records.services.items():
        for city, instance in service.instances.items():
            yield f"services.{id_}.instances.{city}", city, instance


def _permitted(scope: Scope, flows: _TcpFlows, source: str, destination: str, port: int | None) -> bool:
    """Tell whether two ends share a segment or a TCP flow joins them, on `port` where one is given."""
    sources, destinations = segments_of(scope, source), segments_of(scope, destination)
    if not sources or not destinations or sources & destinations:
        return True
    for ends in product({source, *sources}, {destination, *destinations}):
        for flow in flows.get(ends, ()):
            low, high = flow.port_range or (0, -1)
            if port is None or port in flow.ports or low <= port <= high:
                return True
    return False
