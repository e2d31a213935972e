"""Runs Graphviz: a diagram's source in its language, what it draws of it, and where it would put each box.

Every other module asks here, so that fonts, colours and the words of errors are the same for all drawings.
"""

from __future__ import annotations

import functools
import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from topology.draw import ink
from topology.draw.diagram import FILLS, Box, Diagram, Frame, Line
from topology.draw.errors import DrawingError
from topology.draw.ink import FONTS
from topology.draw.listing import Listing
from topology.draw.shapes import Box as Place

COMMAND = "dot"
CLUSTER = "cluster_"
HIDDEN = "style=invis"
LABEL, LABEL_EDGE = 12.0, 8.0
"""The size of a frame's label and how far it keeps from the frame's edges (points)."""
STEPS = 8
"""Straight pieces that stand for each curve of a line."""
TIMEOUT_S = 120
INK = "#3d4a59"
FRAME, FAINT, GROUND = "#8a96a3", "#5b6774", "#fbfcfd"
FONT = FONTS.split(",", maxsplit=1)[0].strip("'")
POINTS_PER_INCH = 72.0
LAYOUT = 'labelloc=t labeljust=l fontsize=12 nodesep=0.22 pad=0 charset="UTF-8"'
PAPER = ' BGCOLOR="#ffffff"'
CLEAR = '<TR><TD HEIGHT="3"></TD></TR>'
"""Keeps the white ground of words off the line that they stand on."""
ROWS = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{pad}">{rows}</TABLE>'
_ROUNDED = frozenset({"segment", "service", "job", "extra-job", "terminal", "place"})


def source(diagram: Diagram, *, bare: bool = False) -> str:
    """Return the diagram in Graphviz's language for whoever wants to edit it; `bare` without heading and lists."""
    font = f"fontname={_quoted(FONT)}"
    heading = [f'<B><FONT POINT-SIZE="18">{escape(diagram.title)}</FONT></B>', escape(diagram.other_title)]
    heading += [f'<FONT POINT-SIZE="12">{escape(diagram.subject)}</FONT>']
    heading += [f'<FONT POINT-SIZE="10" COLOR="{FAINT}">{escape(note)}</FONT>' for note in diagram.notes]
    label = "" if bare else f"label=<{_rows(heading, left=True)}> "
    direction, splines = ("LR" if diagram.across else "TB"), ("ortho" if diagram.square else "true")
    apart = 0.42 if diagram.square or any(line.label for line in diagram.lines) else 0.35
    lists = () if bare else diagram.lists
    lines = [
        f"digraph {_quoted(diagram.name)} {{",
        f"  graph [{label}{font} rankdir={direction} splines={splines} ranksep={apart} {LAYOUT}]",
        f'  node [{font} fontsize=11 shape=box style=filled margin="0.16,0.09"]',
        f'  edge [{font} fontsize=10 fontcolor="{FAINT}" arrowsize=0.7 penwidth=1.3]',
        *(f"  {line}" for line in _frame(diagram, None)),
        *(f"  {_list(one, f'list:{index}')}" for index, one in enumerate(lists, 1)),
        *(f"  {_line(line, diagram)}" for line in diagram.lines),
        "}",
    ]
    return "\n".join(lines) + "\n"


def body(diagram: Diagram, cites: dict[str, str] | None = None) -> str:
    """Return what is laid out as an SVG group from its upper left corner; raises DrawingError.

    A box that stands for an entry carries it as `data-entry`, with `cites` of it as what a viewer shows on hovering.
    """
    drawn = run("svg", source(diagram, bare=True)).decode()
    drawn = drawn[drawn.index("<g ") : drawn.rindex("</svg>")].replace(
        f'font-family="{FONT}"', f'font-family="{FONTS}"'
    )
    entries = {box.id: box.entry for box in diagram.boxes if box.entry}

    def mark(found: re.Match[str]) -> str:
        entry = entries.get(html.unescape(found[1]))
        shown = escape((cites or {}).get(entry, entry)) if entry else ""
        data = f' data-entry="{escape(entry)}"' if entry else ""
        return f'<g id="{found[1]}" class="node"{data}>\n<title>{shown}</title>'

    drawn = re.sub(r'<g id="([^"]+)" class="node">\n<title>.*?</title>', mark, drawn)
    drawn = re.sub(r'<g id="[^"]+" (class="(?:edge|cluster|graph)"[^>]*>)\n<title>.*?</title>', r"<g \1", drawn)
    return re.sub(r"<!--.*?-->\n?", "", drawn, flags=re.DOTALL)


def places(diagram: Diagram) -> tuple[tuple[float, float], dict[str, Place]]:
    """Return the sheet's size and the place of every box and frame in points from the upper left corner."""
    laid: dict[str, Any] = json.loads(run("json0", source(diagram, bare=True)))
    height = float(laid["bb"].split(",")[3])
    found: dict[str, Place] = {}
    for item in laid.get("objects", []):
        if "pos" in item:
            x, y = map(float, item["pos"].split(","))
            wide, tall = float(item["width"]) * POINTS_PER_INCH, float(item["height"]) * POINTS_PER_INCH
            found[item["name"]] = Place(x - wide / 2, height - y - tall / 2, wide, tall)
        elif "bb" in item:
            left, low, right, high = map(float, item["bb"].split(","))
            found[item["name"].removeprefix(CLUSTER)] = Place(left, height - high, right - left, high - low)
    return (float(laid["bb"].split(",")[2]), height), found


