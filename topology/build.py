"""From an estate to its network: segments, ports, tunnels, adjacencies, gateways and flows, all with addresses."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from itertools import combinations

from inventory.models.estate import Estate
from topology.addressing import AddressRecord, Allocator
from topology.encapsulation import mss, tunnel_mtu
from topology.model import (
    Adjacency,
    CarrierNetwork,
    Gateway,
    Interface,
    Network,
    Node,
    PermittedFlow,
    Segment,
    Tunnel,
    TunnelEnd,
)

Interfaces = dict[str, ipaddress.IPv4Interface]


def build_network(estate: Estate) -> Network:
    """Return the derived network; raises EstateInvalid where a pool is exhausted or a pin lies outside."""
    return build_with_record(estate)[0]


def build_with_record(estate: Estate) -> tuple[Network, AddressRecord]:
    """Return the network and the record of addresses that it gives out."""
    builder = _Builder(estate)
    network = builder.network()
    return network, builder.allocator.finish()


class _Builder:
    """Holds the estate and what has been derived so far; each step reads only earlier steps."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.records = estate.records
        self.allocator = Allocator(estate)
        self.ports = {
            (device_id, name): port
            for device_id, device in sorted(self.records.devices.items())
            for name, port in sorted(device.interfaces.items())
        }

    def network(self) -> Network:
        """Derive everything, in order."""
        segments = self._segments()
        gateways = self._gateways(segments)
        interfaces, carriers = self._interfaces(segments, gateways)
        loopbacks = self._single_addresses(self.records.routing.loopback_pool, self._router_ids())
        nodes = self._nodes(interfaces, gateways, loopbacks)
        tunnels = self._tunnels(segments, interfaces)
        return Network(
            estate_digest=self.estate.digest,
            nodes=nodes,
            segments=segments,
            interfaces=interfaces,
            carrier_networks=carriers,
            tunnels=tunnels,
            adjacencies=self._adjacencies(segments, interfaces, tunnels),
            gateways=gateways,
            flows=self._flows(segments, interfaces) + self._time_flows(segments, loopbacks),
        )

    def _router_ids(self) -> list[str]:
        return sorted(id_ for id_, device in self.records.devices.items() if device.role == "router")

    def _segments(self) -> dict[str, Segment]:
        routing = self.records.routing
        by_pool: dict[str, list[str]] = defaultdict(list)
        for id_, segment in self.records.segments.items():
            by_pool[segment.pool].append(id_)
        kinds = {id_: self._circuit_kind(id_) for id_ in self.records.circuits}
        for id_, kind in kinds.items():
            if kind is not None:
                by_pool[routing.circuit_pool if kind == "circuit" else routing.access_pool].append(id_)
        prefixes = {}
        for pool, entries in sorted(by_pool.items()):
            prefixes.update(self.allocator.prefixes(pool, entries))
        result = {}
        for id_, record in sorted(self.records.segments.items()):
            over = self.records.circuits[record.over] if record.over else None
            sites = (over.ends.a, over.ends.z) if over else (record.site,)
            rate = over.effective_rate_bps if over else record.rate_bps
            result[id_] = Segment(id_, record.kind, sites, prefixes[id_], rate, record.over, record.zone, record.city)
        for id_, kind in sorted(kinds.items()):
            circuit = self.records.circuits[id_]
            ends = (circuit.ends.a, circuit.ends.z)
            if kind == "circuit" or kind == "access":
                result[id_] = Segment(id_, kind, ends, prefixes[id_], circuit.effective_rate_bps, id_)
        return result

    def _circuit_kind(self, circuit_id: str) -> str | None:
        """Return `circuit` between sites, `access` to a carrier network, None for a campus link (part of a LAN)."""
        circuit = self.records.circuits[circuit_id]
        if circuit.service == "campus-link":
            return None
        carriers = {circuit.ends.a, circuit.ends.z} & set(self.records.carrier_networks)
        return "access" if carriers else "circuit"

    def _gateways(self, segments: dict[str, Segment]) -> dict[str, Gateway]:
        result = {}
        lans = [id_ for id_, segment in segments.items() if segment.kind == "lan"]
        for index, id_ in enumerate(sorted(lans)):
            routers = [
                (-(self.records.devices[device].vrrp_priority or 0), device)
                for (device, _), port in self.ports.items()
                if port.segment == id_ and self.records.devices[device].role == "router"
            ]
            if routers:
                prefix = segments[id_].prefix
                address = ipaddress.IPv4Interface(f"{prefix.network_address + 1}/{prefix.prefixlen}")
                result[id_] = Gateway(id_, index + 10, address, tuple(device for _, device in sorted(routers)))
        return result

    def _interfaces(
        self, segments: dict[str, Segment], gateways: dict[str, Gateway]
    ) -> tuple[tuple[Interface, ...], dict[str, CarrierNetwork]]:
        result: list[Interface] = []
        carriers: dict[str, Interfaces] = {id_: {} for id_ in self.records.carrier_networks}
        for id_, segment in segments.items():
            ports = [key for key, port in self.ports.items() if id_ in (port.segment, port.circuit)]
            names = [f"{device}/{name}" for device, name in ports]
            carrier = next((site for site in segment.sites if site in carriers), None)
            if carrier:
                names.append(f"{carrier}/{id_}")
            given = self.allocator.addresses(segment.prefix, names, 2 if id_ in gateways else 1)
            mtu = self.records.circuits[segment.circuit].mtu if segment.circuit else 1500
            for device, name in ports:
                end = self._end(segment, device)
                result.append(Interface(device, name, id_, end, given[f"{device}/{name}"], mtu))
            if carrier:
                carriers[carrier][id_] = given[f"{carrier}/{id_}"]
        result.sort(key=lambda port: (port.node, port.name))
        return tuple(result), {id_: CarrierNetwork(id_, ports) for id_, ports in carriers.items()}

    def _end(self, segment: Segment, device: str) -> str:
        if segment.circuit is None:
            return "a"
        circuit = self.records.circuits[segment.circuit]
        return "a" if self.records.devices[device].site == circuit.ends.a else "z"

    def _single_addresses(self, pool_id: str, entries: list[str]) -> dict[str, ipaddress.IPv4Address]:
        nets = self.allocator.prefixes(pool_id, [f"{pool_id}:{entry}" for entry in entries])
        return {entry: nets[f"{pool_id}:{entry}"].network_address for entry in entries}

    def _nodes(
        self,
        interfaces: tuple[Interface, ...],
        gateways: dict[str, Gateway],
        loopbacks: dict[str, ipaddress.IPv4Address],
    ) -> dict[str, Node]:
        result = {}
        for id_, device in sorted(self.records.devices.items()):
            own = next((port.segment for port in interfaces if port.node == id_ and port.segment in gateways), None)
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

    def _tunnels(self, segments: dict[str, Segment], interfaces: tuple[Interface, ...]) -> dict[str, Tunnel]:
        """Derive one tunnel for each pair of routers at different sites on the same protected underlay."""
        underlays: dict[str, list[Interface]] = defaultdict(list)
        profiles: dict[str, str] = {}
        for port in interfaces:
            segment = segments[port.segment]
            circuit = self.records.circuits[segment.circuit] if segment.circuit else None
            if circuit is None or circuit.tunnel_profile is None or segment.kind == "lan":
                continue
            carrier = next((site for site in segment.sites if site in self.records.carrier_networks), None)
            underlays[carrier or segment.id].append(port)
            profiles[carrier or segment.id] = circuit.tunnel_profile
        pairs = []
        for underlay, ports in sorted(underlays.items()):
            for a, z in combinations(ports, 2):
                if self.records.devices[a.node].site != self.records.devices[z.node].site:
                    pairs.append((f"{underlay}--{a.node}--{z.node}", underlay, a, z))
        routing = self.records.routing
        inside = self.allocator.prefixes(routing.tunnel_pool, [pair[0] for pair in pairs])
        ends = [f"{pair[0]}--{side}" for pair in pairs for side in "az"]
        endpoints = self._single_addresses(routing.tunnel_endpoint_pool, ends)
        counts: dict[str, int] = defaultdict(int)
        result = {}
        for vni, (id_, underlay, a, z) in enumerate(pairs, start=100):
            profile = self.records.encryption.tunnel_profiles[profiles[underlay]]
            mtu = tunnel_mtu(min(a.mtu, z.mtu), profile.udp_encapsulation)
            tunnel_ends = {}
            for side, port in (("a", a), ("z", z)):
                name = f"tun{counts[port.node]}"
                counts[port.node] += 1
                address = self.allocator.addresses(inside[id_], [f"{port.node}/{name}"], 1 if side == "a" else 2)
                tunnel_ends[side] = TunnelEnd(
                    port.node, port.name, port.address.ip, endpoints[f"{id_}--{side}"], name, address[f"{port.node}/{name}"]
                )
            used = tuple(sorted({a.segment, z.segment}))
            rate = min(segments[segment].rate_bps for segment in used)
            result[id_] = Tunnel(
                id_, underlay, used, profiles[underlay], vni, mtu, mss(mtu), rate, tunnel_ends["a"], tunnel_ends["z"]
            )
        return result

    def _adjacencies(
        self, segments: dict[str, Segment], interfaces: tuple[Interface, ...], tunnels: dict[str, Tunnel]
    ) -> tuple[Adjacency, ...]:
        """Derive the neighbours: every pair of routers on a transit or circuit segment, and the ends of each tunnel.

        On an encrypted circuit the pairs at different sites meet in their tunnel only.
        """
        result = []
        encrypted = {tunnel.underlay for tunnel in tunnels.values()}
        for id_, segment in sorted(segments.items()):
            if segment.kind not in ("transit", "circuit"):
                continue
            ports = [p for p in interfaces if p.segment == id_ and self.records.devices[p.node].role == "router"]
            for a, z in combinations(ports, 2):
                if id_ not in encrypted or a.end == z.end:
                    result.append(Adjacency(a.node, a.name, z.node, z.name, self.cost(segment.rate_bps, id_), (id_,)))
        for tunnel in tunnels.values():
            cost = max(self.cost(tunnel.rate_bps, segment) for segment in tunnel.segments)
            result.append(
                Adjacency(
                    tunnel.a.node, tunnel.a.interface, tunnel.z.node, tunnel.z.interface, cost, tunnel.segments, tunnel.id
                )
            )
        return tuple(result)

    def cost(self, rate_bps: float, circuit_id: str) -> int:
        """Return the OSPF cost of a rate (bit/s), with the penalty of a secondary circuit."""
        routing = self.records.routing
        secondary = any(
            member.circuit == circuit_id and member.priority == "secondary"
            for group in self.records.circuit_groups.values()
            for member in group.members
        )
        base = max(1, round(routing.reference_bandwidth_bps / rate_bps))
        return base + (routing.secondary_penalty if secondary else 0)

    def _time_flows(
        self, segments: dict[str, Segment], loopbacks: dict[str, ipaddress.IPv4Address]
    ) -> tuple[PermittedFlow, ...]:
        """Derive NTP from every LAN to each time server, as the time service asks."""
        service = self.records.time_service
        return tuple(
            PermittedFlow(
                f"time-{segment.id}-{server}",
                segment.prefix,
                ipaddress.IPv4Network(loopbacks[server]),
                "udp",
                ((123, 123),),
                service.reason,
                self.estate.cite("time_service"),
            )
            for segment in segments.values()
            if segment.kind == "lan"
            for server in service.servers
        )

    def _flows(self, segments: dict[str, Segment], interfaces: tuple[Interface, ...]) -> tuple[PermittedFlow, ...]:
        def prefix(name: str) -> ipaddress.IPv4Network:
            if name in segments:
                return segments[name].prefix
            port = next(port for port in interfaces if port.node == name)
            return ipaddress.IPv4Network(port.address.ip)

        result = []
        for id_, flow in sorted(self.records.flows.items()):
            ports = tuple((port, port) for port in flow.ports) + ((flow.port_range,) if flow.port_range else ())
            result.append(
                PermittedFlow(
                    id_,
                    prefix(flow.source),
                    prefix(flow.destination),
                    flow.protocol,
                    ports,
                    flow.reason,
                    self.estate.cite(f"flows.{id_}"),
                )
            )
        return tuple(result)
