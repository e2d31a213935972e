"""Which drawings there are, by name: their number, titles, and how their sheets are made."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from inventory.models.estate import Estate
from topology.draw import draw_network, plate
from topology.draw.application_map import application_map
from topology.draw.data_flow import data_flows
from topology.draw.diagram import Diagram
from topology.draw.drawio import Page, page
from topology.draw.job_net import job_nets
from topology.draw.logical import logical_diagrams
from topology.draw.mermaid import draw_mermaid
from topology.draw.network_drawio import network_page
from topology.draw.power import power_diagram
from topology.draw.power_sheets import power_sheets
from topology.draw.programme import draw_programme
from topology.draw.racks import draw_racks, rack_sheets
from topology.draw.words import Language
from topology.model import Network


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A sheet of a drawing: its name as a file, its titles, the drawing as SVG."""

    name: str
    title: str
    other_title: str
    svg: str


@dataclasses.dataclass(frozen=True)
class Drawing:
    """A drawing of an estate: its sheets, and what people edit: pages for draw.io, other sources by their ending."""

    name: str
    number: str
    title: str
    sheets: tuple[Sheet, ...]
    pages: tuple[Page, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()


Maker = Callable[[Estate, Network, Language], tuple[Diagram, ...]]
Draw = Callable[["DrawingKind", Estate, Network, Language], "Drawing | None"]


@dataclasses.dataclass(frozen=True)
class DrawingKind:
    """A kind of drawing: its number, its titles, what draws it; `diagrams` gives what is laid out, where that is so."""

    name: str
    number: str
    ja: str
    en: str
    draw: Draw
    diagrams: Maker | None = None

    def title(self, language: Language) -> str:
        """Return the title in a language."""
        return self.ja if language == "ja" else self.en

    def other_title(self, language: Language) -> str:
        """Return the title in the other language."""
        return self.en if language == "ja" else self.ja

    def make(self, estate: Estate, network: Network, language: Language) -> Drawing | None:
        """Return the drawing, None where the estate has nothing to draw; raises DrawingError."""
        return self.draw(self, estate, network, language)


def _laid_out(maker: Maker) -> Draw:
    """Return what makes a drawing of diagrams, with their sources for Graphviz and for draw.io."""

    def draw(kind: DrawingKind, estate: Estate, network: Network, language: Language) -> Drawing | None:
        diagrams = maker(estate, network, language)
        if not diagrams:
            return None
        sheets = []
        for one in diagrams:
            entries = [box.entry for box in one.boxes] + [row.entry for listed in one.lists for row in listed.rows]
            cites = {entry: estate.cite(entry) for entry in entries if entry}
            sheets.append(Sheet(one.name, one.title, one.other_title, plate.svg(one, cites)))
        source = "\n".join(plate.source(one) for one in diagrams)
        pages = tuple(page(one) for one in diagrams)
        return Drawing(kind.name, kind.number, kind.title(language), tuple(sheets), pages, ((".gv", source),))

    return draw


def _one(kind: DrawingKind, language: Language, svg: str) -> tuple[Sheet, ...]:
    return (Sheet(kind.name, kind.title(language), kind.other_title(language), svg),)


def _network(kind: DrawingKind, estate: Estate, network: Network, language: Language) -> Drawing:
    sheets = _one(kind, language, str(draw_network(network, estate, language)))
    sources = ((".mmd", draw_mermaid(network, estate, language)),)
    pages = (network_page(estate, network, language),)
    return Drawing(kind.name, kind.number, kind.title(language), sheets, pages, sources)


def _racks(kind: DrawingKind, estate: Estate, _network: Network, language: Language) -> Drawing | None:
    records = estate.records
    rooms = dict.fromkeys(rack.room for rack in records.racks.values())
    if not rooms:
        return None
    other: Language = "en" if language == "ja" else "ja"

    def titled(room: str, part: int, shown: Language) -> str:
        name = records.rooms[room].label(shown)
        if shown == "ja":
            return f"{kind.title(shown)}({name}{f' その{part}' if part else ''})"
        return f"{kind.title(shown)} ({name}{f', part {part}' if part else ''})"

    sheets = []
    for room in rooms:
        made = rack_sheets(estate, language, room)
        for number, racks in enumerate(made, 1):
            part = number if len(made) > 1 else 0
            name = f"{kind.name}-{room}" + (f"-{part}" if part else "")
            svg = draw_racks(estate, language, racks)
            sheets.append(Sheet(name, titled(room, part, language), titled(room, part, other), svg))
    return Drawing(kind.name, kind.number, kind.title(language), tuple(sheets))


def _power(kind: DrawingKind, estate: Estate, network: Network, language: Language) -> Drawing | None:
    """Draw the sheets with bars, and hand over boxes and lines for whoever edits them."""
    made = power_sheets(estate, language)
    if not made:
        return None
    names = [kind.name] if len(made) == 1 else [f"{kind.name}-{number}" for number in range(1, len(made) + 1)]
    sheets = (Sheet(name, one.title, one.other_title, one.svg) for name, one in zip(names, made, strict=True))
    edited = power_diagram(estate, network, language)
    source = "\n".join(plate.source(one) for one in edited)
    pages = tuple(page(one) for one in edited)
    return Drawing(kind.name, kind.number, kind.title(language), tuple(sheets), pages, ((".gv", source),))


def _programme(kind: DrawingKind, estate: Estate, _network: Network, language: Language) -> Drawing | None:
    if not estate.records.programme:
        return None
    sheets = _one(kind, language, draw_programme(estate, language))
    return Drawing(kind.name, kind.number, kind.title(language), sheets)


_KINDS = (
    DrawingKind("network-diagram", "NW-01", "ネットワーク構成図", "Network diagram", _network),
    DrawingKind(
        "logical-diagram", "NW-02", "論理構成図", "Logical diagram", _laid_out(logical_diagrams), logical_diagrams
    ),
    DrawingKind("rack-elevations", "FC-01", "ラック搭載図", "Rack elevations", _racks),
    DrawingKind("power-diagram", "FC-02", "電源系統図", "Power one-line diagram", _power),
    DrawingKind(
        "application-map",
        "AP-01",
        "業務・サービス・サーバ対応図",
        "Application map",
        _laid_out(application_map),
        application_map,
    ),
    DrawingKind("data-flow", "AP-02", "データフロー図", "Data flows", _laid_out(data_flows), data_flows),
    DrawingKind("job-net", "OP-01", "ジョブネット図", "Job net", _laid_out(job_nets), job_nets),
    DrawingKind("programme", "PM-01", "事業工程表", "Programme", _programme),
)
DRAWINGS: dict[str, DrawingKind] = {kind.name: kind for kind in _KINDS}
"""Drawings by name, in the order in which they are bound."""
