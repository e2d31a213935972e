"""The permitted flows with their addresses filled in: those that the inventory names, and time for every LAN."""

from __future__ import annotations

import ipaddress

from inventory.models.estate import Estate
from topology.model import Interface, PermittedFlow, Segment

NTP_PORT = 123
Loopbacks = dict[str, ipaddress.IPv4Address]


def derive_flows(
    estate: Estate, segments: dict[str, Segment], interfaces: tuple[Interface, ...], loopbacks: Loopbacks
) -> tuple[PermittedFlow, ...]:
    """Return every flow that may pass a router, each with the inventory line that permits it."""
    named = _named_flows(estate, segments, interfaces, loopbacks)
    return (*named, *_time_flows(estate, segments, loopbacks))


def _named_flows(
    estate: Estate, segments: dict[str, Segment], interfaces: tuple[Interface, ...], loopbacks: Loopbacks
) -> list[PermittedFlow]:
    first: dict[str, ipaddress.IPv4Address] = {}
    for port in interfaces:
        first.setdefault(port.node, port.address.ip)

    def prefix(name: str) -> ipaddress.IPv4Network:
        if name in segments:
            return segments[name].prefix
        if name in loopbacks:
            return ipaddress.IPv4Network(loopbacks[name])
        return ipaddress.IPv4Network(first[name])

    result = []
    for id_, flow in sorted(estate.records.flows.items()):
        ports = tuple((port, port) for port in flow.ports) + ((flow.port_range,) if flow.port_range else ())
        result.append(
            PermittedFlow(
                id=id_,
                source=prefix(flow.source),
                destination=prefix(flow.destination),
                protocol=flow.protocol,
                ports=ports,
                reason=flow.reason,
                cite=estate.cite(f"flows.{id_}"),
            )
        )
    return result


def _time_flows(estate: Estate, segments: dict[str, Segment], loopbacks: Loopbacks) -> list[PermittedFlow]:
    """Derive NTP from every LAN to each time server, as the time service asks."""
    service = estate.records.time_service
    return [
        PermittedFlow(
            id=f"time-{segment.id}-{server}",
            source=segment.prefix,
            destination=ipaddress.IPv4Network(loopbacks[server]),
            protocol="udp",
            ports=((NTP_PORT, NTP_PORT),),
            reason=service.reason,
            cite=estate.cite("time_service"),
        )
        for segment in segments.values()
        if segment.kind == "lan"
        for server in service.servers
    ]
