"""One circuit: a line between two sites, or an access line to a carrier network, as a shaped segment."""

from __future__ import annotations

import dataclasses

import pulumi

from infra.components.component import Footing, child, refuse
from infra.resources import Segment
from infra.specs import SegmentSpec


@dataclasses.dataclass(frozen=True)
class CircuitConfig:
    """The segment that the circuit is realised as."""

    segment: SegmentSpec

    def __post_init__(self) -> None:
        """Refuse what is no circuit; raises InputsInvalid."""
        findings = []
        if self.segment.kind not in ("circuit", "access"):
            findings.append(("kind", f"is {self.segment.kind}, expected circuit or access ({self.segment.cite})"))
        if len(set(self.segment.ends)) != 2:
            findings.append(("ends", f"are {self.segment.ends}, expected two different ones ({self.segment.cite})"))
        refuse(self.segment.id, findings)


class Circuit(pulumi.ComponentResource):
    """A circuit with its rate, delay and MTU.

    It does not manage the routers at its ends, nor the tunnel over it: those belong to the sites and to the roles.
    """

    def __init__(self, config: CircuitConfig, footing: Footing, parent: pulumi.Resource | None = None) -> None:
        """Register the circuit and its segment."""
        super().__init__("twin:estate:Circuit", config.segment.id, None, footing.options(parent))
        self.segment = Segment(config.segment.id, config.segment, child(self, footing.before))
        self.register_outputs({"rate_bps": config.segment.rate_bps, "ends": list(config.segment.ends)})
