"""What share of a circuit's bits is payload: TCP over IPv4 with timestamps, in full packets, by encapsulation.

A rate belongs to a place where bits are counted, so the factor does too. Acknowledgements go the other way and are left
out, and so is what is sent again. Figures: RFC 791 and 9293 (20 + 20 bytes), RFC 7323 (12 bytes of timestamps), IEEE
802.3 (14 + 4 bytes of frame, 8 of preamble, 12 of gap), RFC 2516 (8 bytes of PPPoE and PPP), RFC 4303 and 7348 through
`topology.encapsulation`.
"""

from __future__ import annotations

from typing import Literal

from simulation.errors import MechanismInvalid
from topology.encapsulation import (
    ESP_HEADER,
    ESP_TRAILER,
    GCM_ICV,
    GCM_IV,
    IPV4_HEADER,
    TCP_HEADER,
    UDP_HEADER,
    VXLAN_OVERHEAD,
    tunnel_mtu,
)

Counted = Literal["wire", "shaper", "point-to-point", "packets"]
TIMESTAMPS = 12
PPPOE = 8
# What a place counts beside the IP packet: a wire all of Ethernet, a Linux shaper the header, ns-3 its PPP header.
BESIDE_PACKET: dict[Counted, int] = {"wire": 38, "shaper": 14, "point-to-point": 2, "packets": 0}


def goodput_factor(mtu: int = 1500, counted: Counted = "wire", *, pppoe: bool = False) -> float:
    """Return the payload's share (0 to 1) of what is counted for full packets of `mtu` bytes."""
    return _payload(mtu) / (mtu + BESIDE_PACKET[counted] + (PPPOE if pppoe else 0))


def tunnel_goodput_factor(
    outer_mtu: int,
    counted: Counted = "wire",
    *,
    udp_encapsulation: bool,
    pppoe: bool = False,
    largest_packet: int | None = None,
) -> float:
    """Return the same through VXLAN in ESP (tunnel mode, AES-GCM-16) over a circuit of `outer_mtu` bytes."""
    mtu = tunnel_mtu(outer_mtu, udp_encapsulation, largest_packet)
    encrypted = -(-(mtu + VXLAN_OVERHEAD + ESP_TRAILER) // 4) * 4
    outside = IPV4_HEADER + ESP_HEADER + GCM_IV + GCM_ICV + (UDP_HEADER if udp_encapsulation else 0)
    return _payload(mtu) / (outside + encrypted + BESIDE_PACKET[counted] + (PPPOE if pppoe else 0))


def _payload(mtu: int) -> int:
    """Return the payload (bytes) of a full packet; raises MechanismInvalid where the headers leave none."""
    payload = mtu - IPV4_HEADER - TCP_HEADER - TIMESTAMPS
    if payload <= 0:
        raise MechanismInvalid([f"packets of {mtu} bytes carry no payload, expected more than {mtu - payload}"])
    return payload
