"""Circuits, groups of circuits, and the profiles of tunnels over them (terms as in NetBox)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from inventory.models.record import Held, Id, Named, Record, Text
from inventory.quantities import Duration, Rate, show_rate


class CircuitEnds(Record):
    """The two terminations: a site, or (for an access line) a carrier network."""

    a: Id
    z: Id

    @property
    def both(self) -> tuple[str, str]:
        """The two ends, `a` first."""
        return (self.a, self.z)

    @model_validator(mode="before")
    @classmethod
    def _two_ends(cls, value: Any) -> Any:
        if isinstance(value, dict) and len({"a", "z"} & set(value)) == 1:
            raise ValueError("the circuit has one end|two ends, `a` and `z`")
        return value


class Circuit(Named, Held):
    """A line between two ends.

    `rate` is what is printed in the contract; `planning_rate` is what a best-effort line is planned with.
    """

    provider: Id
    service: Literal["wide-area-ethernet", "access-line", "campus-link"]
    service_ja: Text | None = None
    ends: CircuitEnds
    rate_bps: Rate = Field(alias="rate")
    planning_rate_bps: Rate | None = Field(default=None, alias="planning_rate")
    encapsulation: Literal["ethernet", "pppoe"] = "ethernet"
    mtu: int = Field(default=1500, ge=1280, le=9216)
    delay_s: Duration = Field(default=0.0, alias="delay")
    tunnel_profile: Id | None = None

    @property
    def effective_rate_bps(self) -> float:
        """The rate that routing cost, shaper, simulation and checks use, in bit/s."""
        return self.planning_rate_bps or self.rate_bps

    @property
    def rate_text(self) -> str:
        """The contract's rate as printed, such as `1 Gbps`."""
        return show_rate(self.rate_bps)


class GroupMember(Record):
    """A circuit in a group with its priority."""

    circuit: Id
    priority: Literal["primary", "secondary", "active"]


class RiskGroup(Named):
    """Circuits that one event can cut together: a shared duct, bridge or tunnel."""

    kind: Literal["duct", "bridge", "tunnel", "building-entry"]
    circuits: tuple[Id, ...] = Field(min_length=2)


class CircuitGroup(Named):
    """Circuits that serve one purpose: a logical line (all active) or a main line with its backup."""

    kind: Literal["logical-line", "main-and-backup"]
    city: Id
    rate_bps: Rate = Field(alias="rate")
    members: tuple[GroupMember, ...] = Field(min_length=2)


class TunnelProfile(Named):
    """How tunnels are protected: IKEv2 and ESP proposals in strongSwan's notation, and dead-peer detection.

    `largest_packet` (bytes) is what the encryption itself takes at most, where that may be less than a circuit leaves.
    """

    ike_version: Literal[2]
    ike_proposal: Text
    esp_proposal: Text
    authentication: Literal["pre-shared-key"]
    dpd_delay_s: Duration = Field(alias="dpd_delay")
    udp_encapsulation: bool
    largest_packet: int | None = Field(default=None, ge=1280, le=9216)


class Encryption(Record):
    """The profiles by id."""

    tunnel_profiles: dict[Id, TunnelProfile]
