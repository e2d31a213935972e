"""The ASGI service: pages for the counter, a JSON interface, the certificate, health and metrics."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from resident_registry import store
from resident_registry.calendar_ja import wareki
from resident_registry.certificate import certificate, load_font
from resident_registry.metrics import Metrics
from resident_registry.settings import Settings, read_settings

pages = Jinja2Templates(directory=str(Path(__file__).parent / "pages"))
pages.env.filters["wareki"] = wareki
DATABASE_AWAY = "データベースに接続できません。しばらくしてから、もう一度お試しください。"


def create_app(settings: Settings | None = None) -> Starlette:
    """Return the service of one city; without settings they are read from the usual file."""
    settings = settings or read_settings()
    load_font(settings.font_file)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.pool = store.open_pool(settings)
        await app.state.pool.open(wait=False)
        yield
        await app.state.pool.close()

    app = Starlette(
        routes=[
            Route("/", search_page),
            Route("/residents/{code}", resident_page),
            Route("/api/residents", search_api),
            Route("/api/residents/{code}", resident_api),
            Route("/api/residents/{code}/certificate", certificate_pdf),
            Route("/health", health),
            Route("/metrics", metrics),
        ],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=_observe)],
        exception_handlers={
            HTTPException: _refused,
            psycopg.Error: _database_away,
            PoolTimeout: _database_away,
        },
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.metrics = Metrics()
    return app


async def search_page(request: Request) -> Response:
    """The counter's search form with what it found."""
    query = _query(request)
    asked = any((query.name, query.kana, query.birth_date, query.address))
    found = await store.search(_pool(request), query, _terminal(request)) if asked else []
    context = {"city": request.app.state.settings.city_name_ja, "query": query, "found": found, "asked": asked}
    return pages.TemplateResponse(request, "search.html", context)


async def resident_page(request: Request) -> Response:
    """One resident with the household."""
    entry = await _entry(request, "inquiry")
    context = {"city": request.app.state.settings.city_name_ja, "entry": entry}
    return pages.TemplateResponse(request, "resident.html", context)


async def search_api(request: Request) -> Response:
    """What a search found, as JSON."""
    found = await store.search(_pool(request), _query(request), _terminal(request))
    return JSONResponse({"residents": [_plain(row) for row in found]})


async def resident_api(request: Request) -> Response:
    """One resident with the household, as JSON; the individual number is left out."""
    entry = await _entry(request, "inquiry")
    members = [{**_plain(dataclasses.asdict(member)), "number": "omitted"} for member in entry.members]
    return JSONResponse({"code": entry.resident.code, "address": entry.address, "household": members})


async def certificate_pdf(request: Request) -> Response:
    """The household's certificate of residence as PDF."""
    entry = await _entry(request, "certificate")
    today = datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    body = certificate(entry, request.app.state.settings.city_name_ja, today)
    headers = {"Content-Disposition": f'inline; filename="juminhyo-{entry.resident.code}.pdf"'}
    return Response(body, media_type="application/pdf", headers=headers)


async def health(request: Request) -> Response:
    """Say whether the service and its database answer; 503 where they do not."""
    await store.alive(_pool(request))
    return JSONResponse({"status": "ok", "city": request.app.state.settings.city})


async def metrics(request: Request) -> Response:
    """Figures for monitoring, the size of the registry and the pool among them."""
    residents, households = await store.counts(_pool(request))
    pool = _pool(request).get_stats()
    gauges = {
        "residents": residents,
        "households": households,
        "pool_size": pool.get("pool_size", 0),
        "pool_available": pool.get("pool_available", 0),
        "pool_waiting": pool.get("requests_waiting", 0),
    }
    return PlainTextResponse(request.app.state.metrics.text(gauges), media_type="text/plain; version=0.0.4")


def _pool(request: Request) -> AsyncConnectionPool:
    pool: AsyncConnectionPool = request.app.state.pool
    return pool


def _terminal(request: Request) -> str:
    """Return the address of the terminal, for the audit log."""
    return request.client.host if request.client else "0.0.0.0"  # noqa: S104 - an unknown peer, not a listener


def _query(request: Request) -> store.Query:
    """Return what the request asks for; raises HTTPException with a sentence for the counter."""
    given = request.query_params
    born = given.get("birth_date", "").strip()
    try:
        day = datetime.date.fromisoformat(born) if born else None
        limit = int(given.get("limit", "20"))
    except ValueError as error:
        raise HTTPException(400, "生年月日は 1980-04-01 の形で、件数は数字で入力してください。") from error
    if not 1 <= limit <= store.MAX_FOUND:
        raise HTTPException(400, f"件数は1から{store.MAX_FOUND}までの数字で入力してください。")
    text = {key: given.get(key, "").strip() for key in ("name", "kana", "address")}
    if any(len(value) > 60 or "\x00" in value for value in text.values()):
        raise HTTPException(400, "検索語は60文字以内で入力してください。")
    return store.Query(birth_date=day, limit=limit, **text)


async def _entry(request: Request, action: str) -> store.Entry:
    code = request.path_params["code"]
    if not (code.isascii() and code.isdigit() and len(code) == 11):
        raise HTTPException(400, "整理番号は11桁の数字です。")
    entry = await store.inquire(_pool(request), code, _terminal(request), action)
    if entry is None:
        raise HTTPException(404, f"整理番号 {code} の住民は登録されていません。")
    return entry


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime.date) else value for key, value in row.items()}


async def _observe(request: Request, call_next: RequestResponseEndpoint) -> Response:
    begin = time.perf_counter()
    response = await call_next(request)
    route = request.scope.get("route")
    path = route.path if isinstance(route, Route) else "other"
    request.app.state.metrics.observe(request.method, path, response.status_code, time.perf_counter() - begin)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
    return response


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _failure(request, error.status_code, error.detail)


async def _database_away(request: Request, error: Exception) -> Response:
    _ = error
    return _failure(request, 503, DATABASE_AWAY)


def _failure(request: Request, status: int, message: str) -> Response:
    if request.url.path.startswith(("/api/", "/health", "/metrics")):
        return JSONResponse({"status": "error", "message": message}, status_code=status)
    context = {"city": request.app.state.settings.city_name_ja, "status": status, "message": message}
    return pages.TemplateResponse(request, "failure.html", context, status_code=status)
