"""From the plan to the components' configurations: which circuit, site and server gets what. Registers nothing."""

from __future__ import annotations

import dataclasses

from infra.components.circuit import CircuitConfig
from infra.components.logical_line import LogicalLineConfig
from infra.components.server import ServerConfig
from infra.components.site import SiteConfig
from infra.plan import Plan, digest_of
from infra.records import CarrierNetworkInputs, CertificateInputs, NodeInputs, SecretInputs
from infra.specs import NodeSpec, SegmentSpec
from inventory.models.estate import Estate

SERVER_ROLES = ("application", "database")


def form(segment: SegmentSpec) -> str:
    """Return what a segment is built as; it changes when the segment must be built anew."""
    return f"{segment.kind} {'-'.join(segment.ends)}"


def node_inputs(plan: Plan, node: NodeSpec) -> NodeInputs:
    """Return a node with the forms of the segments that it attaches to."""
    fields = {field.name: getattr(node, field.name) for field in dataclasses.fields(NodeSpec)}
    return NodeInputs(**fields, attachments={port.name: form(plan.segments[port.segment]) for port in node.ports})


def carrier_networks(plan: Plan) -> list[CarrierNetworkInputs]:
    """Return the carrier networks with the forms of their access lines."""
    return [
        CarrierNetworkInputs(
            network.id, network.ports, network.cite, {port: form(plan.segments[port]) for port in network.ports}
        )
        for network in plan.carrier_networks.values()
    ]


def logical_lines(estate: Estate, plan: Plan) -> list[LogicalLineConfig]:
    """Return the logical lines, their rates at the lab's scale."""
    divisor = estate.records.lab.rate_divisor
    return [
        LogicalLineConfig(
            id_,
            group.rate_bps / divisor,
            tuple(plan.segments[member.circuit] for member in group.members),
            estate.cite(f"circuit_groups.{id_}"),
        )
        for id_, group in sorted(estate.records.circuit_groups.items())
        if group.kind == "logical-line"
    ]


def single_circuits(estate: Estate, plan: Plan) -> list[CircuitConfig]:
    """Return the circuits that are no member of a logical line."""
    members = {member.id for line in logical_lines(estate, plan) for member in line.members}
    return [
        CircuitConfig(segment)
        for segment in plan.segments.values()
        if segment.kind in ("circuit", "access") and segment.id not in members
    ]


def sites(estate: Estate, plan: Plan) -> list[SiteConfig]:
    """Return every site with the LANs that start there and its routers and terminals."""
    return [
        SiteConfig(
            id_,
            tuple(item for item in plan.segments.values() if item.kind in ("lan", "transit") and item.ends[0] == id_),
            tuple(
                node_inputs(plan, node)
                for node in plan.nodes.values()
                if estate.records.devices[node.id].site == id_ and node.role not in SERVER_ROLES
            ),
        )
        for id_ in sorted(estate.records.sites)
    ]


def authority(estate: Estate, plan: Plan) -> CertificateInputs:
    """Return the estate's certificate authority."""
    purpose = f"{estate.records.estate.name}: certificate authority"
    return CertificateInputs(plan.authority, estate.name, purpose, (), (), None, None, estate.cite("estate"))


def servers(estate: Estate, plan: Plan) -> list[ServerConfig]:
    """Return every server with its volumes and its certificate."""
    issuer = authority(estate, plan)
    issuer_digest = digest_of(dataclasses.asdict(issuer))
    certificates = {
        item.name: CertificateInputs(
            item.name,
            estate.name,
            item.purpose,
            item.names,
            item.addresses,
            issuer.id,
            issuer_digest,
            estate.cite(f"devices.{item.name}"),
        )
        for item in plan.certificates
    }
    return [
        ServerConfig(
            node_inputs(plan, node),
            tuple(volume for volume in plan.volumes.values() if volume.node == node.id),
            certificates.get(node.id),
        )
        for node in plan.nodes.values()
        if node.role in SERVER_ROLES
    ]


def secrets(estate: Estate, plan: Plan) -> list[SecretInputs]:
    """Return the random secrets: tunnel keys and database passwords."""
    return [
        SecretInputs(item.name, estate.name, item.purpose, item.length, estate.cite(_asked_for_by(item.name)))
        for item in plan.secrets
    ]


def _asked_for_by(secret: str) -> str:
    return "encryption.tunnel_profiles" if secret.startswith("tunnel-") else "services"


def secrets_digest(estate: Estate, plan: Plan) -> str:
    """Return a digest of what the secrets are made of: when it changes, their users are provisioned anew."""
    made_of = [dataclasses.asdict(item) for item in secrets(estate, plan)]
    return digest_of([*made_of, dataclasses.asdict(authority(estate, plan))])
