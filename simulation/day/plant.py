"""What serves the streams of an estate: machines as stations, hosts, circuits in both directions. Made once.

A machine of the design counts like one that the lab realises, and is marked. Hosts are looked at for what their
machines use together; nobody waits there twice. Leaves what works at an instant to `conditions`.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from inventory.models.demand import Demand
from inventory.models.estate import Estate
from simulation.demand.arrivals import Arrivals
from simulation.demand.streams import Asking, Stream, asking
from topology.build import build_network
from topology.failures import Failures
from topology.model import Network

NONE = -1
Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclasses.dataclass(frozen=True)
class Machine:
    """A server as a station; `design` says that the lab does not realise it, `host` where it runs."""

    id: str
    path: str
    name: str
    name_ja: str
    cores: float
    at_once: int
    backlog: int
    disks: int
    disk_operation_s: float
    host: str | None

    @property
    def design(self) -> bool:
        """Whether it is part of the design alone."""
        return self.path.startswith("virtual_machines.")


@dataclasses.dataclass(frozen=True)
class Serving:
    """Who serves a stream: application servers (`active` of those that run), databases (the first that runs), nodes.

    `users_at` and `served_at` are nodes of the network at both ends, None where users and servers share a site.
    """

    service: str
    applications: tuple[int, ...]
    all_active: bool
    databases: tuple[int, ...]
    users_at: str | None
    served_at: str | None


@dataclasses.dataclass
class Plant:
    """Everything fixed of an estate that a day reads.

    `places` are the circuits by their place in `circuits`, `outward` each one's direction from the data centre.
    """

    estate: Estate
    network: Network
    demand: Demand
    asking: Asking
    arrivals: Arrivals
    machines: tuple[Machine, ...]
    serving: tuple[Serving, ...]
    hosts: dict[str, tuple[float, tuple[int, ...]]]
    circuits: tuple[str, ...]
    rates_bps: Floats
    places: dict[str, int]
    outward: dict[str, int]

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The streams, in their order."""
        return self.asking.streams

    @functools.cached_property
    def failures(self) -> Failures:
        """What falls when entries fail; made when it is first asked for."""
        return Failures(self.estate, self.network)

    @functools.cached_property
    def of_city(self) -> dict[str, list[int]]:
        """The numbers of each city's streams, in their order."""
        found: dict[str, list[int]] = {}
        for number, stream in enumerate(self.streams):
            found.setdefault(stream.city, []).append(number)
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Leave out, when it is handed to a worker, what is made anew if it is needed there."""
        return {key: value for key, value in self.__dict__.items() if key != "failures"}

    def line(self, circuit: str, end: str) -> int:
        """Return the number of a circuit's direction that begins at an end (`a` or `z`)."""
        return 2 * self.places[circuit] + (end == "z")


def build_plant(estate: Estate) -> Plant:
    """Return the plant of an estate; raises EstateLacks where it states no demand."""
    asked = asking(estate)
    demand = estate.records.demand
    assert demand is not None
    network = build_network(estate)
    machines = tuple(_machines(estate, demand))
    number = {machine.id: index for index, machine in enumerate(machines)}
    circuits = tuple(estate.records.circuits)
    places = {id_: place for place, id_ in enumerate(circuits)}
    ends = {id_: estate.records.circuits[id_].ends.both for id_ in circuits}
    nearer = _nearer_ends(ends, estate.records.estate.data_centre)
    return Plant(
        estate=estate,
        network=network,
        demand=demand,
        asking=asked,
        arrivals=Arrivals(estate, asked),
        machines=machines,
        serving=tuple(_serving(estate, network, demand, stream, number) for stream in asked.streams),
        hosts={
            id_: (float(host.cpus), tuple(n for n, machine in enumerate(machines) if machine.host == id_))
            for cluster in estate.records.clusters.values()
            for id_, host in cluster.hosts.items()
        },
        circuits=circuits,
        rates_bps=np.repeat([estate.records.circuits[id_].effective_rate_bps for id_ in circuits], 2),
        places=places,
        outward={id_: 2 * places[id_] + (end == "z") for id_, end in nearer.items()},
    )


def _machines(estate: Estate, demand: Demand) -> Iterator[Machine]:
    """Yield every machine that is a station, in the order of the estate."""
    records = estate.records
    for station in demand.stations.values():
        for id_ in station.machines:
            design = records.virtual_machines.get(id_)
            known = design or records.devices[id_]
            cores = records.machine_sizes[design.size].cpus if design else records.devices[id_].cpus
            path = f"virtual_machines.{id_}" if design else f"devices.{id_}"
            yield Machine(
                id_, path, known.name, known.name_ja, float(station.cores or cores), station.at_once,
                station.backlog, station.disks, station.disk_operation_s, design.host if design else None,
            )  # fmt: skip


def _serving(estate: Estate, network: Network, demand: Demand, stream: Stream, number: dict[str, int]) -> Serving:
    """Return who serves a stream."""
    records = estate.records
    service = demand.applications[stream.application].service
    if service in records.services:
        realised = records.services[service].instances[stream.city]
        users = next(port.node for port in network.members(realised.users) if network.nodes[port.node].role != "router")
        return Serving(
            service, (number[realised.application],), True, (number[realised.database],), users, realised.application
        )
    instances = records.designed_services[service].instances.values()
    own = next((one for one in instances if one.city == stream.city), None)
    instance = own or next(one for one in instances if one.city is None)
    store = next((instance.stores[id_] for id_ in sorted(instance.stores)), None)
    of_its_own = [name for name in instance.users if records.every_segment[name].city in (stream.city, None)]
    ends = (of_its_own or instance.users)[:1]
    users_site = records.every_segment[ends[0]].site if ends else None
    server_site = records.every_segment[records.virtual_machines[instance.runs_on[0]].segment].site
    apart = users_site is not None and users_site != server_site and stream.kind != "messages"
    return Serving(
        service,
        tuple(number[name] for name in instance.runs_on),
        instance.mode == "active-active",
        tuple(number[name] for name in store.runs_on) if store else (),
        _stands_at(network, users_site, stream.city) if apart and users_site else None,
        _stands_at(network, server_site, stream.city) if apart else None,
    )


def _stands_at(network: Network, site: str, city: str) -> str:
    """Return a node whose traffic takes the circuits of a site: a host of the city, another host, a router."""
    here = [node for _, node in sorted(network.nodes.items()) if node.site == site]
    ranked = sorted(here, key=lambda node: (node.role == "router", node.city != city))
    return ranked[0].id


def _nearer_ends(ends: Mapping[str, tuple[str, str]], start: str) -> dict[str, str]:
    """Return for each circuit the end (`a` or `z`) nearer to a place, by the fewest circuits."""
    beside: dict[str, list[str]] = {}
    for a, z in ends.values():
        beside.setdefault(a, []).append(z)
        beside.setdefault(z, []).append(a)
    near, reached = {start: 0}, [start]
    for place in reached:
        for other in beside.get(place, ()):
            if other not in near:
                near[other] = near[place] + 1
                reached.append(other)
    far = len(ends) + 1
    return {id_: "a" if near.get(a, far) <= near.get(z, far) else "z" for id_, (a, z) in ends.items()}