def lines(diagram: Diagram) -> list[list[tuple[float, float]]]:
    """Return the way of every line as points close to one another, from the upper left corner."""
    laid: dict[str, Any] = json.loads(run("json0", source(diagram, bare=True)))
    height = float(laid["bb"].split(",")[3])
    found = []
    for item in laid.get("edges", []):
        if item.get("style") == "invis":
            continue
        corners = [point for point in item["pos"].split() if point[0] not in "es"]
        curve = [(float(x), height - float(y)) for x, y in (point.split(",") for point in corners)]
        way = curve[:1]
        for index in range(0, len(curve) - 3, 3):
            a, b, c, d = curve[index : index + 4]
            for step in range(1, STEPS + 1):
                t = step / STEPS
                k = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                way.append((
                    k[0] * a[0] + k[1] * b[0] + k[2] * c[0] + k[3] * d[0],
                    k[0] * a[1] + k[1] * b[1] + k[2] * c[1] + k[3] * d[1],
                ))  # fmt: skip
        found.append(way)
    return found


@functools.lru_cache(maxsize=512)
def run(form: str, text: str) -> bytes:
    """Return what Graphviz makes of a source; raises DrawingError where it is missing or fails.

    It is asked for the same parts again and again while a sheet is arranged, so answers are kept.
    """
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
    for box in diagram.boxes:
        if box.frame == parent:
            yield _box(box)
    for frame in diagram.frames:
        if frame.parent == parent:
            yield f"subgraph {_quoted(CLUSTER + frame.id)} {{"
            yield f"  {_frame_looks(frame)}"
            yield from (f"  {line}" for line in _frame(diagram, frame.id))
            yield from (f"  {line}" for line in _spacer(frame))
            if frame.aligned:
                yield f"  {{ rank=same; {'; '.join(map(_quoted, frame.aligned))} }}"
            yield "}"


def _spacer(frame: Frame) -> Iterator[str]:
    """Yield what keeps room for a frame's label beside boxes: a box that is not drawn, on the label's side of them."""
    if frame.beside:
        space = _quoted(f"space:{frame.id}")
        wide = max(ink.text_width(line, LABEL) for line in frame.label.splitlines()) / POINTS_PER_INCH
        yield f'{space} [label="" style=invis shape=box margin=0 height=0.1 width={wide:.2f}]'
        yield f"{{ rank=same; {'; '.join([space, *map(_quoted, frame.beside)])} }}"
        for box in map(_quoted, frame.beside):
            yield f"{f'{box} -> {space}' if frame.side == 'right' else f'{space} -> {box}'} [{HIDDEN}]"


def _frame_looks(frame: Frame) -> str:
    label = f"<{_rows([f'<B>{escape(line)}</B>' for line in frame.label.splitlines()], left=True, pad=3)}>"
    return (
        f'graph [label={label} fontsize=12 {_side(frame)} style="filled,rounded" color={_quoted(FRAME)}'
        f" fillcolor={_quoted(GROUND)} margin=14]"
    )


def _side(frame: Frame) -> str:
    return "labelloc=b labeljust=l" if frame.side == "below" else f"labelloc=t labeljust={frame.side[0]}"


def _box(box: Box) -> str:
    fill, edge = FILLS[box.kind]
    parts = [f"<B>{escape(line)}</B>" for line in box.name.splitlines()]
    parts += [f'<FONT POINT-SIZE="10">{escape(line) or " "}</FONT>' for line in box.lines]
    label = _rows(parts, left=box.left)
    shape = "cylinder" if box.kind == "store" else "box"
    style = "filled,rounded" if box.kind in _ROUNDED else "filled,dashed" if box.kind == "note" else "filled"
    return (
        f"{_quoted(box.id)} [id={_quoted(box.id)} label=<{label}> shape={shape} style={_quoted(style)}"
        f" fillcolor={_quoted(fill)} color={_quoted(edge)}]"
    )


def _list(listing: Listing, id_: str) -> str:
    rows = tuple("  ".join(row.cells).replace("\n", " ") for row in listing.rows)
    return _box(Box(id_, "note", listing.title, rows, left=True))


def _line(line: Line, diagram: Diagram) -> str:
    looks = [f"color={_quoted(line.colour)}"]
    if line.label:
        looks.append(f"label={_plate(line.label)}")
        looks += [f"fontcolor={_quoted(line.colour)}"] * (line.colour != INK)
    if diagram.fanned and not line.level:
        looks.append("tailport=e headport=w" if diagram.across else "tailport=s headport=n")
    looks += ["style=dashed"] * line.dashed + ["arrowhead=none"] * (not line.arrow) + ["constraint=false"] * line.level
    return f"{_quoted(line.a)} -> {_quoted(line.z)} [{' '.join(looks)}]"


def _plate(text: str) -> str:
    """Return words on a white plate: Graphviz may put them on top of the line."""
    return f"<{_rows([escape(line) for line in text.splitlines()], ground=PAPER)}>"


def _rows(parts: list[str], *, left: bool = False, pad: int = 1, ground: str = "") -> str:
    """Return lines below one another with room between them, which plain line breaks of Japanese type lack."""
    align = ' ALIGN="LEFT"' if left else ""
    rows = "".join(f"<TR><TD{align}{ground}>{part}</TD></TR>" for part in parts)
    return ROWS.format(pad=pad, rows=rows + CLEAR if ground else rows)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
