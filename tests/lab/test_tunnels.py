"""Tunnels carry the declared algorithms, their sizes are as realised, and the carrier sees only IKE and ESP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from testinfra.host import Host

from infra.targets.target import Target
from inventory.models.estate import Estate
from topology.encapsulation import esp_inner_mtu
from topology.model import CarrierNetwork, Network, Tunnel

Hosts = Callable[[str], Host]
Links = Callable[[str], dict[str, dict[str, Any]]]


def test_security_association_has_the_declared_algorithms(each_tunnel: Tunnel, estate: Estate, hosts: Hosts) -> None:
    """Both ends have an established IKEv2 association and an installed ESP one, with the profile's algorithms."""
    profile = estate.records.encryption.tunnel_profiles[each_tunnel.profile]
    for end, other in ((each_tunnel.a, each_tunnel.z), (each_tunnel.z, each_tunnel.a)):
        shown = hosts(end.node).check_output("swanctl --list-sas --raw")
        pair = f"local-host={end.underlay_address} ", f"remote-host={other.underlay_address} "
        mine = next(line for line in shown.splitlines() if all(host in line for host in pair))
        assert "version=2" in mine and "state=ESTABLISHED" in mine
        cipher, *_ = profile.ike_proposal.split("-")
        assert cipher == "aes256gcm16"
        assert mine.count("encr-alg=AES_GCM_16") == 2, "IKE and ESP both use AES-GCM with a 16-byte tag"
        assert mine.count("encr-keysize=256") == 2
        assert "state=INSTALLED" in mine
        assert f"{end.endpoint}/32" in mine and f"{other.endpoint}/32" in mine


def test_tunnel_interface_has_the_mtu_of_the_model(each_tunnel: Tunnel, network: Network, links: Links) -> None:
    """The interface inside the tunnel has the MTU that the encapsulation leaves, never more than the paper value."""
    outer_mtu = min(network.interface(end.node, end.underlay_interface).mtu for end in (each_tunnel.a, each_tunnel.z))
    assert each_tunnel.mtu <= esp_inner_mtu(outer_mtu, udp_encapsulation=False)
    for end in (each_tunnel.a, each_tunnel.z):
        assert links(end.node)[end.interface]["mtu"] == each_tunnel.mtu


def test_largest_packet_passes_and_a_larger_one_does_not(each_tunnel: Tunnel, hosts: Hosts) -> None:
    """A packet of the tunnel's MTU passes without fragments; one byte more is refused at the sender."""
    for end, other in ((each_tunnel.a, each_tunnel.z), (each_tunnel.z, each_tunnel.a)):
        ping = "ping -c 2 -W 2 -M do -s %d " + str(other.address.ip)
        assert hosts(end.node).run(ping % (each_tunnel.mtu - 28)).rc == 0
        refused = hosts(end.node).run(ping % (each_tunnel.mtu - 27))
        assert refused.rc != 0 and "too long" in refused.stdout + refused.stderr


def test_tcp_segments_are_clamped(each_tunnel: Tunnel, hosts: Hosts) -> None:
    """Both ends clamp TCP's segment size to what the tunnel carries."""
    for end in (each_tunnel.a, each_tunnel.z):
        rules = hosts(end.node).check_output("nft list ruleset")
        assert re.search(rf"{end.interface}.*maxseg size set ({each_tunnel.mss}|rt mtu)", rules)


def test_carrier_network_sees_only_ike_and_esp(each_carrier: CarrierNetwork, lab: Target) -> None:
    """Since the lab was made, nothing but IKE and ESP (also in UDP) has crossed the carrier's network."""
    observed = lab.carrier_counters(each_carrier.id)
    assert observed["ike"] > 0
    assert observed["esp"] > 0, "no protected traffic was seen, so the check would prove nothing"
    assert observed["other"] == 0, json.dumps(observed)
