"""Runs Graphviz: a diagram's source in its language, its drawing as SVG, and where it would put each box.

Every other module asks here, so that fonts, colours and the words of errors are the same for all drawings.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any, TypeVar
from xml.sax.saxutils import escape

from topology.draw.diagram import FILLS, Box, Diagram, Frame, Line
from topology.draw.errors import DrawingError
from topology.draw.ink import FONTS
from topology.draw.shapes import Box as Place

COMMAND = "dot"
TIMEOUT_S = 120
FRAME, FAINT, GROUND = "#8a96a3", "#5b6774", "#fbfcfd"
FONT = FONTS.split(",", maxsplit=1)[0].strip("'")
POINTS_PER_INCH = 72.0
LAYOUT = 'labelloc=t labeljust=l fontsize=12 nodesep=0.3 pad="0.3,0.3" charset="UTF-8"'
Thing = TypeVar("Thing", Box, Frame)
_ROUNDED = frozenset({"segment", "service", "job", "extra-job", "terminal", "place"})


def source(diagram: Diagram) -> str:
    """Return the diagram in Graphviz's language, for the drawing and for whoever wants to edit it."""
    font = f"fontname={_quoted(FONT)}"
    heading = [f'<B><FONT POINT-SIZE="18">{escape(diagram.title)}</FONT></B>', escape(diagram.other_title)]
    heading += [f'<FONT POINT-SIZE="12">{escape(diagram.subject)}</FONT>']
    heading += [f'<FONT POINT-SIZE="10" COLOR="{FAINT}">{escape(note)}</FONT>' for note in diagram.notes]
    label = "".join(f'{line}<BR ALIGN="LEFT"/>' for line in heading)
    direction, splines = ("LR" if diagram.across else "TB"), ("ortho" if diagram.square else "true")
    apart = 0.5 if diagram.square or any(line.label for line in diagram.lines) else 0.35
    lines = [
        f"digraph {_quoted(diagram.name)} {{",
        f"  graph [label=<{label}> {font} rankdir={direction} splines={splines} ranksep={apart} {LAYOUT}]",
        f'  node [{font} fontsize=11 shape=box style=filled margin="0.16,0.09"]',
        f'  edge [{font} fontsize=9 fontcolor="{FAINT}" arrowsize=0.7 penwidth=1.3]',
        *(f"  {line}" for line in _frame(diagram, None)),
        *(f"  {line}" for line in map(_line, diagram.lines)),
        "}",
    ]
    return "\n".join(lines) + "\n"


def svg(diagram: Diagram, cites: dict[str, str] | None = None) -> str:
    """Return the drawing as an SVG document; raises DrawingError where Graphviz is missing or fails.

    A box that stands for an entry carries it as `data-entry`, with `cites` of it as what a viewer shows on hovering.
    """
    drawn = run("svg", source(diagram)).decode()
    drawn = drawn[drawn.index("<svg") :].replace(f'font-family="{FONT}"', f'font-family="{FONTS}"')
    entries = {box.id: box.entry for box in diagram.boxes if box.entry}

    def mark(found: re.Match[str]) -> str:
        entry = entries.get(html.unescape(found[1]))
        shown = escape((cites or {}).get(entry, entry)) if entry else ""
        data = f' data-entry="{escape(entry)}"' if entry else ""
        return f'<g id="{found[1]}" class="node"{data}>\n<title>{shown}</title>'

    drawn = re.sub(r'<g id="([^"]+)" class="node">\n<title>.*?</title>', mark, drawn)
    drawn = re.sub(r'(<g id="[^"]+" class="(?:edge|cluster|graph)"[^>]*>)\n<title>.*?</title>', r"\1", drawn)
    drawn = re.sub(r"<!--.*?-->\n?", "", drawn, flags=re.DOTALL)
    title = f"{diagram.title}: {diagram.subject}"
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + re.sub(
        r"(<svg[^>]*>)", lambda found: f"{found[1]}\n<title>{escape(title)}</title>", drawn, count=1
    )


