"""Fill a city's database with its fictitious people, once, whole or not at all.

The rows stream from the generator into COPY within one transaction that also writes the load record: a load interrupted
half-way leaves nothing and is simply run again, and a second run finds the record and changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from psycopg import Cursor, sql

from resident_registry.errors import LoadError
from resident_registry.migrate import Connection, take_lock
from resident_registry.people import GENERATOR_VERSION, Household, People, Plan, Resident

_BLOCK_BYTES = 1 << 18


@dataclass(frozen=True)
class Loaded:
    """The people that a database holds."""

    plan: Plan
    generator: int
    rows_sha256: str


def _copy_line(row: tuple[object, ...]) -> str:
    # Generated values hold neither tab, backslash nor line end, so nothing needs escaping.
    return "\t".join(map(str, row)) + "\n"


def _copy_rows(
    cursor: Cursor[Any],
    table: str,
    columns: tuple[str, ...],
    rows: Iterable[tuple[object, ...]],
    digest: hashlib._Hash,
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT text, FREEZE true)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with cursor.copy(statement) as copy:
        lines: list[str] = []
        length = 0
        for row in rows:
            line = _copy_line(row)
            lines.append(line)
            length += len(line)
            if length >= _BLOCK_BYTES:
                block = "".join(lines).encode()
                digest.update(block)
                copy.write(block)
                lines, length = [], 0
        block = "".join(lines).encode()
        digest.update(block)
        copy.write(block)


def read_loaded(connection: Connection) -> Loaded | None:
    """Return what the database holds, or None where nothing was loaded."""
    found = connection.execute(
        "SELECT city, residents, households, seed, as_of, generator, rows_sha256 FROM loaded"
    ).fetchone()
    return None if found is None else Loaded(Plan(*found[:5]), found[5], found[6])


def _differences(held: Plan, asked: Plan) -> str:
    pairs = {field.name: (getattr(held, field.name), getattr(asked, field.name)) for field in fields(Plan)}
    return ", ".join(f"{name} {one} instead of {other}" for name, (one, other) in pairs.items() if one != other)


def _check_counts(cursor: Cursor[Any], plan: Plan) -> None:
    counted = cursor.execute("SELECT (SELECT count(*) FROM residents), (SELECT count(*) FROM households)").fetchone()
    if counted != (plan.residents, plan.households):
        raise LoadError(f"loaded {counted} residents and households instead of {plan.residents} and {plan.households}")


def load(connection: Connection, plan: Plan, *, replace: bool = False) -> bool:
    """Load `plan`'s people; return whether anything was loaded.

    A database that holds other people is left as it is and LoadError says so, unless `replace` is given. A newer
    generator is no reason to load again: what is loaded stays. The connection must be in autocommit mode and act as the
    owner of the tables.
    """
    with connection.transaction(), connection.cursor() as cursor:
        take_lock(connection)
        held = read_loaded(connection)
        if held is not None and held.plan == plan:
            return False
        if held is not None and not replace:
            raise LoadError(
                f"the database already holds other people: {_differences(held.plan, plan)}; "
                "it is kept unless its replacement is asked for"
            )
        people = People(plan)
        digest = hashlib.sha256()
        cursor.execute("SET LOCAL synchronous_commit = on")
        cursor.execute("TRUNCATE residents, households, loaded")
        _copy_rows(cursor, "households", Household._fields, people.households(), digest)
        _copy_rows(cursor, "residents", Resident._fields, people.residents(), digest)
        _check_counts(cursor, plan)
        cursor.execute(
            "INSERT INTO loaded (city, residents, households, seed, as_of, generator, rows_sha256)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                plan.city_name_ja,
                plan.residents,
                plan.households,
                plan.seed,
                plan.as_of,
                GENERATOR_VERSION,
                digest.hexdigest(),
            ],
        )
        cursor.execute("ANALYZE households, residents")
    return True
