"""From an estate to its network: segments, ports, nodes and gateways, all with addresses.

Leaves tunnels and neighbours to `topology.neighbours`, permitted flows to `topology.flows`.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from typing import Literal

from inventory.collector import collector_paused
from inventory.models.devices import DeviceInterface
from inventory.models.estate import Estate
from topology.addressing import Allocator
from topology.flows import derive_flows
from topology.model import CarrierNetwork, Gateway, Interface, Network, Node, Segment
from topology.neighbours import derive_adjacencies, derive_tunnels
from topology.record import AddressRecord

VRID_LIMIT = 255
DEFAULT_MTU = 1500


def build_network(estate: Estate) -> Network:
    """Return the derived network; raises EstateInvalid where a pool is exhausted or a pin lies outside."""
    return build_with_record(estate)[0]


def build_with_record(estate: Estate) -> tuple[Network, AddressRecord]:
    """Return the network and the record of addresses that it gives out; built once for an estate."""
    if "network" not in estate.derived:
        estate.derived["network"] = _built(estate)
    found: tuple[Network, AddressRecord] = estate.derived["network"]
    return found


@collector_paused()
def _built(estate: Estate) -> tuple[Network, AddressRecord]:
    builder = _Builder(estate)
    network = builder.network()
    return network, builder.allocator.finish()


def circuit_kind(estate: Estate, circuit_id: str) -> Literal["circuit", "access"] | None:
    """Return `circuit` between sites, `access` to a carrier network, None for a campus link (part of a LAN)."""
    circuit = estate.records.circuits[circuit_id]
    if circuit.service == "campus-link":
        return None
    return "access" if set(circuit.ends.both) & set(estate.records.carrier_networks) else "circuit"


class _Builder:
    """Holds the estate and its allocator; each step reads only what earlier steps returned."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.records = estate.records
        self.allocator = Allocator(estate)
        self.ports: dict[tuple[str, str], DeviceInterface] = {
            (device_id, name): port
            for device_id, device in sorted(self.records.devices.items())
            for name, port in sorted(device.interfaces.items())
        }
        self.ports_on: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for key, port in self.ports.items():
            self.ports_on[port.segment or port.circuit or ""].append(key)

    def network(self) -> Network:
        """Derive everything, in order."""
        segments = self._segments()
        gateways = self._gateways(segments)
        interfaces, carriers = self._interfaces(segments)
        loopbacks = self._loopbacks()
        tunnels = derive_tunnels(self.estate, self.allocator, segments, interfaces)
        return Network(
            estate_digest=self.estate.digest,
            nodes=self._nodes(interfaces, gateways, loopbacks),
            segments=segments,
            interfaces=interfaces,
            carrier_networks=carriers,
            tunnels=tunnels,
            adjacencies=derive_adjacencies(self.estate, segments, interfaces, tunnels),
            gateways=gateways,
            flows=derive_flows(self.estate, segments, interfaces, loopbacks),
        )

    def _segments(self) -> dict[str, Segment]:
        routing = self.records.routing
        by_pool: dict[str, list[str]] = defaultdict(list)
        for id_, record in self.records.segments.items():
            by_pool[record.pool].append(id_)
        kinds = {id_: circuit_kind(self.estate, id_) for id_ in self.records.circuits}
        for id_, kind in kinds.items():
            if kind is not None:
                by_pool[routing.circuit_pool if kind == "circuit" else routing.access_pool].append(id_)
        prefixes = {}
        pins = self._pins_by_entry()
        for pool, entries in sorted(by_pool.items()):
            prefixes.update(self.allocator.prefixes(pool, entries, pins))
        result = {}
        for id_, record in sorted(self.records.segments.items()):
            over = self.records.circuits[record.over] if record.over else None
            sites = over.ends.both if over else (record.site,)
            rate = over.effective_rate_bps if over else record.rate_bps
            result[id_] = Segment(id_, record.kind, sites, prefixes[id_], rate, record.over, record.zone, record.city)
        for id_, kind in sorted(kinds.items()):
            circuit = self.records.circuits[id_]
            if kind is not None:
                result[id_] = Segment(id_, kind, circuit.ends.both, prefixes[id_], circuit.effective_rate_bps, id_)
        return result

    def _pins_by_entry(self) -> dict[str, ipaddress.IPv4Address]:
        """Return a pinned address of every segment and circuit that has one: its gateway, else the first pin."""
        attached = {f"{device}/{name}": port.segment or port.circuit for (device, name), port in self.ports.items()}
        pins = sorted(self.records.addressing.pins.items(), reverse=True)
        found = {entry: pin for port, pin in pins if (entry := attached.get(port))}
        return found | {id_: record.gateway for id_, record in self.records.segments.items() if record.gateway}

    def _gateways(self, segments: dict[str, Segment]) -> dict[str, Gateway]:
        """Give every LAN with routers a gateway, its first address by default; its VRID follows from the prefix."""
        result = {}
        for id_, segment in segments.items():
            if segment.kind != "lan":
                continue
            routers = [
                (-(self.records.devices[device].vrrp_priority or 0), device)
                for device, _ in self.ports_on.get(id_, ())
                if self.records.devices[device].role == "router"
            ]
            if routers:
                vrid = self.allocator.ordinal(self.records.segments[id_].pool, segment.prefix) % VRID_LIMIT + 1
                address = self._shared(segment)
                assert address is not None
                result[id_] = Gateway(id_, vrid, address, tuple(device for _, device in sorted(routers)))
        return result

    def _shared(self, segment: Segment) -> ipaddress.IPv4Interface | None:
        """Return the address that a LAN keeps for its gateway, also while it has no router."""
        if segment.kind != "lan":
            return None
        wish = self.records.segments[segment.id].gateway
        return self.allocator.gateway(segment.prefix, wish, f"segments.{segment.id}.gateway")

    def _interfaces(self, segments: dict[str, Segment]) -> tuple[tuple[Interface, ...], dict[str, CarrierNetwork]]:
        result: list[Interface] = []
        carriers: dict[str, dict[str, ipaddress.IPv4Interface]] = {id_: {} for id_ in self.records.carrier_networks}
        for id_, segment in segments.items():
            ports = self.ports_on.get(id_, [])
            names = [f"{device}/{name}" for device, name in ports]
            carrier = next((site for site in segment.sites if site in carriers), None)
            if carrier:
                names.append(f"{carrier}/{id_}")
            path = f"segments.{id_}.pool" if id_ in self.records.segments else f"circuits.{id_}"
            given = self.allocator.addresses(segment.prefix, names, path, self._shared(segment))
            mtu = self.records.circuits[segment.circuit].mtu if segment.circuit else DEFAULT_MTU
            for device, name in ports:
                end = self._end(segment, device)
                result.append(Interface(device, name, id_, end, given[f"{device}/{name}"], mtu))
            if carrier:
                carriers[carrier][id_] = given[f"{carrier}/{id_}"]
        result.sort(key=lambda port: (port.node, port.name))
        return tuple(result), {id_: CarrierNetwork(id_, ports) for id_, ports in carriers.items()}

    def _end(self, segment: Segment, device: str) -> Literal["a", "z"]:
        if segment.circuit is None:
            return "a"
        circuit = self.records.circuits[segment.circuit]
        return "a" if self.records.devices[device].site == circuit.ends.a else "z"

    def _loopbacks(self) -> dict[str, ipaddress.IPv4Address]:
        routers = [id_ for id_, device in self.records.devices.items() if device.role == "router"]
        return self.allocator.single_addresses(self.records.routing.loopback_pool, routers)

    def _nodes(
        self,
        interfaces: tuple[Interface, ...],
        gateways: dict[str, Gateway],
        loopbacks: dict[str, ipaddress.IPv4Address],
    ) -> dict[str, Node]:
        result = {}
        first: dict[str, str] = {}
        for port in interfaces:
            if port.segment in gateways:
                first.setdefault(port.node, port.segment)
        for id_, device in sorted(self.records.devices.items()):
            own = first.get(id_)
            router = device.role == "router"
            result[id_] = Node(
                id=id_,
                role=device.role,
                site=device.site,
                city=device.city,
                memory_bytes=device.memory_bytes,
                cpus=device.cpus,
                loopback=loopbacks.get(id_),
                vrrp_priority=device.vrrp_priority,
                gateway=None if router or own is None else gateways[own].address.ip,
            )
        return result
