"""Questions to the city's database, all parametrised, and the audit log that goes with every answer about residents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection, sql
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from resident_registry.criteria import Criteria
from resident_registry.errors import ResidentUnknown
from resident_registry.people import Resident
from resident_registry.settings import Settings, read_secret

Connection = AsyncConnection[dict[str, Any]]
Pool = AsyncConnectionPool[Connection]

CONNECT_TIMEOUT_S = 3
WAIT_FOR_CONNECTION_S = 5.0
_DEAD_PEER_TIMEOUT_MS = 5000
# As the index on it is written.
_READING = "replace(kana, ' ', '') COLLATE \"C\""
_FOUND = "code, family_name, given_name, kana, birth_date, sex, relation, address"


@dataclass(frozen=True)
class Entry:
    """A resident with the address, within the city, and all members of the household, the head first."""

    resident: Resident
    address: str
    members: tuple[Resident, ...]

    @property
    def head(self) -> Resident:
        """The head of the household (世帯主)."""
        return self.members[0]


def create_pool(settings: Settings) -> Pool:
    """Return the pool, not yet opened; a connection found dead is replaced before a request gets it.

    Raises SettingsError where the password cannot be read.
    """
    limits = {
        "statement_timeout": settings.statement_timeout_ms,
        "lock_timeout": settings.statement_timeout_ms,
        "idle_in_transaction_session_timeout": 10_000,
        # A generic plan cannot use an index for the beginning of a text that it does not know.
        "plan_cache_mode": "force_custom_plan",
    }
    return AsyncConnectionPool(
        settings.database,
        kwargs={
            "password": read_secret(settings.password_file),
            "row_factory": dict_row,
            "application_name": "resident_registry",
            "connect_timeout": CONNECT_TIMEOUT_S,
            "tcp_user_timeout": _DEAD_PEER_TIMEOUT_MS,
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
        },
        connection_class=AsyncConnection[dict[str, Any]],
        min_size=min(2, settings.pool_size),
        max_size=settings.pool_size,
        max_waiting=settings.pool_size * 16,
        timeout=WAIT_FOR_CONNECTION_S,
        check=AsyncConnectionPool.check_connection,
        open=False,
        name="registry",
    )


def _beginning(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"


async def search(connection: Connection, criteria: Criteria) -> tuple[list[dict[str, Any]], bool]:
    """Return at most `criteria.limit` residents in the order of kana and code, and whether there are more."""
    conditions = [sql.SQL("true")]
    values: list[object] = []
    for condition, value in (
        ("family_name || given_name LIKE %s", criteria.name and _beginning(criteria.name)),
        (f"{_READING} LIKE %s", criteria.kana and _beginning(criteria.kana)),
        ("birth_date = %s", criteria.birth_date),
        ("address LIKE %s", criteria.address and _beginning(criteria.address)),
    ):
        if value:
            conditions.append(sql.SQL(condition))
            values.append(value)
    statement = sql.SQL(
        "SELECT {} FROM residents JOIN households ON households.id = residents.household"
        " WHERE {} ORDER BY {}, code LIMIT {}"
    ).format(sql.SQL(_FOUND), sql.SQL(" AND ").join(conditions), sql.SQL(_READING), sql.Literal(criteria.limit + 1))
    rows = await (await connection.execute(statement, values)).fetchall()
    return rows[: criteria.limit], len(rows) > criteria.limit


async def inquire(connection: Connection, code: str) -> Entry:
    """Return a resident with the household; raises ResidentUnknown where there is no such code."""
    columns = sql.SQL(", ").join(map(sql.Identifier, Resident._fields))
    cursor = connection.cursor(row_factory=class_row(Resident))
    statement = sql.SQL(
        "SELECT {} FROM residents WHERE household = (SELECT household FROM residents WHERE code = %s) ORDER BY code"
    )
    await cursor.execute(statement.format(columns), [code])
    members = tuple(await cursor.fetchall())
    resident = next((member for member in members if member.code == code), None)
    if resident is None:
        raise ResidentUnknown(code)
    found = await connection.execute("SELECT address FROM households WHERE id = %s", [resident.household])
    row = await found.fetchone()
    assert row is not None, "the foreign key holds"
    return Entry(resident, row["address"], members)


async def loaded_people(connection: Connection) -> dict[str, Any] | None:
    """Return city and numbers of the people as recorded when they were loaded, or None while nobody is."""
    return await (await connection.execute("SELECT city, residents, households FROM loaded")).fetchone()


async def counts(connection: Connection) -> dict[str, Any]:
    """Return the numbers of residents and households as counted, not as recorded."""
    statement = "SELECT (SELECT count(*) FROM residents) AS residents, (SELECT count(*) FROM households) AS households"
    row = await (await connection.execute(statement)).fetchone()
    assert row is not None, "a SELECT of two values has one row"
    return row


async def next_certificate_number(connection: Connection) -> int:
    """Draw the number of the certificate about to be issued; numbers of failed issues are never used again."""
    row = await (await connection.execute("SELECT nextval('certificate_number') AS number")).fetchone()
    assert row is not None, "a sequence always has a next value"
    return int(row["number"])


async def audit(
    connection: Connection,
    *,
    request: str,
    terminal: str,
    action: str,
    asked: dict[str, str],
    residents: Sequence[str],
    certificate_number: int | None = None,
) -> None:
    """Add to the audit log, in the reading transaction, so that nothing is shown that was not recorded."""
    await connection.execute(
        "INSERT INTO audit (request, terminal, action, asked, residents, certificate_number)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [request, terminal, action, Jsonb(asked), list(residents), certificate_number],
    )
