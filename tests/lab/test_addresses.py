"""Addresses, MTUs and default routes are those of the model."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from testinfra.host import Host

from topology.model import Interface, Network, Node

Links = Callable[[str], dict[str, dict[str, Any]]]


def test_port_has_exactly_its_address(each_port: Interface, links: Links, network: Network) -> None:
    """A port carries its own address and, at most, the gateway address that it shares."""
    link = links(each_port.node)[each_port.name]
    found = {f"{info['local']}/{info['prefixlen']}" for info in link["addr_info"] if info["family"] == "inet"}
    gateway = network.gateways.get(each_port.segment)
    shared = {str(gateway.address), f"{gateway.address.ip}/32"} if gateway else set()
    assert found - shared == {str(each_port.address)}


def test_port_is_up_with_its_mtu(each_port: Interface, links: Links) -> None:
    """A port is up and has the MTU of its circuit."""
    link = links(each_port.node)[each_port.name]
    assert link["mtu"] == each_port.mtu
    assert {"UP", "LOWER_UP"} <= set(link["flags"])


def test_host_sends_by_the_shared_gateway(each_host: Node, hosts: Callable[[str], Host]) -> None:
    """A server or terminal has one default route, to the address that its routers share."""
    routes = json.loads(hosts(each_host.id).check_output("ip -j route show default"))
    assert [route["gateway"] for route in routes] == [str(each_host.gateway)]


def test_router_has_its_loopback_and_no_way_out(each_router: Node, links: Links, hosts: Callable[[str], Host]) -> None:
    """A router's loopback carries its router id, and nothing leads out of the estate."""
    found = {info["local"] for info in links(each_router.id)["lo"]["addr_info"] if info["family"] == "inet"}
    assert str(each_router.loopback) in found
    assert json.loads(hosts(each_router.id).check_output("ip -j route show default")) == []
