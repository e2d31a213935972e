"""A year's page: its days on a calendar, how many of them are how heavy, the hardest, and the seasons."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any

from plotly import graph_objects

from inventory.models.estate import Estate
from simulation.answer import Answer
from twin.reports.hours import SCALE
from twin.reports.names import city_name, wrapped
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import GREY, SKY, city_colours, styled
from twin.reports.usage import left_out
from twin.reports.words import either

HARDEST = 10
"""Days shown as the hardest; the calendar's table has all."""
_WEEKDAYS = (("月", "火", "水", "木", "金", "土", "日"), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def sections(estate: Estate, answer: Answer, language: Language) -> Iterator[Section]:
    """Yield the calendar, the days by weight of load, the hardest days and the seasons."""
    days = answer.details["days"]
    yield _calendar(estate, answer.details, language)
    yield _hardest(estate, days, language)
    yield _by_load(estate, days, language)
    yield _seasons(estate, days, language)


def _calendar(estate: Estate, details: dict[str, Any], language: Language) -> Section:
    """Show each day played at its date: as large as the days that it stands for, as dark as servers are busy."""
    days = details["days"]
    busy = either(language, "最繁サーバ [%]", "busiest server [%]")
    dates = [dt.date.fromisoformat(day["date"]) for day in days]
    chart = graph_objects.Figure(
        graph_objects.Scatter(
            x=[date.day for date in dates], y=[_month(date, language) for date in dates], mode="markers+text",
            text=[str(day["weight"]) if day["weight"] > 1 else "" for day in days],
            textposition="middle center", textfont_color=_inks(days),
            marker={
                "size": [9 + 4 * math.sqrt(day["weight"]) for day in days],
                "symbol": ["circle" if day["open"] else "square" for day in days],
                "color": [100 * day["station"] for day in days], "colorscale": SCALE, "cmin": 0,
                "line": {"color": "#374151", "width": 1}, "opacity": 1,
                "colorbar": {"title": {"text": busy, "side": "right"}, "thickness": 12, "outlinewidth": 0},
            },
            customdata=[[day["date"], day["weight"], 100 * day["station"], 100 * day["circuit"]] for day in days],
            hovertemplate="%{customdata[0]}: ×%{customdata[1]}, %{customdata[2]:.3g} %, "
            "%{customdata[3]:.3g} %<extra></extra>",
        )
    )  # fmt: skip
    first = min(dates).replace(day=1)
    months = [_month(_later(first, number), language) for number in range(12)]
    styled(chart, rows=len(months), x=either(language, "日", "day of the month"))
    chart.update_yaxes(
        type="category", categoryorder="array", categoryarray=months[::-1], range=[-0.6, len(months) - 0.4]
    )
    chart.update_xaxes(range=[0, 32], dtick=5, tick0=0)
    played = len(days)
    text = either(
        language,
        f"年間{details['days_of_the_year']}日を、{played}の代表日で予測。数字と大きさは代表する日数、色は最繁サーバの"
        f"CPU使用率。丸は開庁日、四角は閉庁日。{left_out(details, language)}",
        f"{played} days stand for the {details['days_of_the_year']} of the year. Number and size: days it stands for; "
        f"colour: cores of the busiest server. Circle: counters open, square: closed. {left_out(details, language)}",
    )
    title = either(language, "代表日の暦", "The days on a calendar")
    return Section("calendar", title, text, chart, _numbers(estate, days, language), wide=True)


def _hardest(estate: Estate, days: list[dict[str, Any]], language: Language) -> Section:
    """Show the days on which a server or a circuit is busiest."""
    shown = sorted(days, key=lambda day: (-max(day["station"], day["circuit"]), day["date"]))[:HARDEST]
    chart = graph_objects.Figure()
    names = [wrapped(_named(estate, day, language), 44) for day in shown]
    for key, words, colour in (
        ("station", ("最繁サーバのCPU", "cores of the busiest server"), GREY),
        ("circuit", ("最繁回線", "busiest circuit"), SKY),
    ):
        chart.add_bar(
            orientation="h", y=names, x=[100 * day[key] for day in shown], name=either(language, *words),
            marker_color=colour, hovertemplate="%{y}: %{x:.3g} %<extra></extra>",
        )  # fmt: skip
    styled(chart, rows=len(shown), x=either(language, "最繁時の使用率 [%]", "used in the busiest hour [%]"))
    chart.update_layout(barmode="group", bargap=0.25)
    chart.update_yaxes(autorange="reversed")
    title = either(language, "最も重い日", "The hardest days")
    return Section("hardest", title, "", chart, _numbers(estate, shown, language), wide=True)


def _by_load(estate: Estate, days: list[dict[str, Any]], language: Language) -> Section:
    """Show on how many days of the year how much is asked, the heaviest first."""
    ordered = sorted(days, key=lambda day: (-sum(day["asked"].values()), day["date"]))
    begins = [sum(day["weight"] for day in ordered[:place]) for place in range(len(ordered))]
    chart, colours = graph_objects.Figure(), city_colours(estate)
    for city in ordered[0]["asked"]:
        chart.add_bar(
            x=begins, offset=0, width=[day["weight"] for day in ordered], y=[day["asked"][city] for day in ordered],
            name=city_name(estate, city, language),
            marker={"color": colours[city], "line": {"width": 0.5, "color": "white"}},
            customdata=[_named(estate, day, language) for day in ordered],
            hovertemplate="%{customdata}: %{y:,.0f}<extra></extra>",
        )  # fmt: skip
    requests = either(language, "処理要求 [件/日]", "requests [1/day]")
    styled(chart, x=either(language, "日数(重い順の累積)", "days of the year, the heaviest first"), y=requests)
    chart.update_layout(barmode="stack")
    title = either(language, "負荷の重さ別の日数", "How many days are how heavy")
    rows = tuple(
        (begin + 1, begin + day["weight"], day["date"], *day["asked"].values())
        for begin, day in zip(begins, ordered, strict=True)
    )
    cities = tuple(f"{city_name(estate, city, language)} {requests}" for city in ordered[0]["asked"])
    headings = either(language, "順位 から|まで|代表日", "rank from|to|day").split("|")
    return Section("by-load", title, "", chart, Numbers((*headings, *cities), rows))


def _seasons(estate: Estate, days: list[dict[str, Any]], language: Language) -> Section:
    """Show the mean of a season's open days by city; a day in two seasons counts in both."""
    seasons: dict[str, list[dict[str, Any]]] = {"": [day for day in days if day["open"] and not day["seasons"]]}
    for day in days:
        for season in day["seasons"] if day["open"] else ():
            seasons.setdefault(season, []).append(day)
    found = {season: chosen for season, chosen in seasons.items() if chosen}
    names = [wrapped(_season(estate, season, language), 34) for season in found]
    counts = [sum(day["weight"] for day in chosen) for chosen in found.values()]
    chart, colours = graph_objects.Figure(), city_colours(estate)
    means = {
        city: [
            sum(day["weight"] * day["asked"][city] for day in chosen) / count
            for chosen, count in zip(found.values(), counts, strict=True)
        ]
        for city in days[0]["asked"]
    }
    for city, values in means.items():
        chart.add_bar(
            orientation="h", y=names, x=values, name=city_name(estate, city, language), marker_color=colours[city],
            hovertemplate="%{y}: %{x:,.0f}<extra></extra>",
        )  # fmt: skip
    requests = either(language, "処理要求の平均 [件/開庁日]", "mean requests [1/open day]")
    styled(chart, rows=len(names) + 1, x=requests)
    chart.update_layout(barmode="group", bargap=0.25)
    chart.update_yaxes(autorange="reversed")
    rows = tuple(
        (_season(estate, season, language), count, *(means[city][place] for city in means))
        for place, (season, count) in enumerate(zip(found, counts, strict=True))
    )
    cities = tuple(f"{city_name(estate, city, language)} {requests}" for city in means)
    text = either(language, "複数の時期に当たる日はそれぞれに数える。", "A day in two seasons counts in both.")
    headings = either(language, "時期|開庁日数", "season|open days").split("|")
    title = either(language, "時期による違い", "The seasons")
    return Section("seasons", title, text, chart, Numbers((*headings, *cities), rows), wide=True)


def _season(estate: Estate, season: str, language: Language) -> str:
    demand = estate.records.demand
    if not season:
        return either(language, "その他の開庁日", "other open days")
    return demand.seasons[season].label(language) if demand and season in demand.seasons else season


def _named(estate: Estate, day: dict[str, Any], language: Language) -> str:
    date = dt.date.fromisoformat(day["date"])
    weekday = _WEEKDAYS[language == "en"][date.weekday()]
    seasons = either(language, "、", ", ").join(_season(estate, one, language) for one in day["seasons"])
    return f"{day['date']} ({weekday}) {seasons}".strip()


def _month(date: dt.date, language: Language) -> str:
    return either(language, f"{date.year}年{date.month}月", f"{date.year}-{date.month:02}")


def _later(first: dt.date, months: int) -> dt.date:
    """Return the first of the month so many months later."""
    return dt.date(first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1, 1)


def _inks(days: list[dict[str, Any]]) -> list[str]:
    """Return in which colour a day's number is legible on the colour of its use."""
    highest = max(day["station"] for day in days)
    return ["white" if day["station"] > 0.64 * highest else "black" for day in days]


def _numbers(estate: Estate, days: list[dict[str, Any]], language: Language) -> Numbers:
    cities = list(days[0]["asked"])
    shared = either(language, "代表日|代表する日数|開庁|時期|最繁サーバ [%]|最繁回線 [%]|一括転送 [GB]",
                    "day|stands for days|open|seasons|busiest server [%]|busiest circuit [%]|bulk [GB]")  # fmt: skip
    own = either(language, "要求 [件]|処理不能 [件]|最繁時応答 [秒]", "requests|not served|slowest hour [s]").split("|")
    headings = (*shared.split("|"), *(f"{city_name(estate, city, language)} {word}" for city in cities for word in own))
    rows = tuple(
        (
            day["date"], day["weight"], "○" if day["open"] else "—",
            either(language, "、", ", ").join(_season(estate, one, language) for one in day["seasons"]),
            100 * day["station"], 100 * day["circuit"], day["bulk_bytes"] / 1e9,
            *(day[key][city] for city in cities for key in ("asked", "unserved", "slowest_s")),
        )
        for day in days
    )  # fmt: skip
    return Numbers(headings, rows)
