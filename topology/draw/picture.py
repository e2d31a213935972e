"""The network as SVG: the layout's shapes in ink, from the ground up."""

from __future__ import annotations

from inventory.models.estate import Estate
from topology.draw import ink
from topology.draw.context import Context
from topology.draw.layout import MARGIN, lay_out
from topology.draw.margin import FOOT, draw_heading, draw_legend, draw_readings, draw_title_block
from topology.draw.overlay import Overlay
from topology.draw.places import draw_lan, draw_router, draw_site
from topology.draw.strokes import (
    draw_circuit,
    draw_circuit_label,
    draw_cloud,
    draw_lan_lines,
    draw_pipe,
    draw_transit,
    draw_tunnels,
)
from topology.draw.words import Language, word
from topology.model import Network


def draw_svg(network: Network, estate: Estate, language: Language, overlay: Overlay) -> str:
    """Return the drawing as a self-contained SVG document; equal input gives equal bytes."""
    layout = lay_out(network, estate, language)
    context = Context(network, estate, layout, language, overlay)
    foot = layout.height + 20
    parts = [
        draw_heading(context),
        *(draw_site(context, shape) for shape in layout.sites),
        *(draw_pipe(context, shape) for shape in layout.pipes),
        *(draw_cloud(context, shape) for shape in layout.clouds),
        ink.group("lans", draw_lan_lines(context)),
        ink.group("transit", draw_transit(context)),
        *(draw_circuit(context, shape) for shape in layout.lines),
        *draw_tunnels(context),
        *(draw_lan(context, shape) for shape in layout.lans),
        *(draw_router(context, shape) for shape in layout.routers.values()),
        ink.group("labels", [part for shape in layout.lines for part in draw_circuit_label(context, shape)]),
        draw_legend(context, foot),
        draw_readings(context, foot),
        draw_title_block(context, foot),
    ]
    title = f"{word('drawing', language)}: {estate.records.estate.label(language)}"
    return ink.document(layout.width, foot + FOOT - 12 + MARGIN, title, parts)
