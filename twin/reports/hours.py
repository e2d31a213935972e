"""Charts over the hours of a day: the axis, failures marked on it, and heat maps of use by hour."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from plotly import graph_objects

from inventory.models.estate import Estate
from twin.reports.names import name, rows_of
from twin.reports.section import Cell, Language, Numbers
from twin.reports.style import RED, lift_legend, styled
from twin.reports.words import either

SCALE = [[0.0, "#f3f6f9"], [0.25, "#9ecae1"], [0.6, "#3182bd"], [1.0, "#08306b"]]
"""Little to much in one hue, which every eye and a grey printer put in the same order."""
WIDEST = 46
"""Columns of a row's label."""
MIDDLES = [hour + 0.5 for hour in range(24)]


@dataclasses.dataclass(frozen=True)
class Fault:
    """What fails from when to when, in hours of the day."""

    title: str
    begin_h: float
    end_h: float


def faults_of(estate: Estate, details: list[dict[str, Any]], language: Language) -> tuple[Fault, ...]:
    """Return the failures of a day; one that is not repaired lasts to its end."""
    return tuple(
        Fault(
            name(estate, one["entry"], language), one["at_s"] / 3600,
            24.0 if one["repaired_s"] is None else min(24.0, one["repaired_s"] / 3600),
        )
        for one in details
    )  # fmt: skip


def over_the_day(chart: graph_objects.Figure, faults: Sequence[Fault], language: Language) -> graph_objects.Figure:
    """Give a chart the hours of a day as its axis, with the failures as bands (`told` names them)."""
    chart.update_xaxes(range=[0, 24], dtick=3, minor={"dtick": 1, "ticks": "outside"}, ticks="outside")
    chart.update_xaxes(title_text=either(language, "時刻 [時]", "time of day [h]"))
    if faults:
        lift_legend(chart, 20)
    for number, fault in enumerate(faults):
        chart.add_vrect(x0=fault.begin_h, x1=fault.end_h, fillcolor=RED, opacity=0.15, line_width=0, layer="below")
        for edge_h in (fault.begin_h, fault.end_h):
            chart.add_vline(x=edge_h, line={"color": RED, "width": 1.5, "dash": "dot"})
        chart.add_annotation(
            x=(fault.begin_h + fault.end_h) / 2, y=1, yref="paper", text=_mark(number), showarrow=False,
            yanchor="bottom", font_color="#7f1d1d",
        )  # fmt: skip
    return chart


def told(faults: Sequence[Fault], language: Language) -> str:
    """Return a sentence that names the failures by their marks, empty where there are none."""
    named = [
        f"{_mark(number)} {fault.title} ({clock(fault.begin_h)}–{clock(fault.end_h)})"
        for number, fault in enumerate(faults)
    ]
    return either(language, "障害: ", "Failures: ") + ", ".join(named) + either(language, "。", ".") if named else ""


def clock(hour: float) -> str:
    """Return a time of day."""
    minutes = round(60 * hour)
    return f"{minutes // 60}:{minutes % 60:02}"


def _mark(number: int) -> str:
    return f"✕{number + 1}"


def heat_by_hour(
    rows: Sequence[tuple[str, Sequence[float]]], faults: Sequence[Fault], language: Language
) -> graph_objects.Figure:
    """Return a heat map of shares (0 to 1) by hour, the first row on top; its colours end at the greatest share."""
    chart = heat_map(rows, MIDDLES, [f"{hour}:00–{hour + 1}:00" for hour in range(24)])
    over_the_day(chart, faults, language)
    return chart


def heat_map(
    rows: Sequence[tuple[str, Sequence[float]]], places: Sequence[float], times: Sequence[str]
) -> graph_objects.Figure:
    """Return a heat map of shares (0 to 1) at places of an axis, with what each place is called.

    Titles of rows must differ, or their rows would be one.
    """
    highest = max([max(values) for _, values in rows] or [0.0])
    chart = graph_objects.Figure(
        graph_objects.Heatmap(
            x=list(places), y=[title for title, _ in rows],
            z=[[100 * value for value in values] for _, values in rows],
            customdata=[list(times)] * len(rows), colorscale=SCALE, zmin=0, zmax=100 * highest or 1, xgap=1, ygap=1,
            colorbar={"ticksuffix": " %", "thickness": 12, "len": 1, "outlinewidth": 0},
            hovertemplate="%{y}<br>%{customdata}: %{z:.3g} %<extra></extra>",
        )
    )  # fmt: skip
    styled(chart, rows=rows_of([title for title, _ in rows]))
    chart.update_yaxes(autorange="reversed", showgrid=False)
    return chart


def hourly_numbers(rows: Sequence[tuple[str, Sequence[float]]], language: Language) -> Numbers:
    """Return the shares by hour in per cent."""
    hours = tuple(f"{hour}{either(language, '時', ' h')} [%]" for hour in range(24))
    first = either(language, "対象", "of")
    return Numbers(
        (first, *hours), tuple((title.replace("<br>", " "), *map(_percent, values)) for title, values in rows)
    )


def _percent(share: float) -> Cell:
    return float(f"{100 * share:.3g}")
