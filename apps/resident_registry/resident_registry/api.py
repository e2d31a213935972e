"""The JSON interface under /api/, for other systems and for the checks of the running estate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from resident_registry.certificate import parse_application
from resident_registry.counter import Counter, Issued
from resident_registry.criteria import parse_criteria
from resident_registry.people import Resident
from resident_registry.reading import caller_of, code_of, read_form, single_values

# Numbers by which people are known elsewhere leave the registry on certificates alone.
_KEPT_BACK = ("individual_number", "resident_code")


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}


def _resident(resident: Resident) -> dict[str, Any]:
    return {key: value for key, value in _plain(resident._asdict()).items() if key not in _KEPT_BACK}


def certificate_response(issued: Issued) -> Response:
    """Return a certificate as an answer that browsers show and that names its number."""
    headers = {
        "Content-Disposition": f'inline; filename="juminhyo-{issued.number:06d}.pdf"',
        "X-Certificate-Number": str(issued.number),
    }
    return Response(issued.pdf, media_type="application/pdf", headers=headers)


async def search(request: Request) -> Response:
    """GET /api/residents?name=&kana=&birth_date=&address=&limit=: residents in the order of their kana."""
    counter: Counter = request.app.state.counter
    settings = counter.settings
    typed = single_values(request.query_params.multi_items())
    criteria = parse_criteria(typed, settings.city_name_ja, settings.prefecture_ja)
    found, more = await counter.search(caller_of(request), criteria)
    return JSONResponse({"residents": [_plain(row) for row in found], "more": more})


async def inquiry(request: Request) -> Response:
    """GET /api/residents/CODE: a resident's household, the head first, and its address."""
    counter: Counter = request.app.state.counter
    entry = await counter.inquire(caller_of(request), code_of(request))
    address = counter.settings.place + entry.address
    household = [_resident(member) for member in entry.members]
    return JSONResponse({"code": entry.resident.code, "address": address, "household": household})


async def certificate(request: Request) -> Response:
    """GET or POST /api/residents/CODE/certificate with the fields of `parse_application`: the certificate as PDF."""
    counter: Counter = request.app.state.counter
    posted = request.method == "POST"
    form = await read_form(request) if posted else single_values(request.query_params.multi_items())
    application = parse_application(form)
    return certificate_response(await counter.issue(caller_of(request), code_of(request), application))


ROUTES = [
    Route("/api/residents", search, methods=["GET"]),
    Route("/api/residents/{code}", inquiry, methods=["GET"]),
    Route("/api/residents/{code}/certificate", certificate, methods=["GET", "POST"]),
]
