"""The network as a Mermaid flowchart, for pages that render it: sites as frames, circuits as nodes between routers."""

from __future__ import annotations

from inventory.models.estate import Estate
from topology.draw.context import Context
from topology.draw.overlay import Overlay
from topology.draw.shapes import Layout
from topology.draw.words import Language, word
from topology.model import Network, Segment

_NO_LAYOUT = Layout(0, 0, (), {}, (), (), (), ())


def draw_mermaid(network: Network, estate: Estate, language: Language) -> str:
    """Return the flowchart; equal input gives equal text."""
    context = Context(network, estate, _NO_LAYOUT, language, Overlay())
    records = estate.records
    sites = [records.estate.data_centre, *(site for site in records.sites if site != records.estate.data_centre)]
    lines = [
        f"%% {word('drawing', language)}: {records.estate.label(language)} ({network.estate_digest[:16]})",
        "flowchart LR",
    ]
    for site in sites:
        lines += _site(context, site)
    lines += _circuits(context)
    lines += _tunnels(context)
    lines += _styles(context)
    return "\n".join(lines) + "\n"


def _site(context: Context, site: str) -> list[str]:
    lines = [f"  subgraph {_id('site', site)}[{_text(context.name('sites', site))}]"]
    for node in context.network.nodes.values():
        if node.site == site:
            label = context.name("devices", node.id)
            label += f"<br/>lo {node.loopback}" if node.loopback else ""
            lines.append(f"    {_id('node', node.id)}[{_text(label)}]")
    for segment in context.network.segments.values():
        if segment.kind == "transit" and site in segment.sites:
            lines.append(f"    {_id('seg', segment.id)}([{_text(f'{segment.id}<br/>{segment.prefix}')}])")
        elif segment.kind == "lan" and context.estate.records.segments[segment.id].site == site:
            label = f"{context.name('segments', segment.id)}<br/>{segment.prefix}"
            lines.append(f"    {_id('seg', segment.id)}([{_text(label)}])")
    return [*lines, "  end"]


def _circuits(context: Context) -> list[str]:
    """Return the nodes that stand for carrier networks, logical lines and circuits, then all attachments."""
    networks = context.network.carrier_networks
    lines = [f"  {_id('net', id_)}(({_text(context.name('carrier_networks', id_))}))" for id_ in networks]
    for group_id, group in context.estate.records.circuit_groups.items():
        if group.kind == "logical-line":
            rate = context.rate(f"circuit_groups.{group_id}.rate", group.rate_bps)
            lines.append(f"  subgraph {_id('group', group_id)}[{_text(rate + word('logical-line', context.language))}]")
            lines += [f"    {_id('seg', member.circuit)}" for member in group.members]
            lines.append("  end")
    segments = context.network.segments.values()
    for segment in segments:
        if segment.kind in ("circuit", "access"):
            label = f"{context.circuit_label(segment.id)}<br/>{segment.prefix}"
            lines.append(f"  {_id('seg', segment.id)}{{{{{_text(label)}}}}}")
    return lines + [line for segment in segments for line in _attachments(context, segment)]


def _attachments(context: Context, segment: Segment) -> list[str]:
    """Return the edges of a segment; what lies left comes first, so that the chart runs from the centre outwards."""
    lines = []
    own = _id("seg", segment.id)
    between = segment.kind in ("circuit", "access")
    for port in context.network.members(segment.id):
        joint = "---"
        if segment.kind == "lan" and segment.circuit and port.end != _own_end(context, segment.id):
            joint = f"---|{_text(context.circuit_label(segment.circuit))}|"
        ends = [own, _id("node", port.node)] if between and port.end == "z" else [_id("node", port.node), own]
        lines.append(f"  {ends[0]} {joint} {ends[1]}")
    for network_id in context.network.carrier_networks:
        if between and network_id in segment.sites:
            ends = [own, _id("net", network_id)] if network_id == segment.sites[1] else [_id("net", network_id), own]
            lines.append(f"  {ends[0]} --- {ends[1]}")
    return lines


def _tunnels(context: Context) -> list[str]:
    lines = []
    for tunnel in context.network.tunnels.values():
        profile = context.estate.records.encryption.tunnel_profiles[tunnel.profile].label(context.language)
        label = _text(f"{word('encryption', context.language)} {profile}")
        lines.append(f"  {_id('node', tunnel.a.node)} -. {label} .- {_id('node', tunnel.z.node)}")
    return lines


def _styles(context: Context) -> list[str]:
    routers = ",".join(_id("node", node.id) for node in context.network.routers())
    return ["  classDef router fill:#dfe9f6,stroke:#31527d", f"  class {routers} router"] if routers else []


def _own_end(context: Context, segment_id: str) -> str:
    """Return the side of a LAN's campus link at which the LAN itself is."""
    record = context.estate.records.segments[segment_id]
    circuit = context.estate.records.circuits[str(record.over)]
    return "a" if circuit.ends.a == record.site else "z"


def _id(kind: str, id_: str) -> str:
    """Return an identifier that Mermaid takes whatever the id is (`end` is a word of its own there)."""
    return f"{kind}_{id_.replace('-', '_')}"


def _text(label: str) -> str:
    """Return a quoted label."""
    return '"' + label.replace('"', "#quot;") + '"'
