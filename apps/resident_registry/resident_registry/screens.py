"""The pages that clerks use: search, one resident with the household, failures. Japanese, without scripts.

Searches are posted, so that no name stays in an address, a browser's history or a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from resident_registry.api import certificate_response
from resident_registry.calendar_ja import wareki
from resident_registry.certificate import parse_application
from resident_registry.counter import Counter
from resident_registry.criteria import TEXT_FIELDS, parse_criteria
from resident_registry.errors import InputError
from resident_registry.reading import caller_of, code_of, read_form

_pages = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_pages.filters["wareki"] = wareki


NOTHING_ASKED = "氏名、生年月日、住所のうち少なくとも一つを入力してください。"


def _page(
    request: Request,
    page: str,
    values: Mapping[str, object],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    settings = request.app.state.counter.settings
    return HTMLResponse(_pages.get_template(page).render(settings=settings, **values), status, headers)


def failure_page(
    request: Request, status: int, sentence: str, problems: Mapping[str, str], headers: Mapping[str, str]
) -> Response:
    """Return the page that says what went wrong and under which number the log has it."""
    values = {"status": status, "sentence": sentence, "problems": problems, "request_id": request.state.request_id}
    return _page(request, "failure.html", values, status, headers)


def _search_page(request: Request, typed: Mapping[str, str], status: int = 200, **values: object) -> Response:
    shown = {field: typed.get(field, "") for field in TEXT_FIELDS}
    return _page(
        request, "search.html", {"problems": {}, "found": None, "more": False, "typed": shown} | values, status
    )


async def start(request: Request) -> Response:
    """GET /: the empty search."""
    return _search_page(request, {})


async def search(request: Request) -> Response:
    """POST /search: the search with its result, or with what is wrong beside each field; GET goes to the start."""
    if request.method != "POST":
        return RedirectResponse("/", 303)
    counter: Counter = request.app.state.counter
    settings = counter.settings
    typed = await read_form(request)
    try:
        criteria = parse_criteria(typed, settings.city_name_ja, settings.prefecture_ja)
    except InputError as error:
        return _search_page(request, typed, 400, problems=error.problems)
    if not criteria.narrows:
        return _search_page(request, typed, 400, problems={"name": NOTHING_ASKED})
    found, more = await counter.search(caller_of(request), criteria)
    return _search_page(request, typed, found=found, more=more)


async def inquiry(request: Request) -> Response:
    """GET /residents/CODE: one resident, the household, and the form for a certificate."""
    counter: Counter = request.app.state.counter
    entry = await counter.inquire(caller_of(request), code_of(request))
    return _page(request, "resident.html", {"entry": entry})


async def certificate(request: Request) -> Response:
    """POST /residents/CODE/certificate: the certificate as PDF."""
    counter: Counter = request.app.state.counter
    application = parse_application(await read_form(request))
    return certificate_response(await counter.issue(caller_of(request), code_of(request), application))


ROUTES = [
    Route("/", start, methods=["GET"]),
    Route("/search", search, methods=["GET", "POST"]),
    Route("/residents/{code}", inquiry, methods=["GET"]),
    Route("/residents/{code}/certificate", certificate, methods=["POST"]),
]
