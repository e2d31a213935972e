"""What a clerk does at the counter: search, look someone up, issue a certificate; each audited before it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import anyio.to_thread

from resident_registry import store
from resident_registry.calendar_ja import today_in_japan
from resident_registry.certificate import Application, draw_certificate
from resident_registry.criteria import Criteria
from resident_registry.settings import Settings


@dataclass(frozen=True)
class Caller:
    """Who asks: the terminal's address, and the request's id, which the answer carries too."""

    terminal: str
    request: str


@dataclass(frozen=True)
class Issued:
    """A certificate as issued."""

    number: int
    pdf: bytes


class Counter:
    """The acts of the counter over one city's database."""

    def __init__(self, settings: Settings, pool: store.Pool) -> None:
        """Work for the city in `settings` over `pool`, which the service opens and closes."""
        self.settings = settings
        self.pool = pool
        self.certificates_issued = 0

    async def search(self, caller: Caller, criteria: Criteria) -> tuple[list[dict[str, Any]], bool]:
        """Return who matches, with the address in full, and whether there are more than are shown."""
        async with self.pool.connection() as connection:
            found, more = await store.search(connection, criteria)
            await store.audit(
                connection,
                request=caller.request,
                terminal=caller.terminal,
                action="search",
                asked=criteria.record(),
                residents=[row["code"] for row in found],
            )
        return [row | {"address": self.settings.place + row["address"]} for row in found], more

    async def inquire(self, caller: Caller, code: str) -> store.Entry:
        """Return a resident with the household; raises ResidentUnknown."""
        async with self.pool.connection() as connection:
            entry = await store.inquire(connection, code)
            await store.audit(
                connection,
                request=caller.request,
                terminal=caller.terminal,
                action="inquiry",
                asked={"code": code},
                residents=[member.code for member in entry.members],
            )
        return entry

    async def issue(self, caller: Caller, code: str, application: Application) -> Issued:
        """Issue a certificate; it is recorded before it is drawn, so none leaves without its entry."""
        async with self.pool.connection() as connection:
            entry = await store.inquire(connection, code)
            number = await store.next_certificate_number(connection)
            shown = entry.members if application.whole_household else (entry.resident,)
            await store.audit(
                connection,
                request=caller.request,
                terminal=caller.terminal,
                action="certificate",
                asked={"code": code, **application.record()},
                residents=[member.code for member in shown],
                certificate_number=number,
            )
        pdf = await anyio.to_thread.run_sync(
            draw_certificate, entry, application, self.settings, number, today_in_japan()
        )
        self.certificates_issued += 1
        return Issued(number, pdf)
