"""Tunnels over protected circuits and carrier networks, and the routing neighbours that follow, with their costs."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from itertools import combinations

from inventory.models.estate import Estate
from topology.addressing import Allocator
from topology.encapsulation import mss, tunnel_mtu
from topology.model import Adjacency, Interface, Segment, Tunnel, TunnelEnd

FIRST_VNI = 100
LARGEST_COST = 65535

Interfaces = tuple[Interface, ...]
_Pair = tuple[str, str, Interface, Interface]


def derive_tunnels(
    estate: Estate, allocator: Allocator, segments: dict[str, Segment], interfaces: Interfaces
) -> dict[str, Tunnel]:
    """Return one tunnel for each pair of routers that meet on the same protected underlay, by id.

    The underlay is the carrier network that the routers' access lines share, or the circuit between their sites. Over a
    carrier network the data centre is the hub: halls reach it and not one another, so that cities stay apart.
    Number, interface name and inside addresses follow from the recorded prefix, so they stay when others come and go.
    """
    pairs, profiles = _pairs(estate, segments, interfaces)
    routing = estate.records.routing
    inside = allocator.prefixes(routing.tunnel_pool, [id_ for id_, *_ in pairs])
    endpoints = allocator.single_addresses(
        routing.tunnel_endpoint_pool, [f"{id_}--{side}" for id_, *_ in pairs for side in "az"]
    )
    result = {}
    for id_, underlay, a, z in pairs:
        prefix = inside[id_]
        vni = FIRST_VNI + allocator.ordinal(routing.tunnel_pool, prefix)
        profile = estate.records.encryption.tunnel_profiles[profiles[underlay]]
        mtu = tunnel_mtu(min(a.mtu, z.mtu), profile.udp_encapsulation, profile.largest_packet)
        hosts = iter(prefix.hosts())
        ends = [
            TunnelEnd(
                node=port.node,
                underlay_interface=port.name,
                underlay_address=port.address.ip,
                endpoint=endpoints[f"{id_}--{side}"],
                interface=f"tun{vni}",
                address=ipaddress.IPv4Interface(f"{next(hosts)}/{prefix.prefixlen}"),
            )
            for side, port in (("a", a), ("z", z))
        ]
        used = tuple(sorted({a.segment, z.segment}))
        rate = min(segments[segment].rate_bps for segment in used)
        result[id_] = Tunnel(id_, underlay, used, profiles[underlay], vni, mtu, mss(mtu), rate, ends[0], ends[1])
    return result


def _pairs(estate: Estate, segments: dict[str, Segment], interfaces: Interfaces) -> tuple[list[_Pair], dict[str, str]]:
    """Return the tunnels to make as (id, underlay, port, port), and the profile of each underlay."""
    records = estate.records
    underlays: dict[str, list[Interface]] = defaultdict(list)
    profiles: dict[str, str] = {}
    for port in interfaces:
        segment = segments[port.segment]
        circuit = records.circuits[segment.circuit] if segment.circuit else None
        if circuit is None or circuit.tunnel_profile is None or segment.kind == "lan":
            continue
        carrier = next((site for site in segment.sites if site in records.carrier_networks), None)
        underlays[carrier or segment.id].append(port)
        profiles[carrier or segment.id] = circuit.tunnel_profile
    pairs = [
        (f"{underlay}--{a.node}--{z.node}", underlay, a, z)
        for underlay, ports in sorted(underlays.items())
        for a, z in combinations(ports, 2)
        if _meet(estate, {records.devices[port.node].site for port in ports}, a, z)
    ]
    return pairs, profiles


def _meet(estate: Estate, sites: set[str], a: Interface, z: Interface) -> bool:
    """Tell whether two routers on an underlay that reaches `sites` have a tunnel: at two sites, one of them the hub."""
    hub = estate.records.estate.data_centre
    ends = {estate.records.devices[a.node].site, estate.records.devices[z.node].site}
    return len(ends) == 2 and (hub in ends or hub not in sites)


def derive_adjacencies(
    estate: Estate, segments: dict[str, Segment], interfaces: Interfaces, tunnels: dict[str, Tunnel]
) -> tuple[Adjacency, ...]:
    """Return the neighbours: every pair of routers on a transit or circuit segment, and the ends of each tunnel.

    On an encrypted circuit routers meet in their tunnels only: routing in the clear would reach across it as well.
    """
    result = []
    encrypted = {tunnel.underlay for tunnel in tunnels.values()}
    secondary = secondary_circuits(estate)
    routers: dict[str, list[Interface]] = defaultdict(list)
    for port in interfaces:
        if estate.records.devices[port.node].role == "router":
            routers[port.segment].append(port)
    for id_, segment in sorted(segments.items()):
        if segment.kind not in ("transit", "circuit") or id_ in encrypted:
            continue
        cost = routing_cost(estate, segment.rate_bps, secondary=id_ in secondary)
        pairs = combinations(routers.get(id_, ()), 2)
        result += [Adjacency(a.node, a.name, z.node, z.name, cost, (id_,)) for a, z in pairs]
    for tunnel in tunnels.values():
        cost = routing_cost(estate, tunnel.rate_bps, secondary=not secondary.isdisjoint(tunnel.segments))
        one, other = tunnel.a, tunnel.z
        ends = (one.node, one.interface, other.node, other.interface)
        result.append(Adjacency(*ends, cost, tunnel.segments, tunnel.id))
    return tuple(result)


def secondary_circuits(estate: Estate) -> frozenset[str]:
    """Return the circuits that are the backup of another one."""
    groups = estate.records.circuit_groups.values()
    return frozenset(one.circuit for group in groups for one in group.members if one.priority == "secondary")


def routing_cost(estate: Estate, rate_bps: float, *, secondary: bool) -> int:
    """Return the OSPF cost of a rate (bit/s), with the penalty of a secondary circuit; RFC 2328 ends at 65535."""
    routing = estate.records.routing
    base = max(1, round(routing.reference_bandwidth_bps / rate_bps))
    return min(LARGEST_COST, base + (routing.secondary_penalty if secondary else 0))
