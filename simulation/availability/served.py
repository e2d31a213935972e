"""What each service needs to serve a city, and each place of its users: derived from network, design and dependencies.

A realised service needs a way from its terminals to its application server, and from that to its database. A service
of the design needs enough machines, one machine of each store, a load balancer, a firewall of its zone, a way between
the sites, and every service that it needs. The same reading as `topology.designed_losses`.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Collection, Iterator

from inventory.models.design import DesignedInstance
from inventory.models.estate import Estate
from simulation.availability.dependencies import ALWAYS, Dependencies, at_least, either, every
from simulation.availability.structure import Need
from simulation.availability.ways import Ways
from topology.graph import build_graph
from topology.model import Network


@dataclasses.dataclass(frozen=True)
class Served:
    """A service of a city, or one place of its users (a terminal, or a segment of the design), and what it needs."""

    service: str
    city: str
    place: str | None
    need: Need

    @property
    def key(self) -> str:
        """`service@city`, and the place behind a slash."""
        return f"{self.service}@{self.city}" + (f"/{self.place}" if self.place else "")


class Services:
    """An estate's services, realised and designed, with what each needs; terminals themselves never fail."""

    def __init__(self, estate: Estate, network: Network, dependencies: Dependencies) -> None:
        """Build the wiring once."""
        self.records = records = estate.records
        self.network = network
        self.dependencies = dependencies
        self.ways = Ways(build_graph(network, estate))
        self.segments = records.every_segment
        self.at_site: dict[str, list[str]] = {}
        for node in network.nodes.values():
            self.at_site.setdefault(node.site, []).append(f"devices.{node.id}")
        self._joined = functools.cache(self._way)

    def all(self) -> Iterator[Served]:
        """Yield every service by city, realised first; places follow their service where there are several."""
        for id_, service in self.records.services.items():
            for city in service.instances:
                yield from self._with_places(id_, city)
        for id_, designed in self.records.designed_services.items():
            for city in self.records.cities:
                if any(one.city in (None, city) for one in designed.instances.values()):
                    yield from self._with_places(id_, city)

    def _with_places(self, service: str, city: str) -> Iterator[Served]:
        places = self._own(service, city)[1]
        yield Served(service, city, None, self._need(service, city, tuple(places)))
        if len(places) > 1:
            yield from (Served(service, city, place, self._need(service, city, (place,))) for place in places)

    def _need(self, service: str, city: str, places: tuple[str, ...]) -> Need:
        """Return the need of a service for some of its places, with all that the services need which it needs."""
        met: dict[str, None] = {}
        needs: list[Need] = []
        waiting = [service]
        while waiting:
            name = waiting.pop(0)
            if name in met:
                continue
            met[name] = None
            serves, reached = self._own(name, city)
            needs += [serves, *(need for place, need in reached.items() if name != service or place in places)]
            designed = self.records.designed_services.get(name)
            waiting += designed.needs if designed else ()
        return every(needs)

    def _own(self, service: str, city: str) -> tuple[Need, dict[str, Need]]:
        """Return what a service needs of its own to serve a city, and each place of its users to reach it."""
        if service in self.records.services:
            return self._realised(service, city)
        serves, reached = [], {}
        designed = self.records.designed_services.get(service)
        for instance in designed.instances.values() if designed else ():
            if instance.city not in (None, city):
                continue
            serves.append(self._serves(instance))
            for name in instance.users:
                if self.segments[name].city in (None, city):
                    reached[name] = self._reached(self.segments[name].site, instance)
        return every(serves), reached

    def _realised(self, service: str, city: str) -> tuple[Need, dict[str, Need]]:
        instance = self.records.services[service].instances.get(city)
        if instance is None:
            return ALWAYS, {}
        application = frozenset({f"devices.{instance.application}"})
        members = [self.network.nodes[port.node] for port in self.network.members(instance.users)]
        terminals = [node.id for node in members if node.role == "terminal"]
        reached = {name: self._joined(frozenset({f"devices.{name}"}), application) for name in terminals}
        return self._joined(frozenset({f"devices.{instance.database}"}), application), reached

    def _serves(self, instance: DesignedInstance) -> Need:
        up = self.dependencies.up
        stores = [
            either(up(f"virtual_machines.{name}") for name in store.runs_on) for store in instance.stores.values()
        ]
        pair = self.records.appliance_pairs.get(instance.behind or "")
        balanced = either(up(f"hardware.{name}") for name in pair.members) if pair else ALWAYS
        machines = [up(f"virtual_machines.{name}") for name in instance.runs_on]
        return every([at_least(instance.needed, machines), *stores, balanced])

    def _reached(self, users: str, instance: DesignedInstance) -> Need:
        """Return what users at a site need to reach an instance: a firewall of its zone, a way between the sites."""
        site = self.segments[self.records.virtual_machines[instance.runs_on[0]].segment].site
        pairs = [
            either(self.dependencies.up(f"hardware.{name}") for name in pair.members)
            for pair in self.records.appliance_pairs.values()
            if pair.members and instance.zone in pair.zones and self._stand_at(pair.members, site)
        ]
        if users == site:
            return every(pairs)
        ends = (frozenset(self.at_site.get(users, ())), frozenset(self.at_site.get(site, ())))
        return every([*pairs, self._joined(*ends)])

    def _way(self, starts: frozenset[str], goals: frozenset[str]) -> Need:
        """Return the need of any way between nodes, each element with all that it needs."""
        return either(every(map(self._element, sorted(way))) for way in self.ways.between(starts, goals))

    def _element(self, path: str) -> Need:
        section, _, id_ = path.partition(".")
        if section == "devices" and self.records.devices[id_].role == "terminal":
            return ALWAYS
        return self.dependencies.up(path)

    def _stand_at(self, hardware: Collection[str], site: str) -> bool:
        records = self.records
        return all(records.rooms[records.racks[records.hardware[name].rack].room].site == site for name in hardware)
