"""The power one-line diagram (電源系統図), laid out by Graphviz: sources, uninterruptible supplies, feeds, racks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

from inventory.models.estate import Estate
from topology.draw.errors import DrawingError
from topology.draw.ink import FONTS
from topology.draw.words import Language

COMMAND = "dot"
TIMEOUT_S = 60
FILLS = {"grid": "#fbead0", "generator": "#f9dcd5", "ups": "#e6e4f5"}
FRAME = "#8a96a3"
_TITLE = {"ja": "電源系統図", "en": "Power one-line diagram"}
SIDES = {"a": "#0b4f8a", "b": "#b3261e"}


def draw_power(estate: Estate, language: Language) -> str:
    """Return the diagram as an SVG element; raises DrawingError where Graphviz is missing or fails."""
    program = shutil.which(COMMAND)
    if program is None:
        raise DrawingError(f"the power diagram needs `{COMMAND}` (Debian package graphviz)")
    try:
        done = subprocess.run(
            [program, "-Tsvg"], input=power_graph(estate, language).encode(), capture_output=True, timeout=TIMEOUT_S,
            check=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise DrawingError(f"`{COMMAND}` failed: {error.stderr.decode(errors='replace').strip()}") from error
    except subprocess.TimeoutExpired as error:
        raise DrawingError(f"`{COMMAND}` did not end within {TIMEOUT_S} s") from error
    drawn = done.stdout.decode()
    return drawn[drawn.index("<svg") :]


def power_graph(estate: Estate, language: Language) -> str:
    """Return the diagram in Graphviz's language, for whoever wants to edit it: a box for each site."""
    records = estate.records
    title = f"{_TITLE[language]}\n{records.estate.label(language)}"
    font = f"fontname={_quoted(FONTS.split(',')[0].strip(chr(39)))}"
    lines = [
        "digraph power {",
        f"  graph [label={_quoted(title)} labelloc=t fontsize=18 {font} splines=ortho nodesep=0.7 ranksep=0.7]",
        f"  node [{font} fontsize=11 shape=box style=filled margin=0.18]",
        "  edge [arrowhead=none penwidth=1.6]",
    ]
    for site in dict.fromkeys(source.site for source in records.power_sources.values()):
        label = _quoted(records.sites[site].label(language))
        lines.append(f"  subgraph {_quoted(f'cluster_{site}')} {{")
        lines.append(f"    graph [label={label} fontsize=13 color={_quoted(FRAME)}]")
        lines += [*(f"    {line}" for line in _nodes(estate, language, site)), "  }"]
    return "\n".join([*lines, *(f"  {line}" for line in _edges(estate)), "}"]) + "\n"


def _nodes(estate: Estate, language: Language, site: str) -> Iterator[str]:
    records = estate.records
    for id_, source in records.power_sources.items():
        if source.site == site:
            label = f"{source.label(language)}\n{source.capacity_va / 1000:g} kVA"
            yield f"{_quoted(f'source:{id_}')} [label={_quoted(label)} fillcolor={_quoted(FILLS[source.kind])}]"
    for id_, feed in records.power_feeds.items():
        if records.power_sources[feed.source].site == site:
            label = f"{feed.label(language)}\n{feed.capacity_va / 1000:g} kVA"
            yield f"{_quoted(f'feed:{id_}')} [label={_quoted(label)} fillcolor={_quoted('#dbe9f8')}]"
    for id_, rack in records.racks.items():
        if records.rooms[rack.room].site == site:
            drawn_w = sum(item.power_w for item in records.hardware.values() if item.rack == id_)
            label = f"{rack.label(language)}\n{drawn_w:g} W"
            yield f"{_quoted(f'rack:{id_}')} [label={_quoted(label)} fillcolor={_quoted('#ffffff')}]"


def _edges(estate: Estate) -> Iterator[str]:
    records = estate.records
    for id_, source in records.power_sources.items():
        for name in source.fed_by:
            yield f"{_quoted(f'source:{name}')} -> {_quoted(f'source:{id_}')}"
    for id_, feed in records.power_feeds.items():
        yield f"{_quoted(f'source:{feed.source}')} -> {_quoted(f'feed:{id_}')} [color={_quoted(SIDES[feed.side])}]"
    for id_, rack in records.racks.items():
        for name in rack.feeds:
            colour = SIDES[records.power_feeds[name].side]
            yield f"{_quoted(f'feed:{name}')} -> {_quoted(f'rack:{id_}')} [color={_quoted(colour)}]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
