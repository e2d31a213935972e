"""How the network and its senders behave in time: protocol timers, measured reaction times."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from inventory.models.record import Id, Record
from inventory.quantities import Duration, Fraction


class BfdTimers(Record):
    """RFC 5880: a session is down after `multiplier` intervals without a packet."""

    enabled: bool
    interval_s: Duration = Field(alias="interval")
    multiplier: Annotated[int, Field(ge=2, le=255)]


class OspfTimers(Record):
    """RFC 2328 and FRR's throttles; all in seconds."""

    hello_s: Duration = Field(alias="hello")
    dead_s: Duration = Field(alias="dead")
    retransmit_s: Duration = Field(alias="retransmit")
    spf_delay_s: Duration = Field(alias="spf_delay")
    spf_hold_s: Duration = Field(alias="spf_hold")
    spf_max_hold_s: Duration = Field(alias="spf_max_hold")
    lsa_hold_s: Duration = Field(alias="lsa_hold")
    lsa_min_arrival_s: Duration = Field(alias="lsa_min_arrival")


class VrrpTimers(Record):
    """RFC 5798: the backup waits 3 advertisements and its skew (256 − priority)/256 advertisement."""

    advertisement_s: Duration = Field(alias="advertisement")
    preempt_delay_s: Duration = Field(alias="preempt_delay")


class TcpTimers(Record):
    """RFC 6298: a sender whose path is away tries again after `first`, then after twice as long each time.

    At most `longest` lies between two attempts. After `attempts` in vain (15: Linux's `tcp_retries2`) the connection
    breaks; one that is being opened begins with `opening_first` and has `opening_attempts` (`tcp_syn_retries`).
    """

    first_s: Duration = Field(alias="first")
    longest_s: Duration = Field(alias="longest")
    attempts: Annotated[int, Field(ge=1, le=255)]
    opening_first_s: Duration = Field(alias="opening_first")
    opening_attempts: Annotated[int, Field(ge=1, le=127)]


class Reaction(Record):
    """A measured reaction time as a triangular distribution: least, most likely, most.

    With a `chance` below 1 it is a delay that only that share of occasions meets.
    """

    low_s: Duration = Field(alias="low")
    mode_s: Duration = Field(alias="mode")
    high_s: Duration = Field(alias="high")
    chance: Fraction = 1.0


class Timers(Record):
    """All timers of the estate. `reactions` are times that no configuration sets, by name."""

    bfd: BfdTimers
    ospf: OspfTimers
    vrrp: VrrpTimers
    tcp: TcpTimers
    reactions: dict[Id, Reaction]
