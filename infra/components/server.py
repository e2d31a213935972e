"""One server of a service: its node, the volume that outlives it, its certificate."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pulumi

from infra.components.component import Footing, child, refuse
from infra.records import CertificateInputs, NodeInputs
from infra.resources import Certificate, Node, Segment, Volume
from infra.specs import VolumeSpec


@dataclasses.dataclass(frozen=True)
class ServerConfig:
    """The node, its data volumes and its certificate, if it has one."""

    node: NodeInputs
    volumes: tuple[VolumeSpec, ...]
    certificate: CertificateInputs | None

    def __post_init__(self) -> None:
        """A database keeps its data on a volume, and only mounts volumes that it is given; raises InputsInvalid."""
        findings = []
        if self.node.role == "database" and not self.volumes:
            findings.append(("volumes", f"are none, expected one for its data ({self.node.cite})"))
        if {volume.id for volume in self.volumes} != set(self.node.volumes):
            findings.append(("volumes", f"are not those that the node mounts ({self.node.cite})"))
        if self.certificate is not None and self.certificate.issuer is None:
            findings.append(("certificate", f"has no issuer, expected the estate's authority ({self.node.cite})"))
        refuse(self.node.id, findings)


class Server(pulumi.ComponentResource):
    """A server. Its volume is protected and stays when the node is replaced.

    It does not manage what runs on it: the roles in `playbooks/` do.
    """

    def __init__(
        self, config: ServerConfig, footing: Footing, segments: Mapping[str, Segment], authority: pulumi.Resource
    ) -> None:
        """Register volume, certificate and node."""
        super().__init__("twin:estate:Server", config.node.id, None, footing.options())
        self.volumes = [
            Volume(volume.id, volume, child(self, footing.before, protect=True)) for volume in config.volumes
        ]
        self.certificate = (
            Certificate(config.certificate.id, config.certificate, child(self, [authority]))
            if config.certificate
            else None
        )
        after = [segments[port.segment] for port in config.node.ports if port.segment in segments]
        self.node = Node(config.node.id, config.node, child(self, [*after, *self.volumes]))
        self.register_outputs({"addresses": [port.address for port in config.node.ports]})
