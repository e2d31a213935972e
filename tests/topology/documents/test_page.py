"""The page of all documents as a reader has it: opened from a file in Chromium, searched, followed, printed, tabbed."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import TALL, WIDE, Opened, chromium, opened
from playwright.sync_api import Browser, Page

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.as_built import Compared, Item
from topology.documents import as_built
from topology.documents.write import PAGE, bound, documents
from topology.draw.words import Language

A3, A4, A4_UPRIGHT = (1191, 842), (842, 595), (595, 842)
NEAR = 2
LEAST_CONTRAST, LEAST_CONTRAST_LARGE = 4.5, 3.0
SCRIPTS = Path(__file__).parent / "page"
CASES = {
    "deck-ja": ("fuji-fujinomiya", "ja"), "deck-en": ("fuji-fujinomiya", "en"),
    "villages-ja": ("tri-villages", "ja"), "villages-en": ("tri-villages", "en"),
}  # fmt: skip
Kind = dict[str, str]


@dataclasses.dataclass(frozen=True)
class Case:
    """A page that was written: its estate and language, its file, and the names of all that stands beside it."""

    estate: Estate
    language: Language
    file: Path
    names: frozenset[str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the browser."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return the page of an estate in a language; the files beside it are only named."""
    name, language = CASES[request.param]
    estate = load_estate(name)
    makers = dict(documents(estate, language))  # type: ignore[arg-type]
    file = tmp_path_factory.mktemp(request.param) / PAGE
    file.write_bytes(makers[PAGE]())
    return Case(estate, language, file, frozenset(makers))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def window(browser: Browser, case: Case) -> Iterator[Opened]:
    """Return the page in a window that its tests share; each leaves it as it was."""
    with opened(browser, case.file) as found:
        yield found


@pytest.fixture(autouse=True)
def fresh(request: pytest.FixtureRequest) -> None:
    """Begin each test that shares a window at the top of the page, without a search, nothing open or focused."""
    if "window" in request.fixturenames:
        page = request.getfixturevalue("window").page
        if page.viewport_size["width"] != WIDE:
            page.set_viewport_size({"width": WIDE, "height": TALL})
        _search(page, "")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = false; })")
        if "#" in page.url or "keyboard" in request.node.name:
            page.goto(page.url.partition("#")[0])


def _script(page: Page, name: str) -> list[Kind]:
    found: list[Kind] = page.evaluate((SCRIPTS / f"{name}.js").read_text(encoding="utf-8"))
    return found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _search(page: Page, words: str) -> list[Kind]:
    """Return what can be found after a search, each with its section's kind, its text and whether it shows."""
    page.locator("#search").fill(words)
    return _script(page, "items")


def test_page_asks_for_nothing_and_complains_of_nothing(window: Opened, case: Case) -> None:
    """Opened, searched and followed, it makes no request but for itself, and writes nothing to the console."""
    window.page.locator("#search").fill("10.")
    window.page.locator("tbody a[href^='#']:visible").first.click()
    assert {url.partition("#")[0] for url in window.requests} == {case.file.as_uri()}
    assert window.complaints == []
    assert window.page.locator("html").get_attribute("lang") == case.language


def test_search_shows_what_has_every_word_and_hides_the_rest(window: Opened, case: Case) -> None:
    """A device's name is found in drawings, tables and manual, also written in wide or small letters."""
    router = next(one for one in case.estate.records.devices.values() if one.role == "router")
    words = router.label(case.language)
    items = _search(window.page, words)
    shown = [item for item in items if item["shown"]]
    assert {item["kind"] for item in shown} == {"drawing", "manual", "table"}
    for item in items:
        assert bool(item["shown"]) == all(word in _plain(item["text"]) for word in _plain(words).split()), item
    assert str(len(shown)) in str(window.page.locator("#found").text_content())
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in words.upper())
    assert _search(window.page, wide) == items
    assert not window.page.locator("#nothing").is_visible()
    empty = window.page.locator("main > section:not(#revisions):visible").filter(has_not=window.page.locator(
        "tbody tr:visible, figure:visible, li:visible, p:visible"
    ))  # fmt: skip
    assert empty.count() == 0


