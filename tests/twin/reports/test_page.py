"""A prediction's page as a reader has it: opened in Chromium, in both languages, by keyboard, on a narrow screen."""

from __future__ import annotations

import dataclasses
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Opened, chromium, opened
from playwright.sync_api import Browser

from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.assumptions import named
from simulation.questions import KINDS, ask
from simulation.sensitivity import Sensitivity, sensitivity
from topology.check import check_estate
from twin.reports.figures import OPEN_ROWS
from twin.reports.page import PAPER_PX, TITLES, page
from twin.reports.section import Language
from twin.reports.words import word

CONTRAST = Path(__file__).parents[2] / "topology" / "documents" / "page" / "contrast.js"
LEAST_CONTRAST, LEAST_CONTRAST_LARGE = 4.5, 3.0
Asked = tuple[Estate, Answer, Sensitivity | None]
ESTATES = {
    "fuji-fujinomiya": check_estate("fuji-fujinomiya", {"timers.bfd.interval": "300 ms"}),
    "tri-villages": check_estate("tri-villages"),
}
QUESTIONS: dict[str, tuple[str, dict[str, Any], int]] = {
    "failover": ("fuji-fujinomiya", {"kind": "failover", "scenario": "fujinomiya-main-cut"}, 40),
    "day": ("fuji-fujinomiya", {"kind": "day", "scenario": "core-host-down-at-ten"}, 2),
    "day-villages": ("tri-villages", {"kind": "day", "scenario": "aowatari-cut-at-nine"}, 2),
    "year": ("fuji-fujinomiya", {"kind": "year"}, 2),
    "capacity": ("fuji-fujinomiya", {"kind": "capacity"}, 2),
    "batch": ("fuji-fujinomiya", {"kind": "batch", "heaviest": 1}, 10),
    "batch-villages": ("tri-villages", {"kind": "batch", "heaviest": 1}, 10),
    "availability": ("fuji-fujinomiya", {"kind": "availability"}, 20),
    "continuity": ("fuji-fujinomiya", {"kind": "continuity"}, 20),
    "continuity-power": (
        "fuji-fujinomiya",
        {"kind": "continuity", "event": "dc-grid", "at": "2018-07-02 14:00", "lasts": "12 h"},
        20,
    ),
    "continuity-villages": ("tri-villages", {"kind": "continuity"}, 20),
}
"""Estate, question and replications of the pages that are looked at."""
WHOLE_PATHS = re.compile(r"\b(?:hardware|circuits|devices|sites|power_sources|power_feeds|racks|rooms|services)\.[a-z]")
ENGLISH = re.compile(r"[A-Za-z]{4,}(?: [A-Za-z]{2,}){3,}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the browser."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module", params=QUESTIONS)
def asked(request: pytest.FixtureRequest) -> Asked:
    """Return an estate's answer of each kind; with the sensitivity for one, for it asks again for every value."""
    name, question, replications = QUESTIONS[request.param]
    estate = ESTATES[name]
    answer = ask(estate, question, 1, replications)
    return estate, answer, sensitivity(estate, answer) if answer.kind == "failover" else None


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    """Return each language."""
    found: Language = request.param
    return found


@pytest.fixture
def window(browser: Browser, asked: Asked, language: Language, tmp_path: Path) -> Iterator[Opened]:
    """Yield the page in a window."""
    file = tmp_path / "answer.html"
    file.write_text(page(*asked, language), encoding="utf-8")
    with opened(browser, file) as found:
        yield found


def test_every_kind_of_answer_has_a_page() -> None:
    """No kind is without a title, and each is looked at here."""
    assert set(TITLES) == set(KINDS) == {question["kind"] for _, question, _ in QUESTIONS.values()}


def test_page_asks_for_nothing_and_complains_of_nothing(window: Opened) -> None:
    """It lives on a file share: no request but for itself, no line on the console; every chart is drawn."""
    charts = window.page.locator(".plotly-graph-div")
    assert charts.count() >= 1
    assert window.page.locator(".plotly-graph-div svg.main-svg").count() >= charts.count()
    assert [url for url in window.requests if not url.startswith("data:")] == [window.page.url.split("#")[0]]
    assert window.complaints == []


def test_page_tells_all_figures_and_what_they_stand_on(window: Opened, asked: Asked, language: Language) -> None:
    """Each figure with its interval, each assumed value, the seed, the digest, what carries over and what does not."""
    _, answer, _ = asked
    text = window.page.text_content("main") or ""
    for figure in answer.figures:
        assert figure.label(language) in text
    for assumption in answer.assumed:
        assert assumption.path in text
    for english, japanese in (*answer.carries_over, *answer.does_not_carry_over):
        assert (japanese if language == "ja" else english) in text
    assert answer.estate_digest in text
    assert word("seed", language) in text
    assert window.page.locator("nav a").count() == window.page.locator("main section").count()


def test_text_stands_out_and_fits_a_narrow_screen(window: Opened) -> None:
    """WCAG 2.2 AA for contrast; at 360 pixels nothing scrolls sideways but tables that say so."""
    found = window.page.evaluate(CONTRAST.read_text(encoding="utf-8"))
    low = [one for one in found if float(one["ratio"]) < (LEAST_CONTRAST_LARGE if one["large"] else LEAST_CONTRAST)]
    assert low == []
    window.page.set_viewport_size({"width": 360, "height": 740})
    assert window.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_long_lists_are_folded(window: Opened, asked: Asked) -> None:
    """What comes after hundreds of assumed values is not lost behind them."""
    _, answer, _ = asked
    assert (window.page.locator("#assumed details").count() == 1) == (
        len(answer.assumed) - len(named(answer.assumed)) > OPEN_ROWS
    )


def test_charts_call_things_by_their_labels(window: Opened, language: Language) -> None:
    """Axes, legends and notes of charts name no entry by its path; the Japanese ones hold no English sentence."""
    texts = window.page.locator(".plotly-graph-div text").all_text_contents()
    assert texts
    assert [text for text in texts if WHOLE_PATHS.search(text)] == []
    if language == "ja":
        assert [text for text in texts if ENGLISH.search(text)] == []


def test_bars_of_two_things_are_not_heaped_up(asked: Asked, language: Language) -> None:
    """No trace of bars has two entries of one name, which would be drawn as one sum."""
    estate, answer, _ = asked
    own = importlib.import_module(f"twin.reports.{answer.kind}").sections(estate, answer, language)
    for section in own:
        for trace in section.chart.data if section.chart else ():
            if trace.type == "bar" and trace.orientation == "h":
                bases = trace.base if isinstance(trace.base, tuple) else (trace.base,) * len(trace.y)
                places = [(name, base) for name, base in zip(trace.y, bases, strict=True)]
                assert len(places) == len(set(places)), (section.id, trace.name)


def test_charts_are_drawn_anew_for_paper(window: Opened) -> None:
    """Before printing all charts are as wide as A4 holds, afterwards as before."""
    svg = "[...document.querySelectorAll('.main-svg')].map((one) => one.getBoundingClientRect().width)"
    before = window.page.evaluate(svg)
    window.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert set(window.page.evaluate(svg)) == {PAPER_PX["width"]}
    window.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert window.page.evaluate(svg) == before


def test_numbers_behind_a_chart_open_by_keyboard(window: Opened) -> None:
    """Who cannot see a chart opens its numbers with the keyboard."""
    summary = window.page.locator("details summary").first
    summary.focus()
    window.page.keyboard.press("Enter")
    assert window.page.locator("details[open] td").count() > 0


def test_page_is_the_same_to_the_byte(asked: Asked, language: Language) -> None:
    """Two pages of one answer are equal."""
    assert page(*asked, language) == page(*asked, language)


def test_outage_without_end_has_a_page(browser: Browser, tmp_path: Path) -> None:
    """A figure without bound is said in words, and the chart ends at the horizon."""
    answer = ask(check_estate("fuji-fujinomiya"), {"kind": "failover", "scenario": "fuji-both-cut"}, 1, 20)
    never = dataclasses.replace(
        answer, figures=tuple(dataclasses.replace(one, value=None, high=None) for one in answer.figures)
    )
    file = tmp_path / "never.html"
    file.write_text(page(ESTATES["fuji-fujinomiya"], never, None, "en"), encoding="utf-8")
    with opened(browser, file) as window:
        assert "no bound" in window.page.inner_text("#figures")
        assert window.complaints == []
    assert json.dumps(never.document(), allow_nan=False)