def places(diagram: Diagram) -> tuple[tuple[float, float], dict[str, Place]]:
    """Return the sheet's size and the place of every box and frame in points from the upper left corner."""
    laid: dict[str, Any] = json.loads(run("json0", source(diagram)))
    height = float(laid["bb"].split(",")[3])
    found: dict[str, Place] = {}
    for item in laid.get("objects", []):
        if "pos" in item:
            x, y = map(float, item["pos"].split(","))
            wide, tall = float(item["width"]) * POINTS_PER_INCH, float(item["height"]) * POINTS_PER_INCH
            found[item["name"]] = Place(x - wide / 2, height - y - tall / 2, wide, tall)
        elif "bb" in item:
            left, low, right, high = map(float, item["bb"].split(","))
            found[item["name"].removeprefix("cluster_")] = Place(left, height - high, right - left, high - low)
    return (float(laid["bb"].split(",")[2]), height), found


def run(form: str, text: str) -> bytes:
    """Return what Graphviz makes of a source; raises DrawingError where it is missing or fails."""
    program = shutil.which(COMMAND)
    if program is None:
        raise DrawingError(f"drawings that are laid out need `{COMMAND}` (Debian package graphviz)")
    try:
        done = subprocess.run(
            [program, f"-T{form}"], input=text.encode(), capture_output=True, timeout=TIMEOUT_S, check=True
        )
    except subprocess.CalledProcessError as error:
        raise DrawingError(f"`{COMMAND}` failed: {error.stderr.decode(errors='replace').strip()}") from error
    except subprocess.TimeoutExpired as error:
        raise DrawingError(f"`{COMMAND}` did not end within {TIMEOUT_S} s") from error
    return done.stdout


def _frame(diagram: Diagram, parent: str | None) -> Iterator[str]:
    """Yield what stands in a frame, or outside every frame: boxes first, then the frames within."""
    for box in _ordered(diagram, diagram.boxes):
        if box.frame == parent:
            yield _box(box)
    for frame in _ordered(diagram, diagram.frames):
        if frame.parent == parent:
            yield f"subgraph {_quoted(f'cluster_{frame.id}')} {{"
            yield f"  {_frame_looks(frame)}"
            yield from (f"  {line}" for line in _frame(diagram, frame.id))
            if frame.aligned:
                yield f"  {{ rank=same; {'; '.join(map(_quoted, frame.aligned))} }}"
            yield "}"


def _ordered(diagram: Diagram, things: tuple[Thing, ...]) -> Iterator[Thing]:
    """Yield things in the order in which Graphviz puts parts that do not hang together one above the other."""
    return iter(things[::-1] if diagram.stacked else things)


def _frame_looks(frame: Frame) -> str:
    label = f"<<B>{escape(frame.label)}</B>>"
    return (
        f'graph [label={label} fontsize=12 labeljust=l style="filled,rounded" color={_quoted(FRAME)}'
        f" fillcolor={_quoted(GROUND)} margin=14]"
    )


def _box(box: Box) -> str:
    fill, edge = FILLS[box.kind]
    align = ' ALIGN="LEFT"' if box.left else ""
    parts = [f"<B>{escape(box.name)}</B>"] if box.name else []
    parts += [f'<FONT POINT-SIZE="9.5">{escape(line) or " "}</FONT>' for line in box.lines]
    label = "".join(f"{part}<BR{align}/>" for part in parts) if box.left else "<BR/>".join(parts)
    shape = "cylinder" if box.kind == "store" else "box"
    style = "filled,rounded" if box.kind in _ROUNDED else "filled,dashed" if box.kind == "note" else "filled"
    return (
        f"{_quoted(box.id)} [id={_quoted(box.id)} label=<{label}> shape={shape} style={_quoted(style)}"
        f" fillcolor={_quoted(fill)} color={_quoted(edge)}]"
    )


def _line(line: Line) -> str:
    looks = [f"color={_quoted(line.colour)}"]
    if line.label:
        looks.append(f"label={_plate(line.label)}")
    looks += (
        ["style=invis"] * line.hidden
        + ["style=dashed"] * line.dashed
        + ["arrowhead=none"] * (not line.arrow)
        + ["constraint=false"] * line.level
    )
    return f"{_quoted(line.a)} -> {_quoted(line.z)} [{' '.join(looks)}]"


def _plate(text: str) -> str:
    """Return words on a white plate: Graphviz may put them on top of the line."""
    words = "<BR/>".join(map(escape, text.split("\n")))
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="1" BGCOLOR="#ffffff"><TR><TD>{words}</TD></TR></TABLE>>'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
