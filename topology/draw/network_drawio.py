"""The network diagram for draw.io: sites as containers, routers and segments in them, circuits as connectors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import escape

from inventory.models.estate import Estate
from topology.draw.context import TUNNEL, Context
from topology.draw.diagram import FILLS
from topology.draw.drawio import Page, edge, font, vertex
from topology.draw.graphviz import FRAME, GROUND
from topology.draw.layout import lay_out
from topology.draw.overlay import Overlay
from topology.draw.shapes import Box as Place
from topology.draw.words import Language, word
from topology.model import Network, Segment

JOINT = 14.0


def network_page(estate: Estate, network: Network, language: Language) -> Page:
    """Return the page: everything where the drawing has it, so that who knows the drawing finds it again."""
    context = Context(network, estate, lay_out(network, estate, language), language, Overlay())
    cells = (*_places(context), *_circuits(context), *_lans(context), *_tunnels(context))
    return Page(word("drawing", language), cells)


def _places(context: Context) -> Iterator[str]:
    """Yield sites, and in each its routers, its segments and their hosts; carriers' networks between them."""
    sites = {shape.site: shape.box for shape in context.layout.sites}
    for site, box in sites.items():
        style = (
            f"rounded=1;arcSize=2;container=1;collapsible=0;fillColor={GROUND};strokeColor={FRAME};verticalAlign=top;"
            f"fontStyle=1;{font(15)}"
        )
        yield vertex(f"site:{site}", escape(context.name("sites", site)), style, box, None, entry=f"sites.{site}")
    for node, router in context.layout.routers.items():
        site = context.network.nodes[node].site
        words = f"<b>{escape(context.name('devices', node))}</b><br>lo {context.network.nodes[node].loopback}"
        more = {"entry": f"devices.{node}", "parent_id": f"site:{site}"}
        yield vertex(f"node:{node}", words, _style("router", 11), router.box, sites[site], **more)
    for lan in context.layout.lans:
        record = context.estate.records.segments[lan.segment]
        vlan = f"  VLAN {record.vlan}" if record.vlan else ""
        prefix = context.network.segments[lan.segment].prefix
        hosts = [
            f"{escape(context.name('devices', port.node))} {port.address.ip}"
            for port in context.network.members(lan.segment)
            if port.node in lan.hosts
        ]
        words = "<br>".join([f"<b>{escape(record.label(context.language))}</b>", f"{prefix}{vlan}", *hosts])
        more = {"entry": f"segments.{lan.segment}", "parent_id": f"site:{lan.site}"}
        yield vertex(f"seg:{lan.segment}", words, _style("segment", 10.5), lan.box, sites[lan.site], **more)
    for cloud in context.layout.clouds:
        words = f"<b>{escape(context.name('carrier_networks', cloud.network))}</b>"
        style, entry = "shape=cloud;" + _style("cloud", 12), f"carrier_networks.{cloud.network}"
        yield vertex(f"net:{cloud.network}", words, style, cloud.box, None, entry=entry)


def _circuits(context: Context) -> Iterator[str]:
    """Yield each circuit between sites as a joint with its words, and the connectors from there to its ports."""
    for line in context.layout.lines:
        segment = context.network.segments.get(line.circuit)
        if segment is None:
            continue
        middle = Place((line.x1 + line.x2) / 2 - line.label_width / 2, line.y1 - JOINT, line.label_width, 2 * JOINT)
        words = f"{escape(context.circuit_label(line.circuit))}<br>{segment.prefix}"
        colour = context.colour(line.circuit)
        style = f"rounded=1;arcSize=50;fillColor=#ffffff;strokeColor={colour};{font(10)}"
        yield vertex(f"seg:{segment.id}", words, style, middle, None, entry=f"circuits.{line.circuit}")
        yield from _joints(context, segment, colour)
        for network_id in context.network.carrier_networks:
            if network_id in segment.sites:
                id_ = f"{segment.id}--{network_id}"
                yield edge(id_, "", _connector(colour, 3), (f"seg:{segment.id}", f"net:{network_id}"))


def _lans(context: Context) -> Iterator[str]:
    """Yield the connectors of segments within sites, and of segments between a site's routers."""
    drawn = {lan.segment for lan in context.layout.lans}
    for segment in context.network.segments.values():
        if segment.id in drawn:
            colour = context.colour(segment.circuit) if segment.circuit else "#8796a8"
            yield from _joints(context, segment, colour)
        elif segment.kind == "transit":
            ports = context.network.members(segment.id)
            for a, z in pairwise(ports):
                ends = (f"node:{a.node}", f"node:{z.node}")
                yield edge(f"{a.key}--{z.key}", str(segment.prefix), _connector("#8796a8", 2), ends)


def _joints(context: Context, segment: Segment, colour: str) -> Iterator[str]:
    for port in context.network.members(segment.id):
        if context.network.nodes[port.node].role == "router":
            words = f"{port.name} .{str(port.address.ip).rpartition('.')[2]}"
            ends = (f"node:{port.node}", f"seg:{segment.id}")
            yield edge(f"port:{port.key}", words, _connector(colour, 2), ends)


def _tunnels(context: Context) -> Iterator[str]:
    for tunnel in context.network.tunnels.values():
        profile = context.estate.records.encryption.tunnel_profiles[tunnel.profile].label(context.language)
        words = f"{word('encryption', context.language)} {escape(profile)}"
        ends = (f"node:{tunnel.a.node}", f"node:{tunnel.z.node}")
        yield edge(f"tunnel:{tunnel.id}", words, _connector(TUNNEL, 2) + "dashed=1;", ends)


def _connector(colour: str, width: int) -> str:
    return f"edgeStyle=orthogonalEdgeStyle;rounded=1;endArrow=none;strokeColor={colour};strokeWidth={width};{font(9)}"


def _style(kind: str, size: float) -> str:
    fill, stroke = FILLS[kind]  # type: ignore[index]
    return f"rounded=1;fillColor={fill};strokeColor={stroke};{font(size)}"
