"""Ends of permitted flows, found by their addresses: which segment or device each is, in which zone."""

from __future__ import annotations

import ipaddress

from inventory.models.estate import Estate
from inventory.models.record import said
from topology.draw.words import Language
from topology.model import Network, PermittedFlow

ROUTERS = "routers"
"""Stands for the zone of what serves all zones: the routers' own addresses."""


class Ends:
    """A network's addresses, each with what holds it."""

    def __init__(self, network: Network) -> None:
        """Read every prefix of a segment and every address of a host or router once."""
        self.of: dict[ipaddress.IPv4Network, tuple[str, str]] = {}
        for port in network.interfaces:
            if network.nodes[port.node].loopback is None:
                host = ipaddress.IPv4Network(port.address.ip)
                zone = network.segments[port.segment].zone or ROUTERS
                self.of.setdefault(host, (port.node, zone))
        for node in network.routers():
            self.of[ipaddress.IPv4Network(str(node.loopback))] = (node.id, ROUTERS)
        for segment in network.segments.values():
            self.of[segment.prefix] = (segment.id, segment.zone or ROUTERS)

    def zone(self, address: ipaddress.IPv4Network) -> str:
        """Return the zone that an end of a flow is in."""
        return self.of[address][1]

    def holder(self, address: ipaddress.IPv4Network) -> str:
        """Return the segment or device that an end of a flow is."""
        return self.of[address][0]


def reason_of(estate: Estate, flow: PermittedFlow, language: Language) -> str:
    """Return why a flow is permitted, in a language; where the estate gives no Japanese, as it gives it."""
    record = estate.records.flows.get(flow.id) or estate.records.time_service
    reason: str = said(record, "reason", language)
    return reason


def ports_of(flow: PermittedFlow) -> str:
    """Return a flow's protocol and ports as engineers write them: `tcp/443`."""
    shown = ",".join(str(low) if low == high else f"{low}-{high}" for low, high in flow.ports)
    return f"{flow.protocol}/{shown}" if shown else flow.protocol
