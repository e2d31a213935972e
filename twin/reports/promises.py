"""How likely a promise of availability is kept, service by service, in one year and over all years of a life."""

from __future__ import annotations

from typing import Any

from inventory.models.estate import Estate
from twin.reports.denominators import denominator
from twin.reports.dots import Dots, dots
from twin.reports.names import city_name, name, told_apart
from twin.reports.section import Language, Numbers, Section
from twin.reports.style import GREY, SKY
from twin.reports.words import either

WEAKEST = 15
"""Services shown of a promise; its table has all."""


def kept(estate: Estate, promise: dict[str, Any], years: float, language: Language) -> Section:
    """Return the chances of a promise, the weakest service on top."""
    shown = promise["services"][:WEAKEST]
    labels = told_apart(
        [_row(estate, one, language) for one in shown], [f"{one['service']}@{one['city']}" for one in shown], 40
    )
    each, all_ = (
        either(language, "各年に守られる", "kept in a year"),
        either(language, f"{years:g}年通算で守られる", f"kept over {years:g} years"),
    )
    series = [
        Dots(
            title, colour, symbol, labels, [100 * one[chance] for one in shown],
            [100 * max(0.0, one[chance] - one[width]) for one in shown],
            [100 * min(1.0, one[chance] + one[width]) for one in shown],
        )
        for title, colour, symbol, chance, width in (
            (each, GREY, "circle", "chance", "half_width"),
            (all_, SKY, "diamond", "chance_all_years", "half_width_all_years"),
        )
    ]  # fmt: skip
    chart = dots(series, either(language, "守られる確率 [%]", "chance of being kept [%]"), 0.8)
    chart.update_xaxes(range=[0, 101])
    per = denominator(promise["per"], language)
    text = either(
        language,
        f"目標{100 * promise['target']:g}%(年{promise['allowed_minutes']:.0f}分まで。母数は{per})。"
        f"{promise['lives']}通りの経過から。弱い順に{len(shown)}件。ひげは95%信頼区間。",
        f"Target {100 * promise['target']:g} %, up to {promise['allowed_minutes']:.0f} minutes a year, out of {per}; "
        f"from {promise['lives']} lives. The weakest {len(shown)}. Whiskers: 95 % intervals.",
    )
    headings = either(
        language, f"業務|市|{each} [%]|± [%]|{all_} [%]|± [%]|平均稼働率 [%]",
        f"service|city|{each} [%]|± [%]|{all_} [%]|± [%]|mean availability [%]",
    ).split("|")  # fmt: skip
    rows = tuple(
        (
            name(estate, one["service"], language), city_name(estate, one["city"], language), 100 * one["chance"],
            100 * one["half_width"], 100 * one["chance_all_years"], 100 * one["half_width_all_years"],
            f"{100 * one['mean']:.4f}",
        )
        for one in promise["services"]
    )  # fmt: skip
    title = (
        either(language, "約束が守られる確率: ", "Chance that it is kept: ")
        + promise["title_ja" if language == "ja" else "title"]
    )
    return Section(f"promise-{promise['id']}", title, text, chart, Numbers(tuple(headings), rows), wide=True)


def _row(estate: Estate, one: dict[str, Any], language: Language) -> str:
    return f"{city_name(estate, one['city'], language)} {name(estate, one['service'], language)}"
