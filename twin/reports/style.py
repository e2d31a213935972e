"""How charts look: one palette that also the colour-blind tell apart, plain ground, type that the page sets."""

from __future__ import annotations

from plotly import graph_objects

from inventory.models.estate import Estate

# Okabe and Ito, "Color Universal Design", 2008.
BLUE, ORANGE, GREEN, RED, SKY, PINK, GREY = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#6b7280",
)  # fmt: skip
PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, RED, GREY)
FONT = "'Noto Sans CJK JP', 'Noto Sans JP', 'Hiragino Sans', 'Yu Gothic', Meiryo, sans-serif"
ROW_PX, HEAD_PX = 34, 110
_AXIS = {"gridcolor": "#e5e7eb", "zerolinecolor": "#9ca3af", "separatethousands": True, "exponentformat": "none"}


def styled(figure: graph_objects.Figure, *, rows: int | None = None, x: str = "", y: str = "") -> graph_objects.Figure:
    """Return the figure with the common looks; `rows` sets its height, `x` and `y` name the axes."""
    figure.update_layout(
        template="none", colorway=PALETTE, font={"family": FONT, "size": 13}, plot_bgcolor="white",
        paper_bgcolor="white", margin={"l": 20, "r": 20, "t": 36, "b": 20}, hovermode="closest",
        height=HEAD_PX + ROW_PX * max(rows or 0, 3) if rows is not None else 380,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "traceorder": "normal"},
    )  # fmt: skip
    figure.update_xaxes(title_text=x, automargin=True, **_AXIS)
    figure.update_yaxes(title_text=y, automargin=True, **_AXIS)
    return figure


def lift_legend(figure: graph_objects.Figure, height_px: int) -> None:
    """Lift the legend, so that marks or titles of that height stand between it and the chart."""
    drawn_px = figure.layout.height - HEAD_PX + 40
    figure.update_layout(legend_y=1 + height_px / drawn_px, margin_t=36 + height_px)


def city_colours(estate: Estate) -> dict[str, str]:
    """Return a colour for each city, the same on all charts; red, sky and grey are kept for other things."""
    ordered = (BLUE, ORANGE, GREEN, PINK, "#7a5195", "#4d4d00")
    return {city: ordered[number % len(ordered)] for number, city in enumerate(estate.records.cities)}


SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "star")
"""Marks of cities in the same order, for who sees no colours and for paper."""
