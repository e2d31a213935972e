"""Continuity's page: what happens after the event, hours without services, what the halls go on with, enter later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.models.estate import Estate
from simulation.answer import Answer
from twin.reports.after import power_chain, timeline
from twin.reports.dots import Dots, dots
from twin.reports.halls import rare, staleness, transactions
from twin.reports.names import city_name, name, wrapped
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import SYMBOLS, city_colours
from twin.reports.words import either


def sections(estate: Estate, answer: Answer, language: Language) -> Iterator[Section]:
    """Yield the timeline, the power chain of a power event, services, the halls' counters, the shutdown's order."""
    details = answer.details
    yield timeline(estate, details, language)
    if any(step["kind"] == "battery-ends" for step in details["timeline"]):
        yield power_chain(details, language)
    if details["services"]:
        yield _services(estate, details["services"], language)
    if any(hall["usable"] for hall in details["halls"]):
        yield staleness(estate, details["halls"], language)
    if details["halls"]:
        yield transactions(estate, details["halls"], language)
    if details["shutdown"]:
        yield _shutdown(estate, details["shutdown"], language)


def _services(estate: Estate, services: list[dict[str, Any]], language: Language) -> Section:
    """Show the counter hours without each service, by city."""
    colours, key = city_colours(estate), "title_ja" if language == "ja" else "title"
    series = []
    for place, city in enumerate(one for one in estate.records.cities if any(own["city"] == one for own in services)):
        own = [one for one in services if one["city"] == city]
        hours = [one["counter_hours"] for one in own]
        series.append(
            Dots(
                city_name(estate, city, language), colours[city], SYMBOLS[place % len(SYMBOLS)],
                [wrapped(("◎ " if one["emergency"] else "") + one[key]) for one in own],
                *([one[end] for one in hours] for end in ("mean", "p1", "p99")),
            )
        )  # fmt: skip
    chart = dots(series, either(language, "利用できない開庁時間 [時間]", "counter hours without it [h]"), 0.8)
    chart.update_xaxes(rangemode="tozero")
    headings = either(
        language,
        "業務・サービス|市|開庁時間 平均 [時間]|1%点|中央値|99%点|全時間 平均 [時間]|1%点|中央値|99%点|"
        "復旧元バックアップ|バックアップからの復旧が先となる割合 [%]|緊急窓口",
        "service|city|counter hours, mean [h]|1 %|median|99 %|all hours, mean [h]|1 %|median|99 %|restored from|"
        "restored before it is back [%]|emergency counter",
    ).split("|")
    rows = tuple(
        (
            one[key], city_name(estate, one["city"], language),
            *(one["counter_hours"][end] for end in ("mean", "p1", "p50", "p99")),
            *(one["hours"][end] for end in ("mean", "p1", "p50", "p99")),
            name(estate, one["restored_from"], language) if one["restored_from"] else None, 100 * one["restored_share"],
            "◎" if one["emergency"] else None,
        )
        for one in services
    )  # fmt: skip
    emergency = either(language, "◎は緊急窓口サーバで一部継続。", "◎: goes on in part at the emergency counters.")
    text = either(
        language, "点は平均、ひげは1〜99%点。", "Dots: means; whiskers: from the 1st to the 99th percentile. "
    )
    text += rare((one["counter_hours"] for one in services), language)
    text += emergency if any(one["emergency"] for one in services) else ""
    title = either(language, "業務・市別の利用できない時間", "Hours without services, by city")
    return Section("services", title, text, chart, Numbers(tuple(headings), rows), wide=True)


def _shutdown(estate: Estate, steps: list[dict[str, Any]], language: Language) -> Section:
    """List in which order is shut down, what needs others first."""
    headings = either(language, "順|対象|機器・サービス", "step|what|entries").split("|")
    rows = tuple(
        (
            step["step"], step["title_ja" if language == "ja" else "title"],
            either(language, "、", ", ").join(name(estate, entry, language) for entry in step["entries"]),
        )
        for step in steps
    )  # fmt: skip
    text = either(
        language,
        "他に依存するものから止める。起動は逆順。",
        "What needs others stops first; started in the opposite order.",
    )
    return Section(
        "shutdown", either(language, "停止手順", "Order of the shutdown"), text, numbers=Numbers(tuple(headings), rows)
    )
