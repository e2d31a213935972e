"""Sites, routers and LANs of a drawing as SVG."""

from __future__ import annotations

from topology.draw import ink
from topology.draw.context import FAILED, FAINT, INK, LAN, TUNNEL, USED, Context
from topology.draw.interior import HOST_STEP, LAN_HEAD, LAN_TITLE, PAD, TITLE_SIZE, lan_title
from topology.draw.shapes import LanShape, PortShape, RouterShape, SiteShape
from topology.draw.words import word

_FRAMES = {
    "data-centre": ("#eef3fa", "#31527d"),
    "hall": ("#f6f3ec", "#75633c"),
    "network-building": ("#eef5ee", "#41694a"),
}


def draw_site(context: Context, shape: SiteShape) -> str:
    """Return a site's frame with its name."""
    record = context.estate.records.sites[shape.site]
    fill, edge = _FRAMES[record.kind]
    box = shape.box
    size, lines = ink.fit_title(record.label(context.language), box.width - 2 * PAD, TITLE_SIZE)
    parts = [
        ink.rect(box.x, box.y, box.width, box.height, rx=8, fill=fill, stroke=edge, stroke_width=1.6),
        ink.element(
            "path",
            d=f"M {ink.number(box.x)} {ink.number(box.y + shape.header)} v {ink.number(8 - shape.header)} "
            f"a 8 8 0 0 1 8 -8 h {ink.number(box.width - 16)} a 8 8 0 0 1 8 8 v {ink.number(shape.header - 8)} z",
            fill=edge,
        ),
        *ink.paragraph(box.centre, box.y + 23, lines, size, anchor="middle", fill="#ffffff", font_weight="bold"),
    ]
    return ink.group(f"site-{shape.site}", parts, context.estate.cite(f"sites.{shape.site}"), f"sites.{shape.site}")


def draw_router(context: Context, shape: RouterShape) -> str:
    """Return a router with its ports; a failed one is crossed out."""
    node, box = context.network.nodes[shape.node], shape.box
    edge, width = INK, 1.4
    if shape.node in context.overlay.used:
        edge, width = USED, 3.0
    if shape.node in context.overlay.failed:
        edge, width = FAILED, 2.4
    parts = [
        ink.rect(box.x, box.y, box.width, box.height, rx=5, fill="#ffffff", stroke=edge, stroke_width=width),
        *_router_icon(box.x + 20, box.y + 22),
        ink.text(box.x + 42, box.y + 19, context.name("devices", shape.node), 13.5, font_weight="bold"),
        ink.text(box.x + 42, box.y + 35, f"{_router_kind(context, shape.node)}  lo {node.loopback}", 12, fill=FAINT),
    ]
    for port in shape.ports:
        parts += _port(context, port)
    if shape.node in context.overlay.failed:
        parts += cross(box.right - 18, box.y + 18, 9)
    return ink.group(f"node-{shape.node}", parts, context.estate.cite(f"devices.{shape.node}"), f"devices.{shape.node}")


