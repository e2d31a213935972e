"""A zone's sheet of the logical diagram: segments with VLAN, prefix and gateway, hosts, services, routers by site."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.estate import Estate
from topology.draw.diagram import Box, Diagram, Frame, Line, titles
from topology.draw.ends import Ends, ports_of
from topology.draw.ink import wrap
from topology.draw.listing import Listing, Row
from topology.draw.words import Language, word
from topology.model import Network

WAN = "wan"
NAME_WIDE = 118.0
"""Longer names of hosts take a further line: rows of hosts are what makes the sheet wide (points)."""


def zone_diagram(estate: Estate, network: Network, language: Language, zone: str) -> Diagram:
    """Return the sheet: the data centres on the left, the users' sites on the right, routing between them."""
    records = estate.records
    own = [id_ for id_, segment in records.segments.items() if segment.zone == zone]
    boxes: list[Box] = []
    lines: list[Line] = []
    for id_ in own:
        boxes += _segment(estate, network, language, id_)
        lines += _joints(estate, network, id_)
    routers = dict.fromkeys(node for id_ in own for node in _routers(network, id_))
    boxes += [
        Box(node, "router", records.devices[node].label(language), _addresses(network, node, own), f"devices.{node}",
            network.nodes[node].site, left=True)
        for node in routers
    ]  # fmt: skip
    if len({network.nodes[node].site for node in routers}) > 1:
        boxes.append(_wan(estate, network, language))
        lines += [_outward(estate, network.nodes[node].site, node, WAN) for node in routers]
    sites = dict.fromkeys(box.frame for box in boxes if box.frame)
    frames = tuple(Frame(site, records.sites[site].label(language), f"sites.{site}") for site in sites if site)
    name = records.zones[zone]
    title, other = titles(f"論理構成図({name.name_ja})", f"Logical diagram ({name.name})", language)
    return Diagram(
        f"logical-diagram-{zone}", title, other, records.estate.label(language), language, tuple(boxes), tuple(lines),
        frames, turns=True, fanned=True, lists=_flows(estate, network, language, zone),
    )  # fmt: skip


def _segment(estate: Estate, network: Network, language: Language, id_: str) -> Iterator[Box]:
    """Yield a segment's box and those of the hosts on it, with what they serve."""
    records = estate.records
    segment, gateway = records.segments[id_], network.gateways.get(id_)
    facts = [str(network.segments[id_].prefix) + (f"  VLAN {segment.vlan}" if segment.vlan else "")]
    if gateway:
        facts.append(f"{word('gateway', language)} {gateway.address.ip} (VRRP {gateway.vrid})")
    if segment.over:
        facts.append(f"{word('over', language)} {records.circuits[segment.over].label(language)}")
    yield Box(id_, "segment", segment.label(language), tuple(facts), f"segments.{id_}", segment.site)
    for port in network.members(id_):
        node = network.nodes[port.node]
        if node.role != "router":
            served = [
                line
                for service in records.services.values()
                if any(instance.application == node.id for instance in service.instances.values())
                for line in wrap(f"{service.label(language)} tcp/{service.port}", NAME_WIDE, 10, 3)
            ]
            name = "\n".join(wrap(records.devices[node.id].label(language), NAME_WIDE, 11, 3))
            kind = {"application": "server", "database": "store", "terminal": "terminal"}[node.role]
            yield Box(
                node.id, kind, name, (str(port.address.ip), *served),  # type: ignore[arg-type]
                f"devices.{node.id}", node.site,
            )  # fmt: skip


def _joints(estate: Estate, network: Network, id_: str) -> Iterator[Line]:
    """Yield the lines of a segment to its hosts and its routers."""
    site = estate.records.segments[id_].site
    for port in network.members(id_):
        if network.nodes[port.node].role == "router":
            yield _outward(estate, site, id_, port.node)
        else:
            yield _outward(estate, site, port.node, id_)


def _outward(estate: Estate, site: str, inner: str, outer: str) -> Line:
    """Return a line that runs right from what a data centre holds, and right to what another site holds."""
    inside = estate.records.sites[site].kind == "data-centre"
    return Line(*((inner, outer) if inside else (outer, inner)), arrow=False)


def _addresses(network: Network, node: str, segments: list[str]) -> tuple[str, ...]:
    """Return a router's loopback, and its ports on these segments."""
    ports = [f"{port.name}  {port.address.ip}" for port in network.interfaces_of(node) if port.segment in segments]
    return (f"lo  {network.nodes[node].loopback}", *ports)


def _routers(network: Network, segment: str) -> list[str]:
    return [port.node for port in network.members(segment) if network.nodes[port.node].role == "router"]


def _wan(estate: Estate, network: Network, language: Language) -> Box:
    """Return the box that stands for all between the sites; the routing sheet shows it."""
    circuits = [f"{circuit.label(language)}" for circuit in estate.records.circuits.values()]
    tunnels = [word("tunnels", language, count=len(network.tunnels))] if network.tunnels else []
    return Box(WAN, "cloud", word("routing-domain", language), (*circuits, *tunnels))


def _flows(estate: Estate, network: Network, language: Language, zone: str) -> tuple[Listing, ...]:
    """Return the list of the flows that begin or end in a zone, by names; those that leave it are marked."""
    ends, records = Ends(network), estate.records
    found: dict[tuple[str, str, str, str, str | None], list[str]] = {}
    for flow in network.flows:
        touched = {ends.zone(flow.source), ends.zone(flow.destination)}
        if zone in touched:
            record = records.flows.get(flow.id)
            name = record.label(language) if record else word("time-flow", language)
            row = (
                "※" if len(touched) > 1 else "", _name(estate, language, ends.holder(flow.source)), ports_of(flow),
                name,
                f"flows.{flow.id}" if record else None,
            )  # fmt: skip
            found.setdefault(row, []).append(_name(estate, language, ends.holder(flow.destination)))
    if not found:
        return ()
    comma = word("comma", language).rstrip() + "\n"
    sources: dict[tuple[str, str, str, str, str | None], list[str]] = {}
    for (mark, source, ports, name, entry), to in found.items():
        sources.setdefault((mark, comma.join(to), ports, name, entry), []).append(source)
    rows = tuple(
        Row((mark, comma.join(names), to, ports, name), entry)
        for (mark, to, ports, name, entry), names in sources.items()
    )
    headings = tuple(word(key, language) for key in ("flow-from", "flow-to", "flow-ports", "flow-name"))
    return (Listing(word("flows-of-zone", language), ("", *headings), rows),)


def _name(estate: Estate, language: Language, id_: str) -> str:
    """Return the name of a device, or of a segment or circuit with an address range of its own."""
    records = estate.records
    return (records.devices.get(id_) or records.segments.get(id_) or records.circuits[id_]).label(language)
