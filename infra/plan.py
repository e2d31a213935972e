"""From the estate and its network to what a target is asked to make: pure functions, no side effects.

Rates are divided by the lab's declared scale. Leaves how a place makes these things to `infra.targets`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any, Literal

from infra.specs import CarrierNetworkSpec, NodeSpec, PortSpec, SegmentSpec, VolumeSpec
from inventory.models.estate import Estate
from topology.model import Interface, Network, Node, Segment
from topology.secret_files import AUTHORITY, CertificateFile, SecretFile, certificates_of, secrets_of

IMAGES = {"router": "router", "application": "app", "database": "db", "terminal": "terminal"}
DATABASE_FOLDER = "/var/lib/postgresql"
LAN_MTU = 1500


@dataclasses.dataclass(frozen=True)
class Plan:
    """All that stands when the estate stands, by id."""

    estate: str
    estate_digest: str
    segments: dict[str, SegmentSpec]
    carrier_networks: dict[str, CarrierNetworkSpec]
    nodes: dict[str, NodeSpec]
    volumes: dict[str, VolumeSpec]
    secrets: tuple[SecretFile, ...]
    authority: str
    certificates: tuple[CertificateFile, ...]

    def digest(self) -> str:
        """Return the SHA-256 of everything in the plan, citations left out."""
        return digest_of(dataclasses.asdict(self))


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a JSON value; `cite` entries and the estate's digest do not count.

    Moving a record to another line changes what is cited but nothing that stands.
    """
    return hashlib.sha256(json.dumps(_without_citations(value), sort_keys=True).encode()).hexdigest()


def _without_citations(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_citations(item) for key, item in value.items() if key not in ("cite", "estate_digest")}
    if isinstance(value, list | tuple):
        return [_without_citations(item) for item in value]
    return value


def make_plan(estate: Estate, network: Network) -> Plan:
    """Return what the estate needs at the lab's scale."""
    nodes = {id_: _node(estate, network, node) for id_, node in sorted(network.nodes.items())}
    return Plan(
        estate=estate.name,
        estate_digest=estate.digest,
        segments={id_: _segment(estate, network, item) for id_, item in sorted(network.segments.items())},
        carrier_networks={id_: _carrier_network(estate, network, id_) for id_ in sorted(network.carrier_networks)},
        nodes=nodes,
        volumes={
            volume: VolumeSpec(volume, node.id, folder, node.cite)
            for node in nodes.values()
            for volume, folder in node.volumes.items()
        },
        secrets=secrets_of(estate, network),
        authority=AUTHORITY,
        certificates=certificates_of(estate, network),
    )


def _segment(estate: Estate, network: Network, segment: Segment) -> SegmentSpec:
    circuit = estate.records.circuits[segment.circuit] if segment.circuit else None
    own_record = segment.kind in ("lan", "transit")
    return SegmentSpec(
        id=segment.id,
        kind=segment.kind,
        ends=segment.sites,
        rate_bps=segment.rate_bps / estate.records.lab.rate_divisor,
        delay_s=circuit.delay_s if circuit else 0.0,
        mtu=circuit.mtu if circuit else max([LAN_MTU, *(port.mtu for port in network.members(segment.id))]),
        cite=estate.cite(f"segments.{segment.id}" if own_record else f"circuits.{segment.circuit}"),
    )


def _carrier_network(estate: Estate, network: Network, network_id: str) -> CarrierNetworkSpec:
    ports: dict[str, tuple[Literal["a", "z"], str]] = {}
    for segment, address in sorted(network.carrier_networks[network_id].ports.items()):
        end: Literal["a", "z"] = "a" if estate.records.circuits[segment].ends.a == network_id else "z"
        ports[segment] = (end, str(address))
    return CarrierNetworkSpec(network_id, ports, estate.cite(f"carrier_networks.{network_id}"))


def _port(network: Network, interface: Interface) -> PortSpec:
    gateway = network.gateways.get(interface.segment)
    shares = gateway is not None and interface.node in gateway.routers
    return PortSpec(
        name=interface.name,
        segment=interface.segment,
        end=interface.end,
        address=str(interface.address),
        mtu=interface.mtu,
        shared_address=str(gateway.address) if gateway and shares else None,
    )


def _node(estate: Estate, network: Network, node: Node) -> NodeSpec:
    own = [str(node.loopback)] if node.loopback else []
    ends = [
        str(end.endpoint)
        for tunnel in network.tunnels_of(node.id)
        for end in (tunnel.a, tunnel.z)
        if end.node == node.id
    ]
    return NodeSpec(
        id=node.id,
        role=node.role,
        image=IMAGES[node.role],
        cpus=node.cpus,
        memory_bytes=round(node.memory_bytes),
        ports=tuple(_port(network, interface) for interface in network.interfaces_of(node.id)),
        loopbacks=tuple(f"{address}/32" for address in (*own, *ends)),
        gateway=str(node.gateway) if node.gateway else None,
        volumes={f"{node.id}-postgresql": DATABASE_FOLDER} if node.role == "database" else {},
        cite=estate.cite(f"devices.{node.id}"),
    )
