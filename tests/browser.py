"""A headless Chromium for tests of pages: the one that `make test` installs, driven by Playwright.

Every request that a page makes and every line on its console is kept, so that tests can say what there must not be.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

WIDE, TALL = 1400, 1000


@dataclasses.dataclass(frozen=True)
class Opened:
    """A page in its window, with all that it asked for and all that it complained of."""

    page: Page
    requests: list[str]
    complaints: list[str]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield the browser; without one the tests fail and say what installs it."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("chromium is not installed; `make test` installs it (tools/packages.json)", pytrace=False)
    # Chromium's own sandbox refuses to work for root.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, file: Path, wide: int = WIDE) -> Iterator[Opened]:
    """Yield a file's page as a reader gets it from a file share, without a server."""
    page = browser.new_page(viewport={"width": wide, "height": TALL})
    page.set_default_timeout(10_000)
    found = Opened(page, [], [])
    page.on("request", lambda request: found.requests.append(request.url))
    page.on("console", lambda message: found.complaints.append(message.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.goto(file.as_uri())
    yield found
    page.close()
