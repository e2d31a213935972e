"""The halls' emergency counters: how old their data is, what goes on, and what must be entered afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plotly import graph_objects

from inventory.models.estate import Estate
from twin.reports.dots import Dots, dots
from twin.reports.names import city_name, name
from twin.reports.section import Cell, Language, Numbers, Section
from twin.reports.style import GREEN, GREY, PINK, RED, SKY, styled
from twin.reports.words import either

_ENDS = ("mean", "p50", "p1", "p99")
_WORK = (
    ("goes_on", ("照会・証明書: 緊急窓口で継続", "inquiries, certificates: go on"), GREEN, ""),
    ("refused", ("照会・証明書: 受付できない", "inquiries, certificates: refused"), RED, "/"),
    ("entered", ("異動・届出: 後日入力", "changes: entered afterwards"), GREY, ""),
    ("of_them_lost_with_data", ("うちデータ消失による再入力", "of them lost with the data"), PINK, "x"),
)


def staleness(estate: Estate, halls: list[dict[str, Any]], language: Language) -> Section:
    """Return the age of each usable counter's copy at the take-over, and when it is no longer needed."""
    usable = [hall for hall in halls if hall["usable"]]
    rows = [city_name(estate, hall["city"], language) for hall in usable]
    series = [
        Dots(
            either(language, *words),
            colour,
            symbol,
            rows,
            *([hall[key][end] for hall in usable] for end in ("mean", "p1", "p99")),
        )
        for key, words, colour, symbol in (
            ("age_h", ("切替時", "at the take-over"), GREY, "circle"),
            ("oldest_h", ("使用終了時(最も古い)", "at its oldest"), SKY, "diamond"),
        )
    ]
    chart = dots(series, either(language, "データの古さ [時間]", "age of the data [h]"))
    chart.update_xaxes(rangemode="tozero")
    headings = either(
        language,
        "市|緊急窓口サーバ|代替する業務|できること|切替時 平均 [時間]|中央値|1%点|99%点|最も古いとき 平均 [時間]|"
        "中央値|1%点|99%点|約束より古い割合 [%]",
        "city|emergency counter|replaces|offers|at the take-over, mean [h]|median|1 %|99 %|at its oldest, mean [h]|"
        "median|1 %|99 %|older than promised [%]",
    ).split("|")
    comma = either(language, "、", ", ")
    numbers = tuple(
        (
            city_name(estate, hall["city"], language), name(estate, hall["emergency_counter"], language),
            comma.join(name(estate, one, language) for one in hall["replaces"]),
            comma.join(hall["offers_ja" if language == "ja" else "offers"]),
            *(hall["age_h"][end] for end in _ENDS), *(hall["oldest_h"][end] for end in _ENDS),
            None if hall["older_than_promised"] is None else 100 * hall["older_than_promised"],
        )
        for hall in usable
    )  # fmt: skip
    text = either(
        language, "前夜の複写が基準。点は平均、ひげは1〜99%点。",
        "Since the last nightly copy. Dots: means; whiskers: from the 1st to the 99th percentile.",
    )  # fmt: skip
    title = either(language, "緊急窓口データの古さ", "How old the emergency counters' data is")
    return Section("staleness", title, text, chart, Numbers(tuple(headings), numbers))


def transactions(estate: Estate, halls: list[dict[str, Any]], language: Language) -> Section:
    """Return what goes on, what is refused and what is entered afterwards, by city."""
    rows = [city_name(estate, hall["city"], language) for hall in halls]
    chart = graph_objects.Figure()
    for key, words, colour, shape in _WORK:
        means = [hall[key]["mean"] for hall in halls]
        chart.add_bar(
            orientation="h", y=rows, x=means, name=either(language, *words),
            marker={"color": colour, "pattern_shape": shape},
            error_x={
                "type": "data", "symmetric": False, "thickness": 1.5,
                "array": [max(0.0, hall[key]["p99"] - mean) for hall, mean in zip(halls, means, strict=True)],
                "arrayminus": [max(0.0, mean - hall[key]["p1"]) for hall, mean in zip(halls, means, strict=True)],
            },
            hovertemplate="%{y}: %{x:,.4g}<extra></extra>",
        )  # fmt: skip
    styled(chart, rows=3 * len(rows), x=either(language, "件数", "transactions"))
    chart.update_layout(barmode="group", bargap=0.25)
    chart.update_yaxes(autorange="reversed")
    headings = [either(language, "市", "city")]
    headings += [f"{either(language, *words)} {end}" for _, words, _, _ in _WORK for end in _said_ends(language)]
    headings += [
        f"{either(language, '入力に要する開庁日', 'business days of entering')} {end}" for end in _said_ends(language)
    ]
    numbers = tuple(_numbers(city_name(estate, hall["city"], language), hall) for hall in halls)
    without = [city_name(estate, hall["city"], language) for hall in halls if not hall["usable"]]
    entering = either(language, "、", "; ").join(
        f"{city_name(estate, hall['city'], language)} {hall['entering_d']['mean']:.3g}" for hall in halls
    )
    text = either(
        language, f"棒は平均、ひげは1〜99%点。後日入力に要する開庁日(平均): {entering}日。",
        f"Bars: means; whiskers: from the 1st to the 99th percentile. Business days of entering (mean): {entering}. ",
    )  # fmt: skip
    text += rare((hall[key] for hall in halls for key, *_ in _WORK), language)
    if without:
        text += either(
            language,
            f"緊急窓口サーバなし: {'、'.join(without)}。",
            f"Without emergency counter: {', '.join(without)}.",
        )
    title = either(language, "窓口業務: 継続・不可・後日入力", "At the counters: goes on, refused, entered afterwards")
    return Section("transactions", title, text, chart, Numbers(tuple(headings), numbers))


def rare(spreads: Iterable[dict[str, float]], language: Language) -> str:
    """Return a sentence where a mean lies beyond its 99th percentile, which surprises who has not met it."""
    if not any(one["mean"] > one["p99"] for one in spreads):
        return ""
    return either(
        language, "影響が出るのは100回に1回未満のため、平均が99%点を超えるものがある。",
        "A mean beyond its whisker: it happens in less than one of a hundred cases, and is large then. ",
    )  # fmt: skip


def _numbers(city: str, hall: dict[str, Any]) -> tuple[Cell, ...]:
    work = [hall[key][end] for key, *_ in _WORK for end in _ENDS]
    return (city, *work, *(hall["entering_d"][end] for end in _ENDS))


def _said_ends(language: Language) -> tuple[str, ...]:
    return tuple(either(language, "平均|中央値|1%点|99%点", "mean|median|1 %|99 %").split("|"))