def test_search_that_finds_nothing_says_so_and_is_cleared(window: Opened) -> None:
    """A sentence stands where the documents were, and Escape brings back every one of them."""
    page = window.page
    before = _search(page, "")
    assert all(item["shown"] for item in before)
    assert not any(item["shown"] for item in _search(page, "no-such-word-anywhere"))
    assert page.locator("#nothing").is_visible()
    assert str(page.locator("#found").text_content()).startswith("0 ")
    page.locator("#search").press("Escape")
    assert _script(page, "items") == before
    assert page.locator("#search").input_value() == ""
    assert page.locator("#found").text_content() == ""
    assert not page.locator("#nothing").is_visible()


def test_every_link_leads_somewhere(window: Opened, case: Case) -> None:
    """Within the page to one thing that shows, else to a file that is written beside it."""
    found = _script(window.page, "links")
    within = [link for link in found if link["href"].startswith("#")]
    assert len(within) > 100
    assert [link["href"] for link in within if not link["shown"]] == []
    ids = window.page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))
    assert {link["href"] for link in found} - {link["href"] for link in within} <= case.names


def test_contents_lead_to_each_document(window: Opened) -> None:
    """The list closes, and the document's title stands uncovered below the bar."""
    page = window.page
    page.locator("nav summary").first.click()
    first = page.locator("nav li a:visible").first
    name = str(first.get_attribute("href"))
    first.click()
    assert page.url.endswith(name)
    assert _uncovered(page, f"{name}-title")
    led = _script(page, "contents")
    assert len(led) > 20
    assert [one["href"] for one in led if not one["uncovered"] or one["open"]] == []


def _uncovered(page: Page, selector: str) -> bool:
    """Tell whether the upper left part of an element is in the window and nothing lies over it."""
    found: bool = page.evaluate(
        """(selector) => { const one = document.querySelector(selector), box = one.getBoundingClientRect();
        const top = document.elementFromPoint(box.left + 6, box.top + Math.min(8, box.height / 2));
        return top !== null && (one.contains(top) || top.contains(one)) && !top.matches("body, html"); }""",
        selector,
    )
    return found


def test_drawing_leads_to_the_row_and_the_row_to_the_requirement(window: Opened, case: Case) -> None:
    """Also while a search hides the row: a router's box, then its row, then the row of a requirement."""
    page = window.page
    page.locator("#search").fill("OSPF")
    node = page.locator("#logical-diagram figure a[href^='#at-devices.']:visible").first
    row = str(node.get_attribute("href"))
    node.click()
    assert page.url.endswith(row)
    assert page.locator("#search").input_value() == ""
    assert _uncovered(page, f"[id='{row[1:]}']")
    if not case.estate.records.requirements:
        return
    target = next(link["href"] for link in _script(page, "links") if re.fullmatch(r"#at-[\d.]+", link["href"]))
    page.locator(f"section:not(#requirement-trace) a[href='{target}']").first.click()
    assert page.url.endswith(target)
    assert _uncovered(page, f"[id='{target[1:]}']")
    assert page.locator(f"#requirement-trace [id='{target[1:]}']").count() == 1


def _printed(page: Page, file: Path) -> tuple[str, list[tuple[int, int]], list[list[tuple[float, float]]]]:
    """Print a page; return its text in reading order, the pages' sizes, and where words begin and end on each."""
    page.pdf(path=file, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True, text=True).stdout
    boxes = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, check=True, text=True).stdout
    pages = boxes.split("<page ")[1:]
    sizes = [tuple(round(float(size)) for size in re.findall(r'(?:width|height)="([\d.]+)"', one)[:2]) for one in pages]
    places = [
        [(float(low), float(high)) for low, high in re.findall(r'xMin="([-\d.]+)".*?xMax="([-\d.]+)"', one)]
        for one in pages
    ]
    return text, sizes, places  # type: ignore[return-value]


def test_print_holds_everything_on_a3_and_a4(window: Opened, case: Case, tmp_path: Path) -> None:
    """Whatever the search hides: each cell and paragraph as text, no word beyond the sheet, drawings on A3."""
    page = window.page
    whole = [_squeezed(item["text"]) for item in _script(page, "printed")]
    text, sizes, places = _printed(page, tmp_path / "page.pdf")
    squeezed = _squeezed(text)
    assert [one for one in whole if one not in squeezed] == []
    assert _squeezed(str(page.locator("#nothing").text_content())) not in squeezed
    if case.language == "ja":  # once for each estate is enough: printing takes long
        page.locator("#search").fill("no-such-word-anywhere")
        assert _printed(page, tmp_path / "searched.pdf") == (text, sizes, places)
    for wide, tall in sizes:
        assert any(abs(wide - x) <= NEAR and abs(tall - y) <= NEAR for x, y in (A3, A4, A4_UPRIGHT)), (wide, tall)
    for (wide, _), words in zip(sizes, places, strict=True):
        assert all(low >= 0 and high <= wide for low, high in words)
    wide_sheets = sum(abs(wide - A3[0]) <= NEAR and abs(tall - A3[1]) <= NEAR for wide, tall in sizes)
    figures = page.locator("figure").count()
    assert wide_sheets >= figures
    assert len(sizes) > page.locator("main > section").count()