def draw_lan(context: Context, shape: LanShape) -> str:
    """Return a segment's box: what it is, its prefix, its zone, and the hosts on it."""
    record = context.estate.records.segments[shape.segment]
    segment, box = context.network.segments[shape.segment], shape.box
    roles = {context.network.nodes[host].role for host in shape.hosts}
    site = context.estate.records.sites[shape.site]
    tag = word(
        "terminals" if roles == {"terminal"} or (not roles and site.kind == "hall") else "servers", context.language
    )
    title = lan_title(record.label(context.language) + context.footnote(f"segments.{shape.segment}"))
    below = box.y + 15 * len(title)
    gateway = context.network.gateways.get(shape.segment)
    facts = str(segment.prefix)
    facts += f"  VLAN {record.vlan}" if record.vlan else ""
    facts += f"  {word('gateway', context.language)} .{str(gateway.address.ip).rpartition('.')[2]}" if gateway else ""
    tag_width = ink.text_width(tag, 12) + 14
    edge = USED if shape.segment in context.overlay.used else LAN
    parts = [
        ink.rect(box.x, box.y + 9, box.width, box.height - 9, rx=5, fill="#ffffff", stroke=edge, stroke_width=1.3),
        ink.rect(box.x + 10, box.y, tag_width, 18, rx=9, fill="#44546a"),
        ink.text(box.x + 10 + tag_width / 2, box.y + 13, tag, 12, anchor="middle", fill="#ffffff"),
        *ink.paragraph(box.x + 10, box.y + 34, title, LAN_TITLE, font_weight="bold"),
        ink.text(box.x + 10, below + 34, facts, 12),
        ink.text(box.x + 10, below + 48, context.name("zones", record.zone), 12, fill=FAINT),
    ]
    for index, host in enumerate(shape.hosts):
        port = next(p for p in context.network.interfaces_of(host) if p.segment == shape.segment)
        y = below + LAN_HEAD + HOST_STEP * (index + 0.75)
        failed = host in context.overlay.failed
        colour = FAILED if failed else INK
        parts += [
            ink.rect(box.x + 11, y - 9, 9, 10, rx=1.5, fill="none", stroke=colour, stroke_width=1.2),
            ink.line(box.x + 13, y - 5.5, box.x + 18, y - 5.5, stroke=colour, stroke_width=1),
            ink.text(box.x + 26, y, context.name("devices", host), 12, fill=colour),
            ink.text(box.right - 10, y, f".{str(port.address.ip).rpartition('.')[2]}", 12, anchor="end"),
        ]
    if not shape.hosts:
        parts.append(ink.text(box.x + 11, below + LAN_HEAD + 13, word("no-hosts", context.language), 12, fill=FAINT))
    return ink.group(
        f"segment-{shape.segment}-{shape.site}",
        parts,
        context.estate.cite(f"segments.{shape.segment}"),
        f"segments.{shape.segment}",
    )


def cross(x: float, y: float, size: float) -> list[str]:
    """Return the mark of something that failed."""
    style = {"stroke": FAILED, "stroke_width": 4.5, "stroke_linecap": "round"}
    return [
        ink.line(x - size, y - size, x + size, y + size, **style),
        ink.line(x - size, y + size, x + size, y - size, **style),
    ]


def _router_kind(context: Context, router: str) -> str:
    """Return what slide 20 calls it: a network device on wide-area lines, a router on access lines."""
    kinds = {context.network.segments[port.segment].kind for port in context.network.interfaces_of(router)}
    words = [
        word(key, context.language)
        for kind, key in (("circuit", "network-device"), ("access", "router"))
        if kind in kinds
    ]
    return word("and", context.language).join(words or [word("network-device", context.language)])


def _port(context: Context, port: PortShape) -> list[str]:
    node, _, name = port.key.partition("/")
    colour = TUNNEL
    if not port.encrypted:
        segment = context.network.segments[context.network.interface(node, name).segment]
        colour = LAN if segment.kind == "lan" else context.colour(str(segment.circuit))
    if port.key in context.overlay.failed:
        colour = FAILED
    left = port.side == "left"
    parts = [
        ink.element("circle", cx=port.x, cy=port.y, r=4, fill=colour, stroke="#ffffff", stroke_width=1),
        ink.text(
            port.x + (9 if left else -9),
            port.y + 4,
            port.label,
            12,
            anchor=None if left else "end",
            fill=colour if port.encrypted or port.key in context.overlay.failed else INK,
        ),
    ]
    return parts + (cross(port.x, port.y, 5) if port.key in context.overlay.failed else [])


def _router_icon(x: float, y: float) -> list[str]:
    """Return the customary sign of a router: a disc with four arrows."""
    arrows = "M {a} {b} l 5 5 m 0 -3.2 v 3.2 h -3.2 M {c} {d} l -5 -5 m 0 3.2 v -3.2 h 3.2 "
    arrows += "M {e} {f} l 5.5 -5.5 m -3.2 0 h 3.2 v 3.2 M {g} {h} l -5.5 5.5 m 3.2 0 h -3.2 v -3.2"
    places = {"a": x - 7, "b": y - 7, "c": x + 7, "d": y + 7, "e": x + 1.5, "f": y - 1.5, "g": x - 1.5, "h": y + 1.5}
    shown = {key: ink.number(value) for key, value in places.items()}
    return [
        ink.element("circle", cx=x, cy=y, r=12.5, fill="#31527d"),
        ink.element("path", d=arrows.format(**shown), fill="none", stroke="#ffffff", stroke_width=1.3),
    ]
