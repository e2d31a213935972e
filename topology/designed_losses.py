"""Which services of the design a city loses when machines, appliances and sites fall; leaves what falls to `failures`.

A service of the design serves a city as long as enough machines of its instance do, one machine of each of its stores,
a load balancer where it stands behind a pair, a switch of each host, the firewalls, the way from its users' sites,
and every service that it needs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product

from inventory.models.design import DesignedInstance
from inventory.models.estate import Estate
from topology.graph import Islands, joined
from topology.model import Network

Loss = tuple[str, str]
"""A service and a city that loses it."""


class DesignedLosses:
    """An estate's designed services, ready to be asked which of them are lost."""

    def __init__(self, estate: Estate, network: Network) -> None:
        """Collect once where machines stand and what they are attached to."""
        self.records = records = estate.records
        self.segments = records.every_segment
        self.storage = {
            host: {f"hardware.{name}" for name in cluster.storage}
            for cluster in records.clusters.values()
            for host in cluster.hosts
        }
        self.switches: dict[str, set[str]] = {}
        for group in records.switch_groups.values():
            for name in group.attaches:
                self.switches.setdefault(name, set()).update(f"hardware.{member}" for member in group.members)
        self.at_site: dict[str, list[str]] = {}
        for node in network.nodes.values():
            self.at_site.setdefault(node.site, []).append(node.id)

    def lost(self, fallen: Collection[str], found: Islands, realised: Collection[Loss]) -> Iterator[Loss]:
        """Yield what is lost with what has `fallen`; `found` is what is still joined, `realised` the lab's losses."""
        if not self.records.designed_services:
            return
        gone = set(realised)
        for id_, service in self.records.designed_services.items():
            for instance in service.instances.values():
                if not self._serves(instance, fallen):
                    gone |= {(id_, city) for city in self._cities(instance)}
                for name in instance.users:
                    segment = self.segments[name]
                    if not self._reached(segment.site, instance, fallen, found):
                        gone |= {(id_, city) for city in ([segment.city] if segment.city else self._cities(instance))}
        while more := {loss for loss in self._followers(gone) if loss not in gone}:
            gone |= more
        yield from gone - set(realised)

    def _cities(self, instance: DesignedInstance) -> list[str]:
        return [instance.city] if instance.city else list(self.records.cities)

    def _serves(self, instance: DesignedInstance, fallen: Collection[str]) -> bool:
        """Tell whether an instance has the machines, the stores and the load balancer that it needs."""
        up = [name for name in instance.runs_on if self._up(name, fallen)]
        stores = (any(self._up(name, fallen) for name in store.runs_on) for store in instance.stores.values())
        pair = self.records.appliance_pairs.get(instance.behind or "")
        balanced = pair is None or any(f"hardware.{name}" not in fallen for name in pair.members)
        return len(up) >= instance.needed and all(stores) and balanced

    def _up(self, machine: str, fallen: Collection[str]) -> bool:
        """Tell whether a machine runs, on a host with a switch, of a cluster with its storage."""
        host = self.records.virtual_machines[machine].host
        switches = self.switches.get(host, set())
        if f"virtual_machines.{machine}" in fallen or (switches and switches <= set(fallen)):
            return False
        storage = self.storage.get(host, set())
        return not storage or not storage <= set(fallen)

    def _reached(self, users: str, instance: DesignedInstance, fallen: Collection[str], found: Islands) -> bool:
        """Tell whether users at a site reach an instance: by the realised network between the sites, by a firewall."""
        site = self.segments[self.records.virtual_machines[instance.runs_on[0]].segment].site
        if f"sites.{users}" in fallen or f"sites.{site}" in fallen:
            return f"sites.{users}" in fallen and f"sites.{site}" not in fallen
        for pair in self.records.appliance_pairs.values():
            parts = instance.zone in pair.zones and self._stand_at(pair.members, site)
            if parts and all(f"hardware.{name}" in fallen for name in pair.members):
                return False
        if users == site:
            return True
        ends = product(self.at_site.get(users, ()), self.at_site.get(site, ()))
        return any(joined(found, a, z) for a, z in ends)

    def _stand_at(self, hardware: Collection[str], site: str) -> bool:
        records = self.records
        return all(records.rooms[records.racks[records.hardware[name].rack].room].site == site for name in hardware)

    def _followers(self, gone: set[Loss]) -> Iterator[Loss]:
        """Yield the services that need what is lost, for the same city."""
        for id_, service in self.records.designed_services.items():
            cities = {city for instance in service.instances.values() for city in self._cities(instance)}
            yield from ((id_, city) for city in cities for name in service.needs if (name, city) in gone)
