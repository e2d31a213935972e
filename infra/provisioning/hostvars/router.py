"""Variables of the `router` role: ports, routing, gateways, tunnels, rules, all from the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inventory.models.estate import Estate
from topology.model import Network, Node, Tunnel
from topology.secret_files import tunnel_key


def router_variables(estate: Estate, network: Network, node: Node, secret_folder: Path) -> dict[str, Any]:
    """Return the router role's variables of one router."""
    timers = estate.records.timers
    return {
        "router__router_id": str(node.loopback),
        "router__loopback": str(node.loopback),
        "router__interfaces": _interfaces(network, node),
        "router__bfd": {
            "enabled": timers.bfd.enabled,
            "interval_ms": round(timers.bfd.interval_s * 1000),
            "multiplier": timers.bfd.multiplier,
        },
        "router__ospf": {
            "hello_s": round(timers.ospf.hello_s),
            "dead_s": round(timers.ospf.dead_s),
            "retransmit_s": round(timers.ospf.retransmit_s),
            "spf_delay_ms": round(timers.ospf.spf_delay_s * 1000),
            "spf_hold_ms": round(timers.ospf.spf_hold_s * 1000),
            "spf_max_hold_ms": round(timers.ospf.spf_max_hold_s * 1000),
            "lsa_hold_ms": round(timers.ospf.lsa_hold_s * 1000),
            "lsa_min_arrival_ms": round(timers.ospf.lsa_min_arrival_s * 1000),
        },
        "router__vrrp": _vrrp(estate, network, node),
        "router__tunnels": [
            _tunnel(estate, network, node, tunnel, secret_folder) for tunnel in network.tunnels_of(node.id)
        ],
        "router__routes": _routes(network, node),
        "router__rules": _rules(network),
    }


def _interfaces(network: Network, node: Node) -> list[dict[str, Any]]:
    costs = {}
    for adjacency in network.adjacencies:
        costs[(adjacency.a, adjacency.a_interface)] = adjacency.cost
        costs[(adjacency.z, adjacency.z_interface)] = adjacency.cost
    underlays = {(end.node, end.underlay_interface) for t in network.tunnels.values() for end in (t.a, t.z)}
    result = []
    for port in network.interfaces_of(node.id):
        segment = network.segments[port.segment]
        routers = [other for other in network.members(segment.id) if network.nodes[other.node].role == "router"]
        active = (node.id, port.name) in costs
        entry: dict[str, Any] = {"name": port.name, "address": str(port.address), "mtu": port.mtu}
        if segment.kind == "access" or (node.id, port.name) in underlays:
            entry["carrier"] = True
        else:
            entry["ospf"] = {
                "network": "point-to-multipoint" if len(routers) > 2 else "point-to-point",
                "cost": costs.get((node.id, port.name), 1),
                "passive": not active,
                "bfd": active,
            }
        result.append(entry)
    return result


def _vrrp(estate: Estate, network: Network, node: Node) -> list[dict[str, Any]]:
    """Return the gateways that a router may hold; one that stands alone at its site holds them in the same way."""
    timers = estate.records.timers.vrrp
    return [
        {
            "interface": next(port.name for port in network.members(gateway.segment) if port.node == node.id),
            "id": gateway.vrid,
            "priority": node.vrrp_priority or 100,
            "address": str(gateway.address),
            "advert_ms": round(timers.advertisement_s * 1000),
            "preempt_delay_s": round(timers.preempt_delay_s),
        }
        for gateway in network.gateways.values()
        if node.id in gateway.routers
    ]


def _tunnel(estate: Estate, network: Network, node: Node, tunnel: Tunnel, secret_folder: Path) -> dict[str, Any]:
    own, other = (tunnel.a, tunnel.z) if tunnel.a.node == node.id else (tunnel.z, tunnel.a)
    profile = estate.records.encryption.tunnel_profiles[tunnel.profile]
    cost = next(adjacency.cost for adjacency in network.adjacencies if adjacency.tunnel == tunnel.id)
    return {
        "name": own.interface,
        "underlay_interface": own.underlay_interface,
        "local_underlay": str(own.underlay_address),
        "remote_underlay": str(other.underlay_address),
        "local_loopback": str(own.endpoint),
        "remote_loopback": str(other.endpoint),
        "address": str(own.address),
        "vni": tunnel.vni,
        "mtu": tunnel.mtu,
        "mss": tunnel.mss,
        # Named for its tunnel: two tunnels of the same routers must not take each other for a second contact.
        "local_id": f"{own.node}.{own.interface}",
        "peer_id": f"{other.node}.{other.interface}",
        "initiator": own.node > other.node,
        "ike_proposal": profile.ike_proposal,
        "esp_proposal": profile.esp_proposal,
        "udp_encapsulation": profile.udp_encapsulation,
        "dpd_s": round(profile.dpd_delay_s),
        "psk_file": str(secret_folder / tunnel_key(tunnel)),
        "ospf": {"network": "point-to-point", "cost": cost, "passive": False, "bfd": True},
    }


def _routes(network: Network, node: Node) -> list[dict[str, str]]:
    """Return the way to each tunnel's far underlay address, by the carrier's port on the own access segment."""
    result = {}
    for tunnel in network.tunnels_of(node.id):
        own, other = (tunnel.a, tunnel.z) if tunnel.a.node == node.id else (tunnel.z, tunnel.a)
        segment = network.interface(node.id, own.underlay_interface).segment
        for carrier in network.carrier_networks.values():
            if segment in carrier.ports and other.underlay_address not in carrier.ports[segment].network:
                result[str(other.underlay_address)] = {
                    "prefix": f"{other.underlay_address}/32",
                    "via": str(carrier.ports[segment].ip),
                    "interface": own.underlay_interface,
                }
    return list(result.values())


def _rules(network: Network) -> list[dict[str, Any]]:
    """Return every permitted flow; the same rules stand on every router, because paths may be asymmetric."""
    return [
        {
            "name": flow.id,
            "from": str(flow.source),
            "to": str(flow.destination),
            "protocol": flow.protocol,
            "ports": [str(low) if low == high else f"{low}-{high}" for low, high in flow.ports],
            "comment": flow.cite,
        }
        for flow in network.flows
    ]
