"""Reading requests: who calls, posted forms with their limits, a resident's code; no posts from foreign pages."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

from resident_registry.counter import Caller
from resident_registry.errors import InputError

_LARGEST_FORM_BYTES = 16_384
_MOST_FIELDS = 20
_UNKNOWN_TERMINAL = "::"
_CODE = re.compile(r"[0-9]{11}")


def caller_of(request: Request) -> Caller:
    """Return who asks; a peer without an address, as on a Unix socket, is recorded as `::`."""
    try:
        terminal = str(ipaddress.ip_address(request.client.host if request.client else _UNKNOWN_TERMINAL))
    except ValueError:
        terminal = _UNKNOWN_TERMINAL
    return Caller(terminal, request.state.request_id)


def code_of(request: Request) -> str:
    """Return the code in the address; raises InputError where it cannot be one."""
    code = str(request.path_params["code"])
    if not _CODE.fullmatch(code):
        raise InputError({"code": "整理番号は11桁の数字です。"})
    return code


def single_values(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return fields by name; raises InputError where one comes twice."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise InputError({name: f"「{name[:20]}」が二度指定されています。"})
        values[name] = value
    return values


async def read_form(request: Request) -> dict[str, str]:
    """Read a posted form; raises HTTPException for a foreign origin, another media type or too much of it."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM_BYTES:
            raise HTTPException(413)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and media_type != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(415) from error
    return single_values(pairs)
