"""What stands around the network in a drawing: heading, legend, readings and title block."""

from __future__ import annotations

from topology.draw import ink
from topology.draw.context import ASSUMED, CAMPUS, CIRCUITS, FAILED, FAINT, LAN, TUNNEL, USED, Context
from topology.draw.words import word

FOOT = 124.0
SIDE = 22.0
_LEGEND_COLUMN = 206.0
_LEGEND_WIDTH = 3 * _LEGEND_COLUMN + 16
_TITLE_WIDTH = 410.0


def draw_heading(context: Context) -> str:
    """Return the heading: what is drawn, of which estate."""
    records = context.estate.records
    parts = [
        ink.text(SIDE, 40, word("drawing", context.language), 24, font_weight="bold"),
        ink.text(SIDE, 62, records.estate.label(context.language), 14, fill=FAINT),
    ]
    if context.overlay.caption:
        right = context.layout.width - SIDE
        parts.append(ink.text(right, 44, context.overlay.caption, 16, anchor="end", font_weight="bold", fill=FAILED))
    return ink.group("heading", parts)


def draw_legend(context: Context, y: float) -> str:
    """Return the legend of lines and marks."""
    language = context.language
    drawn = _kinds(context)
    signs = [
        ("legend-circuit", ink.line(0, 0, 34, 0, stroke=CIRCUITS[0], stroke_width=3.6)),
        ("legend-pipe", ink.rect(0, -7, 34, 14, rx=7, fill="#e9f1fb", stroke="#7fa3cf", stroke_dasharray="6 3")),
        ("legend-tunnel", ink.line(0, 0, 34, 0, stroke=TUNNEL, stroke_width=2.2, stroke_dasharray="7 4")),
        ("legend-campus", ink.line(0, 0, 34, 0, stroke=CAMPUS, stroke_width=3.6)),
        ("legend-lan", ink.line(0, 0, 34, 0, stroke=LAN, stroke_width=1.8)),
        ("legend-cloud", ink.cloud(2, -10, 30, 20, fill="#f3eefa", stroke="#7d4bb5")),
        ("legend-assumed", ""),
    ]
    entries = [(key, sign) for key, sign in signs if key in drawn]
    if context.overlay.failed:
        entries.append(("legend-failed", ink.line(0, 0, 34, 0, stroke=FAILED, stroke_width=3, stroke_dasharray="3 5")))
    if context.overlay.used:
        entries.append(("legend-used", ink.line(0, 0, 34, 0, stroke=USED, stroke_width=5)))
    parts = [
        _frame(SIDE, y, _LEGEND_WIDTH),
        ink.text(SIDE + 12, y + 21, word("legend", language), 12.5, font_weight="bold"),
    ]
    for index, (key, sign) in enumerate(entries):
        across, down = divmod(index, 3)
        x, base = SIDE + 14 + across * _LEGEND_COLUMN, y + 42 + down * 24
        indent = 44 if sign else 0
        if sign:
            parts.append(ink.element("g", sign, transform=f"translate({ink.number(x)} {ink.number(base)})"))
        parts.append(ink.text(x + indent, base + 4, word(key, language), 12))
    return ink.group("legend", parts)


def _kinds(context: Context) -> set[str]:
    """Return the signs that the drawing uses: a legend of others would have readers look for them."""
    layout, network = context.layout, context.network
    campus = any(context.estate.records.circuits[line.circuit].service == "campus-link" for line in layout.lines)
    labels = [context.circuit_label(line.circuit) for line in layout.lines]
    labels += [context.mark(f"circuit_groups.{pipe.group}.rate") for pipe in layout.pipes]
    assumed = any(ASSUMED in label for label in labels)
    shown = {
        "legend-circuit": layout.lines, "legend-pipe": layout.pipes, "legend-tunnel": network.tunnels,
        "legend-campus": campus, "legend-lan": layout.lans, "legend-cloud": layout.clouds, "legend-assumed": assumed,
    }  # fmt: skip
    return {key for key, used in shown.items() if used}


def draw_readings(context: Context, y: float) -> str:
    """Return the readings that were chosen, numbered as the footnotes are."""
    x = SIDE + _LEGEND_WIDTH + 16
    width = context.layout.width - SIDE - _TITLE_WIDTH - 16 - x
    parts = [
        _frame(x, y, width),
        ink.text(x + 12, y + 21, word("readings", context.language), 12.5, font_weight="bold"),
    ]
    line = y + 41
    for index, (id_, reading) in enumerate(sorted(context.estate.records.readings.items()), start=1):
        option = reading.options[reading.choice].label(context.language)
        given = f"readings.{id_}.choice" in context.estate.overrides
        note = f" [{word('given-for-this-run', context.language)}]" if given else ""
        lines = ink.wrap(f"*{index} {reading.label(context.language)}: {option}{note}", width - 24, 12, 2)
        parts += ink.paragraph(x + 12, line, lines, 12)
        line += 15 * len(lines) + 6
    return ink.group("readings", parts)


def draw_title_block(context: Context, y: float) -> str:
    """Return the title block: estate, drawing, digest of the data that it was made from."""
    language, records = context.language, context.estate.records
    x = context.layout.width - SIDE - _TITLE_WIDTH
    rows = [
        (13.5, records.estate.label(language), "bold"),
        (12.5, word("drawing", language), None),
        (12, f"{word('digest', language)} {context.estate.name}  sha256 {context.network.estate_digest[:16]}", None),
    ]
    if context.estate.overrides:
        given = ", ".join(f"{path}={value}" for path, value in sorted(context.estate.overrides.items()))
        rows.append((12, f"{word('given-for-this-run', language)}: {given}", None))
    parts = [_frame(x, y, _TITLE_WIDTH)]
    base = y + 23
    for index, (size, content, weight) in enumerate(rows):
        if index:
            parts.append(ink.line(x, base - 16, x + _TITLE_WIDTH, base - 16, stroke="#9aa6b5", stroke_width=0.8))
        lines = ink.wrap(content, _TITLE_WIDTH - 24, size, 2 if index == len(rows) - 1 else 1)
        parts += ink.paragraph(x + 12, base, lines, size, font_weight=weight)
        base += 24
    return ink.group("title-block", parts)


def _frame(x: float, y: float, width: float) -> str:
    return ink.rect(x, y, width, FOOT - 12, fill="#ffffff", stroke="#9aa6b5", stroke_width=1)
