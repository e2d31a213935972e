"""Lines of a drawing as SVG: circuits with their labels, logical lines, clouds, tunnels, LANs and transit segments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from topology.draw import ink
from topology.draw.context import FAINT, INK, LAN, LETTERING, TUNNEL, Context
from topology.draw.places import cross
from topology.draw.shapes import CloudShape, LineShape, PipeShape, PortShape
from topology.draw.words import word

DASHES = "7 4"
OFFSET = 7.0


def draw_pipe(context: Context, shape: PipeShape) -> str:
    """Return a logical line: a pipe around its circuits with its rate."""
    record, box = context.estate.records.circuit_groups[shape.group], shape.box
    rate = context.rate(f"circuit_groups.{shape.group}.rate", record.rate_bps)
    label = rate + word("logical-line", context.language)
    parts = [
        ink.rect(
            box.x,
            box.y,
            box.width,
            box.height,
            rx=26,
            fill="#e9f1fb",
            stroke="#7fa3cf",
            stroke_width=1.4,
            stroke_dasharray="6 3",
        ),
        ink.text(box.centre, box.y + 22, label, 15.5, anchor="middle", font_weight="bold", fill="#1f4e86"),
    ]
    return ink.group(
        f"group-{shape.group}",
        parts,
        context.estate.cite(f"circuit_groups.{shape.group}"),
        f"circuit_groups.{shape.group}",
    )


def draw_cloud(context: Context, shape: CloudShape) -> str:
    """Return a carrier network."""
    box = shape.box
    lines = ink.wrap(context.name("carrier_networks", shape.network), box.width - 40, 14, 2)
    parts = [
        ink.cloud(box.x, box.y, box.width, box.height, fill="#f3eefa", stroke="#7d4bb5", stroke_width=1.5),
        *ink.paragraph(box.centre, box.middle + 18, lines, 14, anchor="middle", font_weight="bold", fill="#4f2f77"),
    ]
    return ink.group(
        f"carrier-{shape.network}",
        parts,
        context.estate.cite(f"carrier_networks.{shape.network}"),
        f"carrier_networks.{shape.network}",
    )


def draw_circuit(context: Context, shape: LineShape) -> str:
    """Return a circuit between its terminals, and the curves from there to the ports and LANs at its ends."""
    id_ = shape.circuit
    colour = context.colour(id_)
    failed = id_ in context.overlay.failed
    parts = list(_fans(context, shape))
    style = context.stroke(colour, 3.6, id_)
    if shape.track is None:
        parts.append(ink.line(shape.x1, shape.y1, shape.x2, shape.y2, **style))
    else:
        way = f"M {ink.number(shape.x1)} {ink.number(shape.y1)} H {ink.number(shape.track)} V {ink.number(shape.y2)}"
        parts.append(ink.element("path", d=f"{way} H {ink.number(shape.x2)}", fill="none", **style))
    if shape.leaves:
        x, y = shape.leaves
        parts.append(ink.curve(x, y, shape.x1, shape.y1, **style))
    for x, y in (shape.leaves or (shape.x1, shape.y1), (shape.x2, shape.y2)):
        parts.append(ink.rect(x - 4, y - 4, 8, 8, fill="#ffffff", stroke=colour, stroke_width=1.8))
    if failed:
        parts += cross(shape.x1 + (shape.x2 - shape.x1) / 6, shape.y1 + (shape.y2 - shape.y1) / 6, 10)
    return ink.group(f"circuit-{id_}", parts, context.estate.cite(f"circuits.{id_}"), f"circuits.{id_}")


def draw_circuit_label(context: Context, shape: LineShape) -> list[str]:
    """Return a circuit's text: what it is and carries above or below its line, its id and addresses in small."""
    id_ = shape.circuit
    circuit = context.estate.records.circuits[id_]
    colour = LETTERING.get(context.colour(id_), context.colour(id_))
    x, y = shape.label_x or (shape.x1 + shape.x2) / 2, (shape.y1 + shape.y2) / 2
    if shape.track is not None:
        x, y = (shape.track + shape.x1) / 2, shape.y1
    segment = context.network.segments.get(id_)
    small = [id_, *([str(segment.prefix)] if segment else []), *([f"MTU {circuit.mtu}"] if circuit.mtu != 1500 else [])]
    small_text = "  ".join(small) + context.footnote(f"circuits.{id_}")
    bold = {"anchor": "middle", "font_weight": "bold", "fill": colour}
    whole = context.circuit_label(id_)
    if shape.track is not None:
        size, lines = ink.fit_title(whole, shape.label_width - 8, 13)
        return [
            *ink.paragraph(x, y - 9 - size * 1.25 * (len(lines) - 1), lines, size, **bold),
            ink.text(x, y + 16, small_text, 12, anchor="middle", fill=FAINT),
        ]
    access = segment is not None and segment.kind == "access"
    if not access and ink.text_width(whole, 13.5) <= shape.label_width:
        encrypted = any(tunnel.underlay == id_ for tunnel in context.network.tunnels.values())
        return [
            ink.text(x, y - (14 if encrypted else 9), whole, 13.5, **bold),
            ink.text(x, y + 16, small_text, 12, anchor="middle", fill=FAINT),
        ]
    facts = [context.service_label(id_), context.rate_label(id_), context.role_label(id_).strip()]
    lines = [line for fact in facts if fact for line in ink.wrap(fact, shape.label_width - 4, 12, 4)]
    below = y + 18 + 15 * len(lines)
    return [
        *ink.paragraph(x, y + 18, lines, 12, **bold),
        *ink.paragraph(x, below, [small[0], "  ".join(small[1:])], 12, anchor="middle", fill=FAINT),
    ]


