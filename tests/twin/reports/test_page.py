"""A prediction's page as a reader has it: opened in Chromium, in both languages, by keyboard, on a narrow screen."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Opened, chromium, opened
from playwright.sync_api import Browser

from simulation.answer import Answer
from simulation.questions import KINDS, ask
from simulation.sensitivity import Sensitivity, sensitivity
from topology.check import check_estate
from twin.reports.page import TITLES, page
from twin.reports.section import Language
from twin.reports.words import word

CONTRAST = Path(__file__).parents[2] / "topology" / "documents" / "page" / "contrast.js"
LEAST_CONTRAST, LEAST_CONTRAST_LARGE = 4.5, 3.0
ESTATE = check_estate("fuji-fujinomiya", {"timers.bfd.interval": "300 ms"})
QUESTIONS: dict[str, dict[str, Any]] = {
    "failover": {"kind": "failover", "scenario": "fujinomiya-main-cut"},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the browser."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module", params=QUESTIONS)
def asked(request: pytest.FixtureRequest) -> tuple[Answer, Sensitivity]:
    """Return an answer of each kind with its sensitivity."""
    answer = ask(ESTATE, QUESTIONS[request.param], 1, 40)
    return answer, sensitivity(ESTATE, answer)


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    """Return each language."""
    found: Language = request.param
    return found


@pytest.fixture
def window(browser: Browser, asked: tuple[Answer, Sensitivity], language: Language, tmp_path: Path) -> Iterator[Opened]:
    """Yield the page in a window."""
    file = tmp_path / "answer.html"
    file.write_text(page(ESTATE, *asked, language), encoding="utf-8")
    with opened(browser, file) as found:
        yield found


def test_every_kind_of_answer_has_a_page() -> None:
    """No kind is without a title, and each is looked at here."""
    assert set(TITLES) == set(KINDS) == set(QUESTIONS)


def test_page_asks_for_nothing_and_complains_of_nothing(window: Opened) -> None:
    """It lives on a file share: no request but for itself, no line on the console; every chart is drawn."""
    charts = window.page.locator(".plotly-graph-div")
    assert charts.count() >= 1
    assert window.page.locator(".plotly-graph-div svg.main-svg").count() >= charts.count()
    assert [url for url in window.requests if not url.startswith("data:")] == [window.page.url.split("#")[0]]
    assert window.complaints == []


def test_page_tells_all_figures_and_what_they_stand_on(
    window: Opened, asked: tuple[Answer, Sensitivity], language: Language
) -> None:
    """Each figure with its interval, each assumed value, the seed, the digest, what carries over and what does not."""
    answer, _ = asked
    text = window.page.inner_text("main")
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


def test_numbers_behind_a_chart_open_by_keyboard(window: Opened) -> None:
    """Who cannot see a chart opens its numbers with the keyboard."""
    summary = window.page.locator("details summary").first
    summary.focus()
    window.page.keyboard.press("Enter")
    assert window.page.locator("details[open] td").count() > 0


def test_page_is_the_same_to_the_byte(asked: tuple[Answer, Sensitivity], language: Language) -> None:
    """Two pages of one answer are equal."""
    assert page(ESTATE, *asked, language) == page(ESTATE, *asked, language)


def test_outage_without_end_has_a_page(browser: Browser, tmp_path: Path) -> None:
    """A figure without bound is said in words, and the chart ends at the horizon."""
    answer = ask(check_estate("fuji-fujinomiya"), {"kind": "failover", "scenario": "fuji-both-cut"}, 1, 20)
    never = dataclasses.replace(
        answer, figures=tuple(dataclasses.replace(one, value=None, high=None) for one in answer.figures)
    )
    file = tmp_path / "never.html"
    file.write_text(page(ESTATE, never, None, "en"), encoding="utf-8")
    with opened(browser, file) as window:
        assert "no bound" in window.page.inner_text("#figures")
        assert window.complaints == []
    assert json.dumps(never.document(), allow_nan=False)
