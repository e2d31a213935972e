"""How charts look: one palette that also the colour-blind tell apart, plain ground, type that the page sets."""

from __future__ import annotations

from plotly import graph_objects

# Okabe and Ito, "Color Universal Design", 2008.
BLUE, ORANGE, GREEN, RED, SKY, PINK, GREY = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#6b7280",
)  # fmt: skip
PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, RED, GREY)
FONT = "'Noto Sans CJK JP', 'Noto Sans JP', 'Hiragino Sans', 'Yu Gothic', Meiryo, sans-serif"
ROW_PX, HEAD_PX = 34, 110


def styled(figure: graph_objects.Figure, *, rows: int | None = None, x: str = "", y: str = "") -> graph_objects.Figure:
    """Return the figure with the common looks; `rows` sets its height, `x` and `y` name the axes."""
    figure.update_layout(
        template="none", colorway=PALETTE, font={"family": FONT, "size": 13}, plot_bgcolor="white",
        paper_bgcolor="white", margin={"l": 20, "r": 20, "t": 36, "b": 20}, hovermode="closest",
        height=HEAD_PX + ROW_PX * max(rows or 0, 3) if rows is not None else 380,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
    )  # fmt: skip
    figure.update_xaxes(title_text=x, automargin=True, gridcolor="#e5e7eb", zerolinecolor="#9ca3af")
    figure.update_yaxes(title_text=y, automargin=True, gridcolor="#e5e7eb", zerolinecolor="#9ca3af")
    return figure
