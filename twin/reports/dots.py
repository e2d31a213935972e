"""Values with their intervals as dots with whiskers, a row for each thing, a colour and a mark for each city."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from plotly import graph_objects

from twin.reports.names import rows_of
from twin.reports.style import styled

APART = 0.42
"""How far the first and the last of a row's dots stand from each other, in rows."""


@dataclasses.dataclass(frozen=True)
class Dots:
    """A series: its name, looks, rows (labels that differ), values, and the ends of their intervals."""

    title: str
    colour: str
    symbol: str
    rows: Sequence[str]
    values: Sequence[float]
    lows: Sequence[float]
    highs: Sequence[float]


def dots(series: Sequence[Dots], x: str, px: float = 1.0) -> graph_objects.Figure:
    """Return the chart, the first row on top; `px` widens or narrows the rows."""
    chart = graph_objects.Figure()
    labels = list(dict.fromkeys(row for one in series for row in one.rows))
    for number, one in enumerate(series):
        # Beside each other, or of two equal values one would hide the other.
        shift = APART * (number - (len(series) - 1) / 2) / max(1, len(series) - 1)
        chart.add_scatter(
            x=list(one.values), y=[labels.index(row) + shift for row in one.rows], mode="markers", name=one.title,
            marker={"color": one.colour, "size": 9, "symbol": one.symbol}, text=list(one.rows),
            error_x={
                "type": "data", "symmetric": False, "thickness": 2, "width": 5, "color": one.colour,
                "array": [max(0.0, high - value) for value, high in zip(one.values, one.highs, strict=True)],
                "arrayminus": [max(0.0, value - low) for value, low in zip(one.values, one.lows, strict=True)],
            },
            customdata=list(zip(one.lows, one.highs, strict=True)),
            hovertemplate="%{text}: %{x:.4g} (%{customdata[0]:.4g}–%{customdata[1]:.4g})<extra></extra>",
        )  # fmt: skip
    styled(chart, rows=max(3, round(rows_of(labels) * px)), x=x)
    chart.update_yaxes(
        range=[len(labels) - 0.5, -0.5], tickvals=list(range(len(labels))), ticktext=labels, zeroline=False
    )
    return chart