def draw_tunnels(context: Context) -> list[str]:
    """Return the tunnels: over a carrier network from router to router, on a circuit as a dashed line beside it."""
    parts = []
    underlays = sorted({tunnel.underlay for tunnel in context.network.tunnels.values()})
    for underlay in underlays:
        tunnels = [t for t in context.network.tunnels.values() if t.underlay == underlay]
        style = context.stroke(TUNNEL, 2.2, *[t.id for t in tunnels][:1], stroke_dasharray=DASHES)
        lines = [line for line in context.layout.lines if any(line.circuit in t.segments for t in tunnels)]
        inner = []
        for shape in lines:
            inner.append(ink.line(shape.x1, shape.y1 - OFFSET, shape.x2, shape.y2 - OFFSET, **style))
            if shape.leaves:
                x, y = shape.leaves
                inner.append(ink.curve(x, y - OFFSET, shape.x1, shape.y1 - OFFSET, **style))
            inner += [
                ink.curve(port.x, port.y, x, y - OFFSET, **style)
                for tunnel in tunnels
                for end in (tunnel.a, tunnel.z)
                for port in [_port(context, f"{end.node}/{end.interface}")]
                if port is not None and _segment_of(context, end.node, end.underlay_interface) == shape.circuit
                for x, y in [_terminal(context, shape, end.node)]
            ]
        cloud = next((c for c in context.layout.clouds if c.network == underlay), None)
        if cloud is not None:
            y = cloud.box.middle - OFFSET
            inner.append(ink.line(cloud.box.x + 6, y, cloud.box.right - 6, y, **style))
        paths = [f"circuits.{segment}.tunnel_profile" for segment in tunnels[0].segments]
        label = word("encryption", context.language) + context.footnote(*paths)
        profile = context.estate.records.encryption.tunnel_profiles[tunnels[0].profile].label(context.language)
        detail = f"{profile}  MTU {tunnels[0].mtu} / MSS {tunnels[0].mss}"
        if cloud is not None:
            inner += _badge(cloud.box.centre, cloud.box.y + 14, label)
            inner += _on_paper(cloud.box.centre, cloud.box.y - 8, [detail], TUNNEL)
        elif lines:
            many = word("tunnels", context.language, count=len(tunnels))
            place = lines[0]
            inner += _badge(place.x2 - 66, (place.y1 + place.y2) / 2, label)
            inner.append(ink.text(place.x1 + 14, place.y1 + 16, f"{many}  MTU {tunnels[0].mtu}", 12, fill=TUNNEL))
        parts.append(ink.group(f"tunnels-{underlay}", inner, context.estate.cite(paths[0])))
    return parts


