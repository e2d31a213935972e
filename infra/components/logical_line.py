"""A logical line: circuits between the same sites that carry one city's traffic together."""

from __future__ import annotations

import dataclasses

import pulumi

from infra.components.circuit import Circuit, CircuitConfig
from infra.components.component import Footing, refuse
from infra.specs import SegmentSpec


@dataclasses.dataclass(frozen=True)
class LogicalLineConfig:
    """The line's rate (bit/s, at the lab's scale) and its members' segments."""

    id: str
    rate_bps: float
    members: tuple[SegmentSpec, ...]
    cite: str

    def __post_init__(self) -> None:
        """Members must join the same sites and make up the line's rate; raises InputsInvalid."""
        findings = []
        if len(self.members) < 2:
            findings.append(("members", f"are {len(self.members)}, expected two or more ({self.cite})"))
        if len({frozenset(member.ends) for member in self.members}) > 1:
            ends = ", ".join(f"{member.id}: {' and '.join(member.ends)}" for member in self.members)
            findings.append(("members", f"end at different sites ({ends}), expected the same two ({self.cite})"))
        total_bps = sum(member.rate_bps for member in self.members)
        if total_bps < self.rate_bps * (1 - 1e-9):
            findings.append(("rate_bps", f"is {self.rate_bps:g}, its members carry {total_bps:g} ({self.cite})"))
        refuse(self.id, findings)


class LogicalLine(pulumi.ComponentResource):
    """A logical line with its member circuits.

    It does not spread flows over them: equal-cost routing by the routers at both ends does. One flow never exceeds the
    rate of one member.
    """

    def __init__(self, config: LogicalLineConfig, footing: Footing) -> None:
        """Register the line and its circuits."""
        super().__init__("twin:estate:LogicalLine", config.id, None, footing.options())
        self.circuits = tuple(Circuit(CircuitConfig(member), footing, self) for member in config.members)
        self.register_outputs({"rate_bps": config.rate_bps, "members": [member.id for member in config.members]})
