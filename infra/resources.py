"""The provider's types as the program sees them. Inputs are the same records that the provider parses."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import pulumi

from infra.inputs import inputs_of


class TwinProvider(pulumi.ProviderResource):
    """The provider with its settings: estate, replaced values, target and its machines."""

    def __init__(self, *, estate: str, overrides: list[str], target: str, hosts_file: str) -> None:
        """Register it; settings travel as text."""
        settings = {"estate": estate, "set": json.dumps(overrides), "target": target, "hostsFile": hosts_file}
        super().__init__("twin", "twin", settings)


class TwinResource(pulumi.CustomResource):
    """A resource of the provider; `outputs` are the names of what it adds to its inputs."""

    token: ClassVar[str]
    outputs: ClassVar[tuple[str, ...]] = ("revision",)
    revision: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        record: Any,
        opts: pulumi.ResourceOptions | None = None,
        **later: pulumi.Input[Any],
    ) -> None:
        """Register with the inputs in `record`; `later` replaces some of them by outputs of other resources."""
        self.resource_name = name
        inputs = {**inputs_of(record), **later, **dict.fromkeys(self.outputs)}
        super().__init__(self.token, name, inputs, opts)


class Segment(TwinResource):
    """A layer-2 segment (`infra.specs.SegmentSpec`)."""

    token = "twin:network:Segment"  # noqa: S105 - a type's name
    revision: pulumi.Output[str]


class CarrierNetwork(TwinResource):
    """A carrier's forwarding network."""

    token = "twin:network:CarrierNetwork"  # noqa: S105 - a type's name
    revision: pulumi.Output[str]


class Node(TwinResource):
    """A node (`infra.specs.NodeSpec` with attachments)."""

    token = "twin:compute:Node"  # noqa: S105 - a type's name
    revision: pulumi.Output[str]


class Volume(TwinResource):
    """A data volume (`infra.specs.VolumeSpec`)."""

    token = "twin:storage:Volume"  # noqa: S105 - a type's name
    revision: pulumi.Output[str]


class Secret(TwinResource):
    """A random secret."""

    token = "twin:security:Secret"  # noqa: S105 - a type's name
    outputs = ("fingerprint",)
    fingerprint: pulumi.Output[str]


class Certificate(TwinResource):
    """A certificate with its key."""

    token = "twin:security:Certificate"  # noqa: S105 - a type's name
    outputs = ("certificate", "valid_until")
    certificate: pulumi.Output[str]
    valid_until: pulumi.Output[str]


class Provisioning(TwinResource):
    """The roles on all nodes."""

    token = "twin:provision:Provisioning"  # noqa: S105 - a type's name
    revision: pulumi.Output[str]


class Gate(TwinResource):
    """The record of a passed gate."""

    token = "twin:evidence:Gate"  # noqa: S105 - a type's name
    outputs = ("record",)
    record: pulumi.Output[str]


class Verification(TwinResource):
    """The checks of the running estate."""

    token = "twin:evidence:Verification"  # noqa: S105 - a type's name
    outputs = ("summary", "limits")
    summary: pulumi.Output[str]
    limits: pulumi.Output[list[str]]
