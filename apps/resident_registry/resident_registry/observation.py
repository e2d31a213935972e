"""Around every request: its id, its measurement, and the headers that keep answers out of caches and frames."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("resident_registry")

UNKNOWN_ROUTE = "other"
_METHODS = ("GET", "HEAD", "POST")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}


class Observed:
    """ASGI middleware; reports to `answered(method, route, status, duration_s)` when an answer is complete."""

    def __init__(self, app: ASGIApp, *, answered: Callable[[str, str, int, float], None], routes: list[Route]) -> None:
        """Wrap `app`; `routes` give the patterns under which requests are counted."""
        self._app = app
        self._answered = answered
        self._patterns: dict[Any, str] = {route.endpoint: route.path for route in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, or pass on what is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = str(uuid.uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 500

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_observed)
        finally:
            # The pattern, not the path: no resident's code becomes a label or stands in the log.
            route = self._patterns.get(scope.get("endpoint"), UNKNOWN_ROUTE)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._answered(method, route, status, time.perf_counter() - started)
            if status >= 500:
                log.warning("request %s: %s %s answered with %d", request_id, method, route, status)
