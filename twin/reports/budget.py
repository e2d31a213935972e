"""Where the minutes of services go: by kind of cause for all of them, by component for one."""

from __future__ import annotations

from typing import Any

from plotly import graph_objects
from plotly.subplots import make_subplots

from inventory.models.estate import Estate
from twin.reports.names import city_name, name, rows_of, told_apart, wrapped
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import GREY, PALETTE, city_colours, lift_legend, styled
from twin.reports.words import either

LARGEST = 12
"""Components shown of a budget; its table has all."""
_SHAPES = ("", "/", ".", "x", "\\", "")
_COLOURS = tuple(colour for colour in PALETTE if colour != GREY)


def by_kind(estate: Estate, services: list[dict[str, Any]], language: Language) -> Section:
    """Return every service's minutes as a stack of the largest kinds of causes, a column for each city."""
    key = "title_ja" if language == "ja" else "title"
    totals: dict[str, float] = {}
    for row in (row for one in services for row in one["by_kind"]):
        totals[row[key]] = totals.get(row[key], 0.0) + abs(row["minutes"])
    largest = sorted(totals, key=lambda kind: (-totals[kind], kind))[: len(_COLOURS)]
    cities = list(dict.fromkeys(one["city"] for one in services))
    chart = make_subplots(
        rows=1, cols=len(cities), shared_xaxes="all", shared_yaxes=True, horizontal_spacing=0.03,
        subplot_titles=[city_name(estate, city, language) for city in cities],
    )  # fmt: skip
    others = either(language, "その他", "others")
    for column, city in enumerate(cities, 1):
        own = [one for one in services if one["city"] == city]
        minutes = [{row[key]: row["minutes"] for row in one["by_kind"]} for one in own]
        labels = [wrapped(service_name(estate, one, language)) for one in own]
        for kind, colour, shape in zip((*largest, others), (*_COLOURS, GREY), (*_SHAPES, ""), strict=False):
            known = [
                found.get(kind, 0.0)
                if kind != others
                else sum(found.values()) - sum(found.get(one, 0.0) for one in largest)
                for found in minutes
            ]
            chart.add_bar(
                orientation="h", y=labels, x=known, name=kind, legendgroup=kind, showlegend=column == 1,
                marker={"color": colour, "pattern": {"shape": shape, "fillmode": "overlay", "fgcolor": "white"}},
                hovertemplate=f"%{{y}}, {kind}: %{{x:.4g}} min<extra></extra>", row=1, col=column,
            )  # fmt: skip
    rows = list(dict.fromkeys(service_name(estate, one, language) for one in services))
    styled(
        chart,
        rows=round(0.85 * rows_of([wrapped(row) for row in rows])) + 2,
        x=either(language, "停止時間 [分/年]", "lost [min a year]"),
    )
    chart.update_layout(barmode="relative", bargap=0.25)
    chart.update_yaxes(autorange="reversed")
    lift_legend(chart, 30)
    headings = either(
        language, "業務|市|原因|停止 [分/年]|± [分]", "service|city|cause|lost [min a year]|± [min]"
    ).split("|")
    numbers = tuple(
        (
            service_name(estate, one, language),
            city_name(estate, one["city"], language),
            row[key],
            row["minutes"],
            row["half_width"],
        )
        for one in services
        for row in one["by_kind"]
        if abs(row["minutes"]) >= 0.05
    )
    title = either(language, "原因別の停止時間の内訳", "The budget by cause")
    text = either(
        language,
        "影響の大きい原因から積み上げる。",
        "The causes that take most, stacked; what an interplay saves counts below zero.",
    )
    return Section("budget", title, text, chart, Numbers(tuple(headings), numbers), wide=True)


def by_component(estate: Estate, one: dict[str, Any], language: Language) -> Section:
    """Return the components that take most of a service from a city."""
    ordered = [row for row in one["by_component"] if row["component"] != "others"]
    shown = [row for row in ordered[:LARGEST] if row["minutes"] >= 0.005] or ordered[:1]
    kinds = {row["kind"]: row["title_ja" if language == "ja" else "title"] for row in one["by_kind"]}
    entries = [row["component"] for row in shown]
    chart = graph_objects.Figure(
        graph_objects.Bar(
            orientation="h", y=told_apart([name(estate, entry, language) for entry in entries], entries, 40),
            x=[row["minutes"] for row in shown], marker_color=city_colours(estate)[one["city"]],
            text=[f"{row['minutes']:.3g}" for row in shown], textposition="outside", cliponaxis=False,
            customdata=[kinds.get(row["kind"], row["kind"]) for row in shown],
            hovertemplate="%{y} (%{customdata}): %{x:.4g} min<extra></extra>",
        )
    )  # fmt: skip
    styled(chart, rows=len(shown), x=either(language, "停止時間 [分/年]", "lost [min a year]"))
    chart.update_xaxes(range=[0, 1.12 * max(row["minutes"] for row in shown) or 1.0])
    # No lines across: the numbers beside the bars would stand on them.
    chart.update_yaxes(autorange="reversed", showgrid=False)
    headings = either(language, "構成要素|位置|原因|停止 [分/年]", "component|entry|cause|lost [min a year]").split("|")
    rows = tuple(
        (
            name(estate, row["component"], language),
            row["component"],
            kinds.get(row["kind"], row["kind"]),
            row["minutes"],
        )
        for row in one["by_component"]
    )
    city, service = city_name(estate, one["city"], language), service_name(estate, one, language)
    title = either(language, f"{city}: 停止要因の上位", f"{city}: the largest components")
    text = either(
        language,
        f"停止時間が最も長い業務「{service}」(年{one['minutes']:.0f}分)。計画停止・要員待ちなどの組合せ要因は上の内訳に含む。",
        f"Of {service}, the service that loses most ({one['minutes']:.0f} minutes a year). What no component causes "
        "alone (planned maintenance, waiting for crews) is in the budget above.",
    )
    return Section(f"components-{one['city']}", title, text, chart, Numbers(tuple(headings), rows), wide=True)


def service_name(estate: Estate, one: dict[str, Any], language: Language) -> str:
    """Return a service's label, with the place that it is counted at where there is one."""
    title = one["title_ja" if language == "ja" else "title"]
    return f"{title} ({name(estate, one['place'], language)})" if one["place"] else str(title)
