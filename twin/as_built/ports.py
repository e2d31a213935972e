"""Ports of a node: addresses, MTU, whether they are up, and whatever interface nobody declared."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from topology.as_built import Fact
from twin.as_built.answer import Answer
from twin.as_built.design import NodeDesign

_OWN_LOOPBACK = "127.0.0.1/8"
# strongSwan's own device where the kernel has no ESP.
_ESP_DEVICE = "ipsec"


def declared(design: NodeDesign, _answer: Answer) -> Iterator[Fact]:
    """Yield what the estate says of each port, loopback address and tunnel."""
    network = design.whole.network
    for port in design.spec.ports:
        entry = f"{design.owner}.interfaces.{port.name}"
        yield design.fact("address-plan", port.name, "address", port.address, entry)
        gateway = network.gateways.get(port.segment)
        if gateway and gateway.routers[0] == design.node.id and str(gateway.address.ip) != _ip(port.address):
            shared = str(gateway.address.ip)
            yield design.fact("address-plan", port.name, "shared address", shared, f"segments.{port.segment}")
        circuit = network.segments[port.segment].circuit
        yield design.fact("connection-list", port.name, "state", "up", entry)
        yield design.fact(
            "connection-list", port.name, "MTU", str(port.mtu), f"circuits.{circuit}.mtu" if circuit else entry
        )
    for address in design.spec.loopbacks:
        yield design.fact("address-plan", "lo", address, "present", "routing.loopback_pool")
    for tunnel in design.variables.get("router__tunnels", []):
        yield design.fact("address-plan", tunnel["name"], "address", tunnel["address"])
        yield design.fact("connection-list", tunnel["name"], "state", "up")
        yield design.fact("connection-list", tunnel["name"], "MTU", str(tunnel["mtu"]))


def observed(design: NodeDesign, answer: Answer) -> Iterator[Fact]:
    """Yield what the node's links say."""
    links = {
        design.port_names.get(link["ifname"], link["ifname"]): link
        for link in answer.json("links") or []
        if "ifname" in link
    }
    known = {port.name: port.address for port in design.spec.ports}
    known |= {tunnel["name"]: tunnel["address"] for tunnel in design.variables.get("router__tunnels", [])}
    for address in _addresses(links.get("lo", {})):
        if address != _OWN_LOOPBACK:
            yield design.fact("address-plan", "lo", address, "present")
    for name, link in links.items():
        if name in known:
            yield from _port(design, name, link, known[name])
        elif name != "lo" and not name.startswith(_ESP_DEVICE) and ("UP" in link["flags"] or _addresses(link)):
            words = ["up" if "UP" in link["flags"] else "down", *_addresses(link)]
            yield design.fact("connection-list", name, "port", ", ".join(words))


def _port(design: NodeDesign, name: str, link: dict[str, Any], own: str) -> Iterator[Fact]:
    up = {"UP", "LOWER_UP"} <= set(link["flags"])
    yield design.fact("connection-list", name, "state", "up" if up else "down")
    yield design.fact("connection-list", name, "MTU", str(link["mtu"]))
    segment = next((port.segment for port in design.spec.ports if port.name == name), None)
    gateway = design.whole.network.gateways.get(segment) if segment else None
    shared = str(gateway.address.ip) if gateway and str(gateway.address.ip) != _ip(own) else None
    found = _addresses(link)
    if any(_ip(address) == shared for address in found):
        yield design.fact("address-plan", name, "shared address", str(shared))
    found = [address for address in found if _ip(address) != shared]
    # Where the own address is there, every other one is extra; else the first took its place.
    first = own if own in found else next(iter(found), None)
    if first:
        yield design.fact("address-plan", name, "address", first)
    for address in found:
        if address != first:
            yield design.fact("address-plan", name, f"address {address}", "present")


def _ip(address: str) -> str:
    return str(ipaddress.ip_interface(address).ip)


def _addresses(link: dict[str, Any]) -> list[str]:
    """Return the addresses of a link that others could use: IPv4, and IPv6 beyond the link itself."""
    found = (info for info in link.get("addr_info", ()) if "local" in info)
    return [
        f"{info['local']}/{info['prefixlen']}"
        for info in found
        if info["family"] == "inet" or info.get("scope") == "global"
    ]
