"""Drawings of a network: SVG, PNG and Mermaid, in Japanese or English, laid out as slide 20 of the deck."""

from __future__ import annotations

from typing import Literal

from inventory.models.estate import Estate
from topology.draw.errors import DrawingError
from topology.draw.mermaid import draw_mermaid
from topology.draw.overlay import Overlay
from topology.draw.picture import draw_svg
from topology.draw.png import to_png
from topology.draw.words import LANGUAGES, Language
from topology.model import Network

Form = Literal["svg", "png", "mermaid"]
FORMS: tuple[Form, ...] = ("svg", "png", "mermaid")

__all__ = ["FORMS", "LANGUAGES", "DrawingError", "Form", "Language", "Overlay", "draw_network"]


def draw_network(
    network: Network,
    estate: Estate,
    language: Language = "ja",
    form: Form = "svg",
    overlay: Overlay | None = None,
) -> bytes | str:
    """Return the network's drawing: text for `svg` and `mermaid`, bytes for `png`.

    `overlay` marks what failed and what a path uses. Raises DrawingError where PNG cannot be made here.
    """
    if form == "mermaid":
        return draw_mermaid(network, estate, language)
    svg = draw_svg(network, estate, language, overlay or Overlay())
    return to_png(svg) if form == "png" else svg
