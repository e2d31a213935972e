"""Questions to the city's database. Every question that names a resident leaves a line in the audit log."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from resident_registry.people import Resident
from resident_registry.settings import Settings

MAX_FOUND = 100


@dataclasses.dataclass(frozen=True)
class Query:
    """What a search asks for; empty parts do not narrow it. Names and kana match from their beginning."""

    name: str = ""
    kana: str = ""
    birth_date: datetime.date | None = None
    address: str = ""
    limit: int = 20


@dataclasses.dataclass(frozen=True)
class Entry:
    """A resident with the address and all members of the household."""

    resident: Resident
    address: str
    members: list[Resident]


def open_pool(settings: Settings) -> AsyncConnectionPool:
    """Return the connection pool, closed; opened when the service starts and never waits for the database there."""
    options = f"-c statement_timeout={settings.statement_timeout_ms}"
    return AsyncConnectionPool(
        settings.database,
        kwargs={"password": settings.password, "options": options, "autocommit": True, "connect_timeout": 3},
        min_size=1,
        max_size=settings.pool_size,
        open=False,
        timeout=5,
    )


async def search(pool: AsyncConnectionPool, query: Query, terminal: str) -> list[dict[str, Any]]:
    """Return up to `limit` residents in the order of kana and code."""
    conditions, values = ["true"], []
    if query.name:
        conditions.append("(family_name || given_name) LIKE %s")
        values.append(_prefix(query.name.replace(" ", "").replace("\u3000", "")))
    if query.kana:
        conditions.append("kana LIKE %s")
        values.append(_prefix(query.kana))
    if query.birth_date:
        conditions.append("birth_date = %s")
        values.append(query.birth_date)
    if query.address:
        conditions.append("address LIKE %s")
        values.append(f"%{_escaped(query.address)}%")
    statement = (
        "SELECT code, family_name, given_name, kana, birth_date, sex, relation, address "
        "FROM residents JOIN households ON households.id = residents.household "
        f"WHERE {' AND '.join(conditions)} ORDER BY kana, code LIMIT %s"
    )
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(statement.encode(), [*values, min(query.limit, MAX_FOUND)])
        found = await cursor.fetchall()
        await _audit(connection, terminal, "search", None, f"{len(found)} found")
    return found


async def inquire(pool: AsyncConnectionPool, code: str, terminal: str, action: str) -> Entry | None:
    """Return a resident with the household; None where there is no such code."""
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(Resident))
        await cursor.execute("SELECT * FROM residents WHERE code = %s", (code,))
        resident = await cursor.fetchone()
        await _audit(connection, terminal, action, code, "found" if resident else "unknown")
        if resident is None:
            return None
        await cursor.execute("SELECT * FROM residents WHERE household = %s ORDER BY code", (resident.household,))
        members = await cursor.fetchall()
        found = await connection.execute("SELECT address FROM households WHERE id = %s", (resident.household,))
        row = await found.fetchone()
    return Entry(resident, row[0] if row else "", members)


async def counts(pool: AsyncConnectionPool) -> tuple[int, int]:
    """Return the numbers of residents and households as counted, not as recorded."""
    async with pool.connection() as connection:
        found = await connection.execute("SELECT (SELECT count(*) FROM residents), (SELECT count(*) FROM households)")
        row = await found.fetchone()
    return (row[0], row[1]) if row else (0, 0)


async def alive(pool: AsyncConnectionPool) -> None:
    """Ask the database for nothing; raises what psycopg raises where it does not answer."""
    async with pool.connection() as connection:
        await connection.execute("SELECT 1")


async def _audit(connection: Any, terminal: str, action: str, resident: str | None, detail: str) -> None:
    await connection.execute(
        "INSERT INTO audit (terminal, action, resident, detail) VALUES (%s, %s, %s, %s)",
        (terminal, action, resident, detail),
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _prefix(text: str) -> str:
    return _escaped(text) + "%"
