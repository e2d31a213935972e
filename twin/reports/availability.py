"""Availability's page: minutes lost by service and city, to what, which promises are kept, and what it hangs on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.models.estate import Estate
from simulation.answer import Answer
from twin.reports.budget import by_component, by_kind, service_name
from twin.reports.denominators import denominator
from twin.reports.dots import Dots, dots
from twin.reports.names import city_name, wrapped
from twin.reports.promises import kept
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import SYMBOLS, city_colours
from twin.reports.twice import twice_as_bad
from twin.reports.words import either


def sections(estate: Estate, answer: Answer, language: Language) -> Iterator[Section]:
    """Yield the services, their budgets by cause, the largest components of each city, promises, and the tornado."""
    details = answer.details
    yield _services(estate, details, language)
    yield by_kind(estate, details["services"], language)
    for city in dict.fromkeys(one["city"] for one in details["services"]):
        own = [one for one in details["services"] if one["city"] == city]
        worst = max(own, key=lambda one: (one["minutes"], one["service"]))
        yield by_component(estate, worst, language)
    for promise in details["promises"]:
        yield kept(estate, promise, details["years"], language)
    if details["sensitivity"]:
        yield twice_as_bad(estate, details["sensitivity"], language)


def _services(estate: Estate, details: dict[str, Any], language: Language) -> Section:
    """Show each service's minutes lost a year, by city."""
    colours, services = city_colours(estate), details["services"]
    series = []
    for place, city in enumerate(dict.fromkeys(one["city"] for one in services)):
        own = [one for one in services if one["city"] == city]
        series.append(
            Dots(
                city_name(estate, city, language), colours[city], SYMBOLS[place % len(SYMBOLS)],
                [wrapped(service_name(estate, one, language)) for one in own], [one["minutes"] for one in own],
                [one["minutes"] - one["half_width_minutes"] for one in own],
                [one["minutes"] + one["half_width_minutes"] for one in own],
            )
        )  # fmt: skip
    chart = dots(series, either(language, "停止時間 [分/年]", "unavailable [min a year]"), 0.8)
    chart.update_xaxes(rangemode="tozero")
    per = denominator(details["per"], language)
    text = either(
        language,
        f"母数は{per}(年{details['minutes_per_year']:,.0f}分)。点は平均、ひげは平均の95%信頼区間"
        "(計算で厳密に決まる分は幅を持たない)。",
        f"Out of {per} ({details['minutes_per_year']:,.0f} minutes a year). Dots: means; whiskers: their 95 % "
        "intervals (what is reckoned exactly has none).",
    )
    title = either(language, "業務・市別の停止時間", "Time lost by service and city")
    return Section("services", title, text, chart, _numbers(estate, services, language), wide=True)


def _numbers(estate: Estate, services: list[dict[str, Any]], language: Language) -> Numbers:
    headings = either(
        language,
        "業務|市|稼働率 [%]|停止 [分/年]|± [分]|うち独立部分 [分]|停止 [回/年]|± [回]|平均停止 [時間]|"
        "100年で最悪の年の稼働率 [%]|全期間の稼働率(下位1%) [%]",
        "service|city|availability [%]|lost [min a year]|± [min]|of it independent [min]|outages a year|±|"
        "mean outage [h]|worst year of 100 [%]|all years, lowest 1 % [%]",
    ).split("|")
    rows = tuple(
        (
            service_name(estate, one, language), city_name(estate, one["city"], language),
            f"{100 * one['availability']:.4f}", one["minutes"], one["half_width_minutes"], one["independent_minutes"],
            one["outages_per_year"], one["outages_half_width"], one["mean_outage_h"],
            f"{100 * one['one_year']['p1']:.3f}", f"{100 * one['all_years']['p1']:.3f}",
        )
        for one in services
    )  # fmt: skip
    return Numbers(tuple(headings), rows)
