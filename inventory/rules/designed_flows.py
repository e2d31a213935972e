"""Rules on flows of the design: what is needed is permitted, nothing else is, no zone is left without a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from inventory.models.design import DesignedFlow
from inventory.problems import Problem
from inventory.rules.designed_services import references_exist as instances_are_known
from inventory.rules.platform import references_exist as machines_are_known
from inventory.rules.platform import zone_of
from inventory.rules.scope import Scope
from inventory.rules.segments import references_exist as segments_are_known
from inventory.rules.services import instances_exist as realised_are_known

Reach = tuple[str, str]
"""A segment and a segment that what stands on it may reach."""


def ends_exist(scope: Scope) -> Iterator[Problem]:
    """A flow runs from segments, services or zones to a service or a zone."""
    sources = ("segments", "designed_segments", "designed_services", "services", "zones")
    for id_, flow in scope.records.designed_flows.items():
        for index, name in enumerate(flow.sources):
            path = f"designed_flows.{id_}.sources.{index}"
            yield from scope.unknown(path, "segment, service or zone", name, *sources)
        path = f"designed_flows.{id_}.destination"
        yield from scope.unknown(path, "service or zone", flow.destination, *sources[2:])


def needs_are_permitted(scope: Scope) -> Iterator[Problem]:
    """Users reach their service, services what they need, use and administer: on one segment, or by a flow."""
    if not whole(scope):
        return
    wanted = Wanted(scope)
    for path, source, service, port in wanted.calls:
        flows = [flow for flow in scope.records.designed_flows.values() if port in flow.ports]
        if not any(wanted.covers(flow, source, service) for flow in flows):
            yield scope.problem(path, f"no flow lets `{source}` reach `{service}`", f"a designed flow with {port}")
    for id_, administrator in scope.records.designed_services.items():
        for index, zone in enumerate(administrator.administers):
            every = scope.records.designed_flows.values()
            if not any(flow.destination == zone and id_ in flow.sources for flow in every):
                found = f"no flow lets `{id_}` reach `{zone}`"
                yield scope.problem(f"designed_services.{id_}.administers.{index}", found, "a designed flow")


def flows_are_needed(scope: Scope) -> Iterator[Problem]:
    """Each source and each port of a flow answers a need; what nobody needs is not permitted."""
    if not whole(scope):
        return
    wanted = Wanted(scope)
    for id_, flow in scope.records.designed_flows.items():
        path = f"designed_flows.{id_}"
        if flow.destination in scope.records.zones:
            for index, name in enumerate(flow.sources):
                service = scope.records.designed_services.get(name)
                if service is None or flow.destination not in service.administers:
                    found = f"`{name}` does not administer `{flow.destination}`"
                    yield scope.problem(f"{path}.sources.{index}", found, "a service that does")
            continue
        calls = [call for call in wanted.calls if call[2] == flow.destination]
        for index, name in enumerate(flow.sources):
            alone = flow.model_copy(update={"sources": (name,)})
            if not any(wanted.covers(alone, source, to, any) for _, source, to, _ in calls):
                found = f"nothing in `{name}` needs `{flow.destination}` by a router"
                yield scope.problem(f"{path}.sources.{index}", found, "a source that does")
        for index, port in enumerate(flow.ports):
            if calls and port not in {call[3] for call in calls}:
                found = f"`{flow.destination}` does not listen on {port}"
                yield scope.problem(f"{path}.ports.{index}", found, "a port of the service")


def crossings_have_a_reason(scope: Scope) -> Iterator[Problem]:
    """What leaves its zone says why it may; what stays in it has nothing to say."""
    if not whole(scope):
        return
    wanted = Wanted(scope)
    for id_, flow in scope.records.designed_flows.items():
        crosses = wanted.crosses(flow)
        path = f"designed_flows.{id_}"
        if crosses and not flow.crossing:
            found = f"leaves `{crosses[0]}` for `{crosses[1]}` without a reason"
            yield scope.problem(path, found, "`crossing`: why it may")
        if flow.crossing and not crosses:
            yield scope.problem(f"{path}.crossing", "the flow stays in its zone", "no `crossing`")


class Wanted:
    """What must reach what: `calls` are `(path, segment or service, service, port)`, only where a router is passed."""

    def __init__(self, scope: Scope) -> None:
        """Collect the calls of an estate's designed services."""
        self.scope = scope
        self.calls: list[tuple[str, str, str, str]] = []
        records = scope.records
        for id_, service in records.designed_services.items():
            for name, instance in service.instances.items():
                for index, users in enumerate(instance.users):
                    path = f"designed_services.{id_}.instances.{name}.users.{index}"
                    self._call(path, users, id_, {users}, self.segments(id_, instance.city))
            for part in ("needs", "uses"):
                for index, other in enumerate(getattr(service, part)):
                    path = f"designed_services.{id_}.{part}.{index}"
                    pairs = self.reaches(id_, other)
                    if any(a != z for a, z in pairs):
                        self.calls += [(path, id_, other, port) for port in self.ports(other)]

    def _call(self, path: str, source: str, service: str, sources: set[str], destinations: set[str]) -> None:
        if any(a != z for a, z in product(sources, destinations)):
            self.calls += [(path, source, service, port) for port in self.ports(service)]

    def ports(self, service: str) -> tuple[str, ...]:
        """Return where a service listens."""
        designed = self.scope.records.designed_services.get(service)
        return designed.ports if designed else (f"tcp/{self.scope.records.services[service].port}",)

    def cities(self, service: str) -> set[str | None]:
        """Return the cities for which a service has an instance; None where one serves all."""
        designed = self.scope.records.designed_services.get(service)
        if designed:
            return {instance.city for instance in designed.instances.values()}
        return set(self.scope.records.services[service].instances)

    def segments(self, service: str, city: str | None) -> set[str]:
        """Return the segments of a service's instance for a city."""
        records = self.scope.records
        designed = records.designed_services.get(service)
        if designed:
            machines = [name for one in designed.instances.values() if one.city == city for name in one.runs_on]
            return {records.virtual_machines[name].segment for name in machines}
        instance = records.services[service].instances.get(city or "")
        ports = records.devices[instance.application].interfaces.values() if instance else ()
        return {port.segment for port in ports if port.segment}

    def reaches(self, a: str, z: str) -> set[Reach]:
        """Return the pairs of segments between which service `a` reaches `z`, each city its own instance."""
        found: set[Reach] = set()
        for one, other in product(self.cities(a), self.cities(z)):
            if one is None or other is None or one == other:
                found |= set(product(self.segments(a, one), self.segments(z, other)))
        return found

    def covers(self, flow: DesignedFlow, source: str, service: str, judge: Callable[[list[bool]], bool] = all) -> bool:
        """Tell whether a flow lets a segment, or every (or, by `any`, some) instance of a service, reach a service."""
        if flow.destination != service:
            return False
        if source in flow.sources:
            return True
        records = self.scope.records
        if source in records.designed_services:
            segments = {segment for city in self.cities(source) for segment in self.segments(source, city)}
        else:
            segments = {source}
        named = set(flow.sources)
        permitted = [bool({segment, zone_of(self.scope, segment)} & named) for segment in segments]
        return bool(permitted) and judge(permitted)

    def zones(self, end: str) -> set[str]:
        """Return the zones of a flow's end: of a segment, of a service's instances, or the zone itself."""
        records = self.scope.records
        if end in records.zones:
            return {end}
        if end in records.designed_services or end in records.services:
            segments = {segment for city in self.cities(end) for segment in self.segments(end, city)}
        else:
            segments = {end}
        return {zone for segment in segments if (zone := zone_of(self.scope, segment))}

    def crosses(self, flow: DesignedFlow) -> tuple[str, str] | None:
        """Return the first two zones between which a flow passes, None where it stays in one."""
        pairs = [(a, z) for name in flow.sources for a in self.zones(name) for z in self.zones(flow.destination)]
        return min(((a, z) for a, z in pairs if a != z), default=None)


def whole(scope: Scope) -> bool:
    """Tell whether every name that a flow or a service of the design gives is there."""
    sections = ("designed_services", "designed_flows", "designed_segments", "segments", "virtual_machines", "devices")
    if not scope.whole(*sections, "services", "zones"):
        return False
    ground = (ends_exist, instances_are_known, machines_are_known, segments_are_known, realised_are_known)
    return not any(problem for rule in ground for problem in rule(scope))
