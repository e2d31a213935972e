"""Where an application's response goes: network, waiting, application, database and disk, by city."""

from __future__ import annotations

from typing import Any

from plotly.subplots import make_subplots

from inventory.models.estate import Estate
from twin.reports.names import city_name, wrapped
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import GREY, PALETTE, PINK, RED, SKY, lift_legend, styled
from twin.reports.words import either

PARTS = {
    "network": (("回線", "network"), SKY, ""),
    "waiting": (("待ち", "waiting"), RED, "/"),
    "application": (("APサーバ", "application"), GREY, ""),
    "database": (("DBサーバ", "database"), PINK, ""),
    "disk": (("ディスク", "disk"), PALETTE[2], "x"),
}


def applications(estate: Estate, found: list[dict[str, Any]], language: Language) -> Section:
    """Return each application's response in its busiest hour, by part, a column for each city."""
    cities = list(dict.fromkeys(one["city"] for one in found))
    key = "name_ja" if language == "ja" else "name"
    names = list(dict.fromkeys(one[key] for one in found))
    chart = make_subplots(
        rows=1, cols=len(cities), shared_xaxes="all", shared_yaxes=True, horizontal_spacing=0.03,
        subplot_titles=[city_name(estate, city, language) for city in cities],
    )  # fmt: skip
    for column, city in enumerate(cities, 1):
        own = [one for one in found if one["city"] == city]
        for part, (words, colour, shape) in PARTS.items():
            label = either(language, *words)
            chart.add_bar(
                orientation="h", y=[wrapped(one[key]) for one in own], x=[1000 * one["parts_s"][part] for one in own],
                name=label, legendgroup=part, showlegend=column == 1, marker={"color": colour, "pattern_shape": shape},
                hovertemplate=f"%{{y}}, {label}: %{{x:.3g}} ms<extra></extra>", row=1, col=column,
            )  # fmt: skip
    styled(chart, rows=len(names), x=either(language, "応答時間 [ms]", "response [ms]"))
    chart.update_layout(barmode="stack")
    lift_legend(chart, 30)
    chart.update_yaxes(autorange="reversed")
    title = either(language, "業務別の応答時間の内訳", "Response by application, and where it goes")
    text = either(language, "各業務の最繁時。待ちはスレッド・接続の空き待ち。",
                  "In each application's busiest hour. Waiting: for a thread or connection.")  # fmt: skip
    return Section("applications", title, text, chart, _numbers(estate, found, language), wide=True)


def _numbers(estate: Estate, found: list[dict[str, Any]], language: Language) -> Numbers:
    headings = (
        *either(language, "市|業務|要求 [件]|処理不能 [件]|最繁時 [時]|応答時間 [ms]",
                "city|application|requests|not served|busiest hour|response [ms]").split("|"),
        *(f"{either(language, *words)} [ms]" for words, _, _ in PARTS.values()),
    )  # fmt: skip
    rows = tuple(
        (
            city_name(estate, one["city"], language), one["name_ja" if language == "ja" else "name"], one["asked"],
            one["unserved"], one["busiest_hour"], 1000 * one["response_s"],
            *(1000 * one["parts_s"][part] for part in PARTS),
        )
        for one in found
    )  # fmt: skip
    return Numbers(headings, rows)
