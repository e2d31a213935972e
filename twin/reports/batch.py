"""The nights' page: time left, each night's jobs and what is busy meanwhile, how old the emergency copies are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plotly import graph_objects

from inventory.models.estate import Estate
from simulation.answer import Answer
from twin.reports.dots import Dots, dots
from twin.reports.gantt import gantt
from twin.reports.names import city_name, name, wrapped
from twin.reports.night_hours import clock, over_the_night
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import RED, SYMBOLS, city_colours, styled
from twin.reports.usage import by_quarter
from twin.reports.words import either


def sections(estate: Estate, answer: Answer, language: Language) -> Iterator[Section]:
    """Yield the slack of all nights, for each its jobs and what is busy, then the copies and the kinds of nights."""
    details = answer.details
    yield _slack(estate, details, language)
    for night in details["nights"]:
        title = _night(night, language)
        yield gantt(estate, night, title, details["opens_s"], language)
        yield by_quarter(night, title, over_the_night, language)
    if any(night["copies"] for night in details["nights"]):
        yield _copies(estate, details, language)
    yield _kinds(details, language)


def _night(night: dict[str, Any], language: Language) -> str:
    return f"{night['name_ja' if language == 'ja' else 'name']} ({night['date']})"


def _incident(details: dict[str, Any], language: Language) -> str:
    incident = details["incident"]
    if not incident:
        return ""
    title = incident.get("title_ja" if language == "ja" else "title") or ""
    return either(language, f"想定事象: {title}。", f"What happens: {title}.")


def _slack(estate: Estate, details: dict[str, Any], language: Language) -> Section:
    """Show each city's time left before the counters open, with its interval, night by night."""
    colours = city_colours(estate)
    nights = details["nights"]
    cities = list(dict.fromkeys(net["city"] for night in nights for net in night["nets"]))
    series = []
    for place, city in enumerate(cities):
        found = [(night, net) for night in nights for net in night["nets"] if net["city"] == city]
        series.append(
            Dots(
                city_name(estate, city, language), colours[city], SYMBOLS[place % len(SYMBOLS)],
                [wrapped(_night(night, language)) for night, _ in found],
                *([net["slack_s"][key] / 60 for _, net in found] for key in ("median", "low", "high")),
            )
        )  # fmt: skip
    chart = dots(series, either(language, "開庁までの余裕 [分]", "time left before the counters open [min]"))
    chart.add_vline(x=0, line={"color": RED, "width": 2, "dash": "dash"})
    headings = either(
        language,
        "夜|市|全ジョブ終了|下限|上限|余裕 [分]|下限|上限|開庁遅延の確率 [%]|締切超過の確率 [%]|最も余裕のないジョブ|"
        "その締切までの余裕 [分]|終わりを決めるジョブ(割合)",
        "night|city|all done|from|to|left [min]|from|to|opens late [%]|a deadline missed [%]|tightest job|"
        "left before its deadline [min]|jobs that decide (share)",
    ).split("|")
    rows = tuple(
        (
            _night(night, language), city_name(estate, net["city"], language),
            *(clock(net["end_s"][key]) for key in ("median", "low", "high")),
            *(net["slack_s"][key] / 60 for key in ("median", "low", "high")),
            100 * net["missed"]["value"], 100 * net["late"]["value"], name(estate, net["tightest"], language),
            net["least_deadline_slack_s"]["median"] / 60,
            ", ".join(f"{name(estate, one['job'], language)} {one['share']:.0%}" for one in net["critical"]),
        )
        for night in nights
        for net in night["nets"]
    )  # fmt: skip
    opens = clock(details["opens_s"])
    text = either(
        language, f"中央値と95%が入る範囲。0は開庁({opens})。{_incident(details, language)}",
        f"Median, and where 95 % lie. 0: the counters open ({opens}). {_incident(details, language)}",
    )  # fmt: skip
    return Section(
        "slack",
        either(language, "開庁までの余裕", "Time left"),
        text,
        chart,
        Numbers(tuple(headings), rows),
        wide=True,
    )


def _copies(estate: Estate, details: dict[str, Any], language: Language) -> Section:
    """Show how old each emergency counter's data is when the counters open."""
    colours, nights = city_colours(estate), details["nights"]
    found = [(night, copy) for night in nights for copy in night["copies"]]
    chart = graph_objects.Figure()
    for city in dict.fromkeys(copy["city"] for _, copy in found):
        own = [(night, copy) for night, copy in found if copy["city"] == city]
        means = [copy["mean_age_s"] / 3600 for _, copy in own]
        chart.add_bar(
            orientation="h", y=[wrapped(_night(night, language)) for night, _ in own], x=means,
            name=city_name(estate, city, language), marker_color=colours[city],
            error_x={
                "type": "data", "symmetric": False, "thickness": 1.5,
                "array": [
                    max(0.0, copy["age_s"]["high"] / 3600 - mean) for (_, copy), mean in zip(own, means, strict=True)
                ],
                "arrayminus": [
                    max(0.0, mean - copy["age_s"]["low"] / 3600) for (_, copy), mean in zip(own, means, strict=True)
                ],
            },
            hovertemplate="%{y}: %{x:.3g} h<extra></extra>",
        )  # fmt: skip
    age = either(language, "データの古さ [時間]", "age of the data [h]")
    styled(chart, rows=len(nights) * 2, x=age)
    chart.update_layout(barmode="group")
    chart.update_yaxes(autorange="reversed")
    headings = either(
        language, "夜|緊急窓口サーバ|複写ジョブ|到着の確率 [%]|平均の古さ [時間]|中央値|下限|上限",
        "night|emergency counter|copying job|arrived [%]|mean age [h]|median|from|to",
    ).split("|")  # fmt: skip
    rows = tuple(
        (
            _night(night, language), name(estate, copy["counter"], language), name(estate, copy["job"], language),
            100 * copy["arrived"]["value"], copy["mean_age_s"] / 3600,
            *(copy["age_s"][key] / 3600 for key in ("median", "low", "high")),
        )
        for night, copy in found
    )  # fmt: skip
    title = either(language, "緊急窓口用データの古さ", "Age of the emergency counters' data")
    text = either(language, "開庁時点。平均と、95%が入る範囲。", "When the counters open: mean, and where 95 % lie.")
    return Section("copies", title, text, chart, Numbers(tuple(headings), rows))


def _kinds(details: dict[str, Any], language: Language) -> Section:
    """List the kinds of nights of the year, the most frequent first."""
    headings = either(language, "夜の数|初日|処理量の係数", "nights|first|factor of the work").split("|")
    kinds = sorted(details["kinds_of_nights"], key=lambda kind: (-kind["nights"], kind["first"]))
    rows = tuple((kind["nights"], kind["first"], kind["factor"]) for kind in kinds)
    title = either(language, f"{details['year']}年度の夜の種類", f"Kinds of nights in {details['year']}")
    text = either(
        language,
        "同じジョブを同じ量で行う夜をまとめたもの。",
        "Nights with the same jobs and the same work count as one kind.",
    )
    return Section("kinds", title, text, numbers=Numbers(tuple(headings), rows), folded=True)
