"""The service as an ASGI application: routes, start and end of life, health, figures, and the wording of failures.

Pages for clerks are in `screens`, the JSON interface in `api`; both use `counter`, where the work is done.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
from psycopg_pool import PoolTimeout, TooManyRequests
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from resident_registry import api, screens, store
from resident_registry.counter import Counter
from resident_registry.errors import InputError, ResidentUnknown
from resident_registry.metrics import Metrics
from resident_registry.observation import Observed
from resident_registry.paper import load_font
from resident_registry.settings import Settings

log = logging.getLogger("resident_registry")

_HEALTH_WAIT_S = 2.0
# The first kind that fits counts: the others are special cases of the last.
_DATABASE_WORDS = (
    (
        (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable),
        "時間内に処理が終わりませんでした。条件を絞るか、",
    ),
    ((TooManyRequests,), "ただいま混み合っています。"),
    ((PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError), "データベースに接続できません。"),
)
_HTTP_WORDS = {
    403: "他のサイトの画面からの送信は受け付けません。",
    404: "お探しのページはありません。アドレスを確かめてください。",
    405: "このアドレスでは、その操作はできません。",
    413: "送られた内容が大きすぎます。",
    415: "送られた内容の形式を読み取れません。",
}


def _wording(error: Exception) -> tuple[int, str, dict[str, str]]:
    """Return status, sentence and problems by field for what a request ended with."""
    if isinstance(error, InputError):
        return 400, "入力内容に誤りがあります。", error.problems
    if isinstance(error, ResidentUnknown):
        return 404, f"整理番号 {error} の住民は登録されていません。", {}
    if isinstance(error, HTTPException):
        return error.status_code, _HTTP_WORDS.get(error.status_code, "要求を処理できません。"), {}
    for kinds, sentence in _DATABASE_WORDS:
        if isinstance(error, kinds):
            return 503, f"{sentence}しばらく待ってからもう一度お試しください。", {}
    return 500, "処理中に思わぬ誤りが起きました。受付番号を添えてシステム担当へ連絡してください。", {}


async def answer_failure(request: Request, error: Exception) -> Response:
    """Say in Japanese what went wrong, as page or JSON; details of unforeseen errors go to the log alone."""
    status, sentence, problems = _wording(error)
    request_id = request.state.request_id
    if status >= 500:
        trace = error if status == 500 else None
        log.error("request %s: %s: %s", request_id, type(error).__name__, error, exc_info=trace)
    headers = dict(getattr(error, "headers", None) or {})
    if status == 503:
        headers["Retry-After"] = "5"
    if request.url.path.startswith("/api/"):
        content = {"status": "error", "message": sentence, "problems": problems, "request_id": request_id}
        return JSONResponse(content, status, headers)
    return screens.failure_page(request, status, sentence, problems, headers)


async def health(request: Request) -> Response:
    """Answer 200 when the database answers and holds this city's residents, else 503 with the reason."""
    counter: Counter = request.app.state.counter
    answer: dict[str, object] = {"status": "failing", "city": counter.settings.city}
    try:
        async with counter.pool.connection(timeout=_HEALTH_WAIT_S) as connection:
            people = await store.loaded_people(connection)
    except (PoolTimeout, TooManyRequests, psycopg.Error) as error:
        return JSONResponse(answer | {"reason": f"database: {type(error).__name__}"}, 503)
    if people is None or people["city"] != counter.settings.city_name_ja:
        reason = "nobody is loaded" if people is None else f"the database holds {people['city']}"
        return JSONResponse(answer | {"reason": reason}, 503)
    numbers = {"residents": people["residents"], "households": people["households"]}
    return JSONResponse(answer | {"status": "ok"} | numbers)


async def metrics(request: Request) -> Response:
    """Answer with figures for monitoring; the registry's size is missing while the database is away."""
    counter: Counter = request.app.state.counter
    statistics = counter.pool.get_stats()
    gauges: dict[str, float] = {
        "database_up": 1,
        "pool_size": statistics.get("pool_size", 0),
        "pool_available": statistics.get("pool_available", 0),
        "pool_waiting": statistics.get("requests_waiting", 0),
    }
    counters = {
        "certificates_total": counter.certificates_issued,
        "pool_requests_total": statistics.get("requests_num", 0),
        "pool_errors_total": statistics.get("requests_errors", 0),
    }
    try:
        async with counter.pool.connection(timeout=_HEALTH_WAIT_S) as connection:
            gauges |= await store.counts(connection)
    except (PoolTimeout, TooManyRequests, psycopg.Error):
        gauges["database_up"] = 0
    text = request.app.state.metrics.text(gauges, counters)
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4")


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    counter: Counter = app.state.counter
    # Not waiting for the database: the service answers, and says what is wrong, also while it is away.
    await counter.pool.open(wait=False)
    log.info("%s: ready", counter.settings.city_name_ja)
    try:
        yield
    finally:
        await counter.pool.close(timeout=5)
        log.info("%s: ended", counter.settings.city_name_ja)


def create_app(settings: Settings) -> Starlette:
    """Return the application of one city; raises SettingsError where a file that it needs cannot be read."""
    load_font(settings.font_file)
    figures = Metrics()
    routes = [Route("/health", health), Route("/metrics", metrics), *screens.ROUTES, *api.ROUTES]
    failures = (HTTPException, InputError, ResidentUnknown, PoolTimeout, TooManyRequests, psycopg.Error, Exception)
    app = Starlette(
        routes=[*routes, Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))],
        middleware=[Middleware(Observed, answered=figures.observe, routes=routes)],
        exception_handlers=dict.fromkeys(failures, answer_failure),
        lifespan=_lifespan,
    )
    app.state.counter = Counter(settings, store.create_pool(settings))
    app.state.metrics = figures
    return app
