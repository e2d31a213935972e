"""A day's page: who asks when, how long the answer takes, where that time goes, and what is busy meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plotly import graph_objects
from plotly.subplots import make_subplots

from inventory.models.estate import Estate
from simulation.answer import Answer
from twin.reports.hours import MIDDLES, Fault, faults_of, over_the_day, told
from twin.reports.names import city_name
from twin.reports.response import applications
from twin.reports.section import Cell, Language, Numbers, Section
from twin.reports.style import GREY, RED, SKY, SYMBOLS, city_colours, styled
from twin.reports.usage import circuits, left_out, stations
from twin.reports.words import either

_WEEKDAYS = (("月", "火", "水", "木", "金", "土", "日"), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def sections(estate: Estate, answer: Answer, language: Language) -> Iterator[Section]:
    """Yield requests and response by hour, response by application, use of servers and circuits, the helpdesk."""
    details = answer.details
    faults = faults_of(estate, details["faults"], language)
    yield _requests(estate, details, faults, language)
    yield _responses(estate, details, faults, language)
    yield applications(estate, details["applications"], language)
    yield stations(estate, details, faults, language)
    yield circuits(estate, details, faults, language)
    if any(details["helpdesk"]["calls"]):
        yield _helpdesk(details["helpdesk"], faults, language)


def _about(estate: Estate, details: dict[str, Any], language: Language) -> str:
    """Return what kind of day it is: date, weekday, holiday, seasons."""
    day = details["day"]
    weekday = _WEEKDAYS[language == "en"][day["weekday"] - 1]
    names = estate.records.demand.seasons if estate.records.demand else {}
    about = [names[one].label(language) for one in day["seasons"]]
    about += [str(day["holiday"])] if day["holiday"] else []
    about.append(either(language, "開庁日", "counters open") if day["open"] else either(language, "閉庁日", "closed"))
    return (
        f"{day['date']} ({weekday}): {either(language, '、', ', ').join(about)}. {left_out(details, language)}".strip()
    )


def _requests(estate: Estate, details: dict[str, Any], faults: Sequence[Fault], language: Language) -> Section:
    """Show each city's requests by hour, what is not served in red on top."""
    chart, colours = graph_objects.Figure(), city_colours(estate)
    lost = either(language, "処理不能", "not served")
    for city, record in details["cities"].items():
        served = [hour["asked"] - hour["unserved"] for hour in record["hours"]]
        label = city_name(estate, city, language)
        chart.add_bar(x=MIDDLES, y=served, name=label, marker_color=colours[city], offsetgroup=city)
        if any(hour["unserved"] for hour in record["hours"]):
            chart.add_bar(
                x=MIDDLES, y=[hour["unserved"] for hour in record["hours"]], base=served, offsetgroup=city,
                name=f"{label} {lost}", marker={"color": RED, "pattern_shape": "/"},
            )  # fmt: skip
    chart.update_layout(barmode="group", bargap=0.15)
    styled(chart, y=either(language, "処理要求 [件/時]", "requests [1/h]"))
    title = either(language, "時間帯別の処理要求", "Requests by hour")
    numbers = _by_hour(estate, details, ("asked", "unserved"), (title, lost), language)
    text = f"{_about(estate, details, language)} {told(faults, language)}"
    return Section("requests", title, text.strip(), over_the_day(chart, faults, language), numbers)


def _responses(estate: Estate, details: dict[str, Any], faults: Sequence[Fault], language: Language) -> Section:
    """Show each city's mean response by hour; an hour without requests has none."""
    chart, colours = graph_objects.Figure(), city_colours(estate)
    for place, (city, record) in enumerate(details["cities"].items()):
        chart.add_scatter(
            x=MIDDLES, y=[hour["response_s"] if hour["served"] else None for hour in record["hours"]],
            mode="lines+markers", name=city_name(estate, city, language), line_color=colours[city],
            marker={"size": 8, "symbol": SYMBOLS[place % len(SYMBOLS)]},
        )  # fmt: skip
    unit = either(language, "平均応答時間 [秒]", "mean response [s]")
    styled(chart, y=unit)
    chart.update_yaxes(rangemode="tozero")
    title = either(language, "時間帯別の応答時間", "Response by hour")
    text = either(
        language,
        "全業務の平均。要求のない時間帯は空白。",
        "Mean over all applications; hours without requests are left empty.",
    )
    numbers = _by_hour(estate, details, ("response_s",), (unit,), language)
    text = f"{text} {told(faults, language)}".strip()
    return Section("responses", title, text, over_the_day(chart, faults, language), numbers)


def _by_hour(
    estate: Estate, details: dict[str, Any], keys: tuple[str, ...], titles: tuple[str, ...], language: Language
) -> Numbers:
    headings = [
        f"{city_name(estate, city, language)} {title}" for city in details["cities"] for title in titles
    ]  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"{hour}:00", *(float(record["hours"][hour][key]) for record in details["cities"].values() for key in keys))
        for hour in range(24)
    )
    return Numbers((either(language, "時刻", "hour"), *headings), rows)


def _helpdesk(desk: dict[str, Any], faults: Sequence[Fault], language: Language) -> Section:
    """Show calls and the wait of callers."""
    calls, wait = (
        either(language, "入電 [件/時]", "calls [1/h]"),
        either(language, "平均待ち時間 [秒]", "mean wait [s]"),
    )
    busy = either(language, "応対者の稼働率 [%]", "agents busy [%]")
    chart = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    chart.add_bar(x=MIDDLES, y=desk["calls"], marker_color=GREY, name=calls, row=1, col=1)
    chart.add_scatter(
        x=MIDDLES, y=[wait_s if call else None for wait_s, call in zip(desk["wait_s"], desk["calls"], strict=True)],
        mode="lines+markers", line_color=SKY, marker_symbol="diamond", name=wait, row=2, col=1,
    )  # fmt: skip
    styled(chart)
    over_the_day(chart, faults, language)
    chart.update_xaxes(title_text="", row=1, col=1)
    chart.update_yaxes(title_text=calls, row=1, col=1)
    chart.update_yaxes(title_text=wait, row=2, col=1)
    chart.update_layout(showlegend=False)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"{hour}:00", desk["calls"][hour], desk["wait_s"][hour], 100 * desk["agents_busy"][hour]) for hour in range(24)
    )
    title = either(language, "ヘルプデスク", "Helpdesk")
    return Section("helpdesk", title, "", chart, Numbers((either(language, "時刻", "hour"), calls, wait, busy), rows))
