"""The cases that checks of the running estate are made for, by the name of the argument that receives one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inventory.models.estate import Estate
from topology.model import Network


def _routers(_: Estate, network: Network) -> dict[str, Any]:
    return {node.id: node for node in network.routers()}


def _hosts(_: Estate, network: Network) -> dict[str, Any]:
    return {id_: node for id_, node in network.nodes.items() if node.role != "router"}


def _shaped(_: Estate, network: Network) -> dict[str, Any]:
    return {
        f"{segment.id}-{direction}": (segment, direction)
        for segment in network.segments.values()
        if segment.circuit and segment.kind == "circuit"
        for direction in ("a-to-z", "z-to-a")
    }


def _instances(estate: Estate, _: Network) -> dict[str, Any]:
    return {
        f"{service_id}-{city}": (service, city)
        for service_id, service in estate.records.services.items()
        for city in service.instances
    }


def _logical_lines(estate: Estate, _: Network) -> dict[str, Any]:
    groups = estate.records.circuit_groups
    return {id_: group for id_, group in groups.items() if group.kind == "logical-line"}


CASES: dict[str, Callable[[Estate, Network], dict[str, Any]]] = {
    "each_port": lambda _, network: {port.key: port for port in network.interfaces},
    "each_node": lambda _, network: dict(network.nodes),
    "each_router": _routers,
    "each_host": _hosts,
    "each_tunnel": lambda _, network: dict(network.tunnels),
    "each_carrier": lambda _, network: dict(network.carrier_networks),
    "each_gateway": lambda _, network: dict(network.gateways),
    "each_logical_line": _logical_lines,
    "each_shaped": _shaped,
    "each_instance": _instances,
}
