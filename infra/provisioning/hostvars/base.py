"""Variables of the `base` role: names, time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inventory.models.estate import Estate
from topology.model import Network, Node
from topology.secret_files import AUTHORITY


def base_variables(estate: Estate, network: Network, node: Node, secret_folder: Path) -> dict[str, Any]:
    """Return the base role's variables of one node."""
    servers = estate.records.time_service.servers
    serves = node.id in servers
    addresses = {server: str(network.nodes[server].loopback) for server in servers}
    return {
        "base__node": node.id,
        "base__title": estate.records.devices[node.id].name,
        "base__title_ja": estate.records.devices[node.id].name_ja,
        "base__hosts": _names(network),
        "base__time_serve": serves,
        "base__time_servers": [address for server, address in addresses.items() if server != node.id and not serves],
        "base__time_clients": _time_clients(network) if serves else [],
        "base__time_source_address": str(node.loopback or ""),
        "base__authority_certificate_file": str(secret_folder / f"{AUTHORITY}.crt"),
    }


def _time_clients(network: Network) -> list[str]:
    """Return who may ask a time server: every segment, and every router by its loopback."""
    prefixes = {str(segment.prefix) for segment in network.segments.values()}
    return sorted(prefixes | {f"{router.loopback}/32" for router in network.routers()})


def _names(network: Network) -> list[dict[str, str]]:
    """Return one address per node: a router's loopback, another node's own address."""
    return [
        {"name": id_, "address": str(other.loopback or next(port.address.ip for port in network.interfaces_of(id_)))}
        for id_, other in sorted(network.nodes.items())
    ]
