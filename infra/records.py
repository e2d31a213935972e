"""The inputs of resources that are more than a spec; the program fills them, the provider's handlers read them.

Every record is plain values: it goes over the wire as JSON and comes back the same.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from infra.specs import CarrierNetworkSpec, NodeSpec


@dataclasses.dataclass(frozen=True)
class CarrierNetworkInputs(CarrierNetworkSpec):
    """The spec and, by access segment, the form of what it attaches to: a rebuilt segment needs a new attachment."""

    attachments: dict[str, str]

    def spec(self) -> CarrierNetworkSpec:
        """Return what the target is asked for."""
        return CarrierNetworkSpec(self.id, self.ports, self.cite)


@dataclasses.dataclass(frozen=True)
class NodeInputs(NodeSpec):
    """The spec and, by port, the form of the segment it attaches to: a rebuilt segment needs a new attachment."""

    attachments: dict[str, str]

    def spec(self) -> NodeSpec:
        """Return what the target is asked for."""
        return NodeSpec(**{field.name: getattr(self, field.name) for field in dataclasses.fields(NodeSpec)})


@dataclasses.dataclass(frozen=True)
class SecretInputs:
    """Which estate's secret, what it protects, its length in bytes before encoding, and the line that asks for it."""

    id: str
    estate: str
    purpose: str
    length: int
    cite: str


@dataclasses.dataclass(frozen=True)
class CertificateInputs:
    """Whose certificate; `issuer` names the authority's certificate, none makes it an authority itself.

    `issuer_digest` changes with the authority's own inputs, so that what it issued follows.
    """

    id: str
    estate: str
    purpose: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    issuer: str | None
    issuer_digest: str | None
    cite: str


@dataclasses.dataclass(frozen=True)
class ProvisioningInputs:
    """Which estate, and digests of what its hosts hang on: `sources` of all of them, `hosts` of each alone."""

    id: str
    estate: str
    overrides: tuple[str, ...]
    sources: str
    hosts: dict[str, str]


@dataclasses.dataclass(frozen=True)
class GateInputs:
    """The gate's rows as `twin gate --json` gives them, and what they stand on."""

    id: str
    estate: str
    estate_digest: str
    overrides: tuple[str, ...]
    seed: int
    replications: int
    rows: tuple[dict[str, Any], ...]


@dataclasses.dataclass(frozen=True)
class VerificationInputs:
    """What is verified: the plan's digest, the checks' digest, and the revisions of everything that stands."""

    id: str
    estate: str
    overrides: tuple[str, ...]
    plan: str
    checks: str
    revisions: dict[str, str]
