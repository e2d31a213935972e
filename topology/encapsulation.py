"""What encapsulation costs: bytes of overhead, and the MTU and MSS that follow.

Sources: RFC 4303 (ESP), RFC 4106 (AES-GCM: 8-byte IV, 16-byte ICV), RFC 3948 (UDP encapsulation), RFC 7348 (VXLAN).
"""

from __future__ import annotations

IPV4_HEADER = 20
TCP_HEADER = 20
UDP_HEADER = 8
ESP_HEADER = 8
GCM_IV = 8
GCM_ICV = 16
ESP_TRAILER = 2
VXLAN_OVERHEAD = 14 + 8 + UDP_HEADER + IPV4_HEADER


def esp_inner_mtu(outer_mtu: int, udp_encapsulation: bool) -> int:
    """Return the largest inner packet (bytes) of ESP in tunnel mode with AES-GCM-16 in an outer MTU (bytes).

    The encrypted part (inner packet, padding, two trailer bytes) is a multiple of 4 bytes.
    """
    outside = IPV4_HEADER + ESP_HEADER + GCM_IV + GCM_ICV + (UDP_HEADER if udp_encapsulation else 0)
    encrypted = (outer_mtu - outside) // 4 * 4
    return encrypted - ESP_TRAILER


def tunnel_mtu(outer_mtu: int, udp_encapsulation: bool, largest_packet: int | None = None) -> int:
    """Return the MTU (bytes) of the VXLAN between the protected loopbacks; `largest_packet` is the encryption's own."""
    inner_mtu = esp_inner_mtu(outer_mtu, udp_encapsulation)
    return min(inner_mtu, largest_packet or inner_mtu) - VXLAN_OVERHEAD


def mss(mtu: int) -> int:
    """Return the TCP maximum segment size (bytes) for an MTU without options."""
    return mtu - IPV4_HEADER - TCP_HEADER