def _squeezed(text: str) -> str:
    """Return a text without blanks and page feeds, in the letters that printing keeps."""
    return re.sub(r"[\s\u00ad\u200b\x0c]", "", unicodedata.normalize("NFKC", text))


def test_keyboard_reaches_everything_in_order(window: Opened) -> None:
    """First the skip link, which shows then; the search; the contents; what has focus is always marked."""
    page = window.page
    stops = []
    for _ in range(8):
        page.keyboard.press("Tab")
        stop = _script(page, "focus")[0]
        assert stop["outline"], stop
        assert stop["inside"], stop
        stops.append(stop)
    assert stops[0]["href"] == "#content"
    assert stops[1]["id"] == "search"
    assert [stop["tag"] for stop in stops[2:5]] == ["summary"] * 3
    assert stops[5]["href"] == "#revisions"
    assert all(stop["tag"] == "a" for stop in stops[6:])


def test_keyboard_skips_searches_and_follows(window: Opened) -> None:
    """Enter on the skip link goes to the documents; typing in the search and Enter on a link do what a mouse does."""
    page = window.page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.locator("summary").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("no-such-word-anywhere")
    assert page.locator("#nothing").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    href = str(page.evaluate("document.activeElement.getAttribute('href')"))
    page.keyboard.press("Enter")
    assert page.url.endswith(href)
    assert _uncovered(page, f"{href}-title")


@pytest.mark.parametrize("wide", [360, 768, 1400, 1920])
def test_page_does_not_scroll_sideways(window: Opened, wide: int) -> None:
    """On a telephone and on a wide screen only tables scroll, each in its own frame, and drawings shrink."""
    page = window.page
    page.set_viewport_size({"width": wide, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    page.locator("summary").last.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    assert page.evaluate("document.querySelector('nav').getBoundingClientRect().height < innerHeight * 0.75")


def test_text_stands_out_from_its_ground(window: Opened) -> None:
    """WCAG 2.2, success criterion 1.4.3 (AA): 4.5 to 1, for large type 3 to 1, in text and drawings."""
    _assert_contrast(window.page)


def _assert_contrast(page: Page) -> None:
    found = _script(page, "contrast")
    assert len(found) > 3
    low = [one for one in found if float(one["ratio"]) < (LEAST_CONTRAST_LARGE if one["large"] else LEAST_CONTRAST)]
    assert low == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_as_built_page_is_as_good(browser: Browser, tmp_path: Path, language: Language) -> None:
    """The page of what runs: no request, no complaint, its marks readable, printed whole, no scrolling sideways."""
    compared = (
        Compared(Item("address-plan", "devices.dc-rt-1", "wan1", "address"), "10.0.0.1/28", "10.0.0.9/28",
                 "devices.dc-rt-1"),
        Compared(Item("parameter-sheets", "devices.dc-rt-1", "packages", "frr"), "10.3", "10.3", "devices.dc-rt-1"),
    )  # fmt: skip
    estate = load_estate("fuji-fujinomiya")
    makers = dict(bound(estate, as_built.tables(estate, compared, language), language, "as-built.html"))
    file = tmp_path / "as-built.html"
    file.write_bytes(makers["as-built.html"]())
    with opened(browser, file, 360) as window:
        page = window.page
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.locator("tr.differs").count() > 0
        _assert_contrast(page)
        assert {link["href"] for link in _script(page, "links") if link["href"][0] != "#"} <= set(makers)
        assert all(link["shown"] for link in _script(page, "links") if link["href"][0] == "#")
        items = _search(page, "frr")
        assert sum(bool(item["shown"]) for item in items) == 1
        text, _, _ = _printed(page, tmp_path / "page.pdf")
        assert "10.0.0.9/28" in text
        assert window.requests == [file.as_uri()]
        assert window.complaints == []
