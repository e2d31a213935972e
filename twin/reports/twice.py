"""The tornado of availability's own sensitivity: by how much the weakest services move when a value is twice as bad."""

from __future__ import annotations

from typing import Any

from plotly import graph_objects

from inventory.models.estate import Estate
from twin.reports.names import city_name, name, named_path, rows_of, told_apart
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import city_colours, styled
from twin.reports.words import either

WIDEST = 12
"""Values shown; the table has all."""
_LENGTHS = ((31_536_000.0, ("年", "years")), (3600.0, ("時間", "h")), (60.0, ("分", "min")), (0.0, ("秒", "s")))


def twice_as_bad(estate: Estate, moves: list[dict[str, Any]], language: Language) -> Section:
    """Return the minutes a year that each assumed value twice as bad would cost, the widest on top."""
    shown = moves[:WIDEST]
    paths = [move["path"] for move in shown]
    rows = told_apart([named_path(estate, path, language) for path in paths], paths, 44)
    colours = city_colours(estate)
    chart = graph_objects.Figure()
    for key in dict.fromkeys(key for move in shown for key in move["minutes"]):
        service, _, city = key.partition("@")
        chart.add_bar(
            orientation="h", y=rows, x=[move["minutes"].get(key) for move in shown], marker_color=colours[city],
            name=f"{city_name(estate, city, language)} {name(estate, service, language)}",
            hovertemplate="%{y}: %{x:+.4g} min<extra></extra>",
        )  # fmt: skip
    styled(
        chart,
        rows=rows_of(rows) + 1,
        x=either(language, "停止時間の増減 [分/年]", "change of the time lost [min a year]"),
    )
    chart.update_layout(barmode="group", bargap=0.25)
    chart.update_yaxes(autorange="reversed")
    keys = list(dict.fromkeys(key for move in moves for key in move["minutes"]))
    headings = (
        *either(language, "項目|位置|記載値|悪化後", "value|path|stated|twice as bad").split("|"),
        *(
            f"{city_name(estate, key.partition('@')[2], language)} {name(estate, key.partition('@')[0], language)} "
            + either(language, "[分/年]", "[min a year]")
            for key in keys
        ),
    )
    numbers = tuple(
        (
            named_path(estate, move["path"], language), move["path"], _quantity(move["value"], move["unit"], language),
            _quantity(move["became"], move["unit"], language), *(move["minutes"].get(key) for key in keys),
        )
        for move in moves
    )  # fmt: skip
    title = either(language, "仮定値が2倍悪い場合", "If an assumed value were twice as bad")
    text = either(
        language, "各市で停止時間が最も長い業務への影響。影響の大きい順。",
        "On each city's service that loses most; the value that matters most on top.",
    )  # fmt: skip
    return Section("twice-as-bad", title, text, chart, Numbers(headings, numbers), wide=True)


def _quantity(value: float, unit: str, language: Language) -> str:
    """Return a value as people read it: long times in years, hours or minutes."""
    if unit != "s":
        return f"{value:.4g}" + ("" if unit == "1" else f" {unit}")
    length, words = next(one for one in _LENGTHS if value >= one[0])
    return f"{value / (length or 1.0):.4g} {either(language, *words)}"
