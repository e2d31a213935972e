"""Goodput factors: the figures that were measured, and packets laid out byte by byte."""

from __future__ import annotations

import pytest

from simulation.errors import MechanismInvalid
from simulation.sharing.goodput import goodput_factor, tunnel_goodput_factor


def test_factors_of_full_ethernet_packets() -> None:
    """1448 of 1538 bytes on a wire, of 1514 where a shaper counts frames, of 1502 on a packet simulator's link."""
    assert goodput_factor() == 1448 / 1538
    assert goodput_factor(counted="shaper") == 1448 / 1514
    assert goodput_factor(counted="point-to-point") == 1448 / 1502


def test_shaped_circuit_of_the_lab_gives_what_was_measured() -> None:
    """A token bucket of 50 Mbit/s gave 47.8 Mbit/s of TCP payload."""
    assert 50 * goodput_factor(counted="shaper") == pytest.approx(47.8, abs=0.05)


def test_pppoe_costs_eight_bytes_and_its_smaller_packets() -> None:
    """Packets of 1454 bytes: 1402 of payload in a frame of 14 + 8 + 1454 + 4, with preamble and gap."""
    assert goodput_factor(1454, pppoe=True) == 1402 / (1454 + 8 + 38)


@pytest.mark.parametrize("udp", [False, True])
def test_esp_laid_out_byte_by_byte(udp: bool) -> None:
    """A full packet inside VXLAN inside ESP over PPPoE, added up header by header."""
    outer = 1454
    inner_mtu = (1390 if udp else 1398) - 50
    vxlan = inner_mtu + 14 + 8 + 8 + 20
    padded = vxlan + 2 + (-(vxlan + 2) % 4)
    packet = 20 + (8 if udp else 0) + 8 + 8 + padded + 16
    assert packet <= outer
    factor = tunnel_goodput_factor(outer, udp_encapsulation=udp, pppoe=True)
    assert factor == (inner_mtu - 52) / (packet + 8 + 38)
    assert factor < goodput_factor(outer, pppoe=True)


def test_packets_without_room_for_payload_are_refused() -> None:
    """Headers alone carry nothing."""
    with pytest.raises(MechanismInvalid, match="packets of 52 bytes carry no payload, expected more than 52"):
        goodput_factor(52)