def draw_lan_lines(context: Context) -> list[str]:
    """Return the lines from each LAN to the routers at its site."""
    parts = []
    for lan in context.layout.lans:
        for port in context.network.members(lan.segment):
            shape = _port(context, port.key)
            if shape is None or context.network.nodes[port.node].site != lan.site:
                continue
            x = lan.box.right if lan.box.right <= shape.x else lan.box.x
            style = context.stroke(LAN, 1.5, lan.segment, port.node)
            parts.append(ink.curve(x, lan.box.middle, shape.x, shape.y, **style))
    return parts


def draw_transit(context: Context) -> list[str]:
    """Return the segments between routers of a site, from each router to the one below it."""
    parts = []
    transits = [s for s in context.network.segments.values() if s.kind == "transit"]
    for index, segment in enumerate(transits):
        members = context.network.members(segment.id)
        boxes = sorted((context.layout.routers[port.node].box.y, port.node) for port in members)
        shapes = [context.layout.routers[node].box for _, node in boxes]
        shift = 18.0 * sum(1 for other in transits[:index] if other.sites == segment.sites)
        for upper, lower in pairwise(shapes):
            x = upper.x + 54 + shift
            nodes = [node for _, node in boxes]
            parts.append(ink.line(x, upper.bottom, x, lower.y, **context.stroke(LAN, 1.8, segment.id, *nodes)))
            label = f"{segment.id}  {segment.prefix}"
            parts.append(ink.text(x + 7, (upper.bottom + lower.y) / 2 + 4, label, 12, fill=FAINT))
    return parts


def _fans(context: Context, shape: LineShape) -> Iterator[str]:
    """Yield the curves between a circuit's terminals and what is attached to it."""
    id_, colour = shape.circuit, context.colour(shape.circuit)
    segments = [s for s in context.network.segments.values() if s.circuit == id_]
    for segment in segments:
        for port in context.network.members(segment.id):
            mark = _port(context, port.key)
            if mark is None:
                continue
            x, y = _terminal(context, shape, port.node)
            yield ink.curve(mark.x, mark.y, x, y, **context.stroke(colour, 1.8, id_, port.node))
    carried = {segment.id for segment in segments if segment.kind == "lan"}
    for lan in context.layout.lans:
        if lan.segment in carried:
            near = lan.box.x if abs(lan.box.x - shape.x2) < abs(lan.box.right - shape.x1) else lan.box.right
            x, y = (shape.x2, shape.y2) if near == lan.box.x else (shape.x1, shape.y1)
            yield ink.curve(x, y, near, lan.box.middle, **context.stroke(colour, 1.8, id_, lan.segment))


def _terminal(context: Context, shape: LineShape, node: str) -> tuple[float, float]:
    """Return the end of a circuit's line at which a node is attached: the nearer one."""
    box = context.layout.routers[node].box
    ends = ((shape.x1, shape.y1), (shape.x2, shape.y2))
    return min(ends, key=lambda end: abs(end[0] - box.centre) + abs(end[1] - box.middle))


def _port(context: Context, key: str) -> PortShape | None:
    router = context.layout.routers.get(key.partition("/")[0])
    return next((port for port in router.ports if port.key == key), None) if router else None


def _segment_of(context: Context, node: str, interface: str) -> str:
    return context.network.interface(node, interface).segment


def _badge(x: float, y: float, label: str) -> list[str]:
    """Return the mark of encryption: a padlock and the word, centred at `(x, y)`."""
    width = ink.text_width(label, 12) + 32
    return [
        ink.rect(x - width / 2, y - 11, width, 22, rx=11, fill="#fff3d6", stroke=TUNNEL, stroke_width=1.3),
        *ink.lock(x - width / 2 + 9, y - 2.5, 10, TUNNEL),
        ink.text(x - width / 2 + 24, y + 4.5, label, 12, font_weight="bold", fill="#8a4300"),
    ]


def _on_paper(x: float, y: float, lines: list[str], colour: str = INK) -> list[str]:
    """Return centred lines of text on a white ground, so that lines behind do not cross them."""
    width = max(ink.text_width(line, 12) for line in lines) + 8
    ground = ink.rect(x - width / 2, y - 11, width, 15 * len(lines) + 2, fill="#ffffff", fill_opacity=0.9)
    return [ground, *ink.paragraph(x, y, lines, 12, anchor="middle", fill=colour)]
