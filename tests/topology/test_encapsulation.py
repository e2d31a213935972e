"""Bytes of encapsulation: the closed form against layouts written out header by header from the RFCs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.encapsulation import VXLAN_OVERHEAD, esp_inner_mtu, mss, tunnel_mtu

IPV4, UDP, SPI, SEQUENCE, IV, TAG, PAD_LENGTH, NEXT_HEADER = 20, 8, 4, 4, 8, 16, 1, 1


def packet_on_the_wire(inner: int, *, udp: bool) -> int:
    """Return the bytes of an ESP packet in tunnel mode, laid out as RFC 4303 figure 1 and RFC 4106 section 3 say."""
    padding = -(inner + PAD_LENGTH + NEXT_HEADER) % 4
    return IPV4 + (UDP if udp else 0) + SPI + SEQUENCE + IV + inner + padding + PAD_LENGTH + NEXT_HEADER + TAG


@given(st.integers(576, 9216), st.booleans())
def test_largest_inner_packet_just_fits(outer_mtu: int, udp: bool) -> None:
    """The inner MTU fits into the outer one, and one byte more does not."""
    inner = esp_inner_mtu(outer_mtu, udp)
    assert packet_on_the_wire(inner, udp=udp) <= outer_mtu < packet_on_the_wire(inner + 1, udp=udp)


@pytest.mark.parametrize(("udp", "inner_mtu", "segment_size"), [(False, 1398, 1358), (True, 1390, 1350)])
def test_paper_values_over_pppoe(udp: bool, inner_mtu: int, segment_size: int) -> None:
    """The figures that are known for ESP with AES-GCM-16 over PPPoE's 1454 bytes."""
    assert esp_inner_mtu(1454, udp) == inner_mtu
    assert mss(inner_mtu) == segment_size


def test_vxlan_costs_fifty_bytes() -> None:
    """Inner Ethernet 14, VXLAN 8, UDP 8, outer IPv4 20 (RFC 7348, section 5)."""
    assert VXLAN_OVERHEAD == 14 + 8 + 8 + 20
    assert tunnel_mtu(1454, udp_encapsulation=True) == 1390 - 50


def test_encryption_may_take_less_than_the_circuit_leaves() -> None:
    """The smaller of both counts."""
    assert tunnel_mtu(1454, udp_encapsulation=True, largest_packet=1400) == 1390 - 50
    assert tunnel_mtu(1500, udp_encapsulation=True, largest_packet=1400) == 1400 - 50
