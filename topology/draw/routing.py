"""The routing sheet of the logical diagram: routers by site, segments between them, circuits, tunnels, OSPF costs."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.estate import Estate
from topology.draw.context import TUNNEL
from topology.draw.diagram import Box, Diagram, Frame, Line, titles
from topology.draw.words import Language, word
from topology.model import Network, Segment

PAIR = 2


def routing_diagram(estate: Estate, network: Network, language: Language, zone: str) -> Diagram:
    """Return the sheet of a zone without hosts: what joins the routers, with prefixes, addresses and costs."""
    records = estate.records
    pairs = [one for one in network.segments.values() if one.kind == "transit" and len(network.members(one.id)) == PAIR]
    between = [one for one in network.segments.values() if one.kind != "lan" and one not in pairs]
    boxes = [_router(estate, network, language, node.id) for node in network.routers()]
    boxes += [_segment(estate, language, segment) for segment in between]
    boxes += [
        Box(f"net:{id_}", "cloud", records.carrier_networks[id_].label(language), (), f"carrier_networks.{id_}")
        for id_ in network.carrier_networks
    ]
    lines = [line for segment in between for line in _joints(estate, network, segment)]
    lines += [_pair(network, segment) for segment in pairs]
    for tunnel in network.tunnels.values():
        label = f"{records.encryption.tunnel_profiles[tunnel.profile].label(language)}\n{tunnel.a.address.network}"
        lines.append(Line(tunnel.a.node, tunnel.z.node, label, TUNNEL, dashed=True, arrow=False, level=True))
    sites = dict.fromkeys(box.frame for box in boxes if box.frame)
    frames = tuple(
        Frame(
            site, records.sites[site].label(language), f"sites.{site}", None,
            tuple(node.id for node in network.routers() if node.site == site),
        )
        for site in sites
        if site
    )  # fmt: skip
    name = records.zones[zone]
    title, other = titles(f"論理構成図({name.name_ja})", f"Logical diagram ({name.name})", language)
    return Diagram(
        f"logical-diagram-{zone}", title, other, records.estate.label(language), language, tuple(boxes), tuple(lines),
        frames, (word("cost-note", language),), turns=True,
    )  # fmt: skip


def _pair(network: Network, segment: Segment) -> Line:
    """Return the line between the two routers of a site, with the prefix of the segment between them."""
    a, z = network.members(segment.id)
    return Line(a.node, z.node, str(segment.prefix), arrow=False, level=True)


def _router(estate: Estate, network: Network, language: Language, id_: str) -> Box:
    node = network.nodes[id_]
    name = estate.records.devices[id_].label(language)
    costs = {
        (end, port): one.cost
        for one in network.adjacencies
        if not one.tunnel
        for end, port in ((one.a, one.a_interface), (one.z, one.z_interface))
    }
    ports = []
    for port in network.interfaces_of(id_):
        if network.segments[port.segment].kind != "lan":
            cost = costs.get((id_, port.name))
            ports.append(f"{port.name}  {port.address}" + (f"  cost {cost}" if cost else ""))
    return Box(id_, "router", name, (f"lo  {node.loopback}/32", *ports), f"devices.{id_}", node.site, left=True)


def _segment(estate: Estate, language: Language, segment: Segment) -> Box:
    records = estate.records
    if segment.circuit:
        circuit, entry = records.circuits[segment.circuit], f"circuits.{segment.circuit}"
        return Box(f"seg:{segment.id}", "segment", circuit.label(language), (str(segment.prefix),), entry)
    record = records.segments[segment.id]
    entry = f"segments.{segment.id}"
    return Box(f"seg:{segment.id}", "segment", record.label(language), (str(segment.prefix),), entry, record.site)


def _joints(estate: Estate, network: Network, segment: Segment) -> Iterator[Line]:
    """Yield the lines of a segment to its ports, from its `a` side to its `z` side."""
    own = f"seg:{segment.id}"
    for index, port in enumerate(network.members(segment.id)):
        after = port.end == "z" or (segment.kind == "transit" and index)
        yield Line(*((own, port.node) if after else (port.node, own)), arrow=False)
    for id_ in network.carrier_networks:
        if id_ in segment.sites:
            ends = estate.records.circuits[segment.id].ends if segment.id in estate.records.circuits else None
            first = ends is not None and ends.a == id_
            yield Line(*((f"net:{id_}", own) if first else (own, f"net:{id_}")), arrow=False)
