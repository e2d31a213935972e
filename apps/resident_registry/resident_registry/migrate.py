"""Bring a database's schema up to this release: numbered SQL files, each applied once, in order, in a transaction."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from resident_registry.errors import SchemaError

MIGRATIONS = Path(__file__).parent / "migrations"
_FILE_NAME = re.compile(r"(?P<version>\d{4})_(?P<title>[a-z0-9_]+)\.sql")
Connection = psycopg.Connection[tuple[Any, ...]]
"""Any synchronous connection."""
_LOCK = 0x5245_4749  # "REGI": one migration or load at a time in a database

_BOOKKEEPING = """
CREATE TABLE IF NOT EXISTS migrations (
    version integer PRIMARY KEY,
    title text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {}",
    "GRANT SELECT ON households, residents, loaded, migrations TO {}",
    "GRANT INSERT ON audit TO {}",
    "GRANT USAGE ON SEQUENCE certificate_number TO {}",
)


@dataclass(frozen=True)
class Migration:
    """One numbered step of the schema."""

    version: int
    title: str
    statements: str

    @property
    def sha256(self) -> str:
        """Digest by which a later change of an applied file is noticed."""
        return hashlib.sha256(self.statements.encode()).hexdigest()


def known_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """Return the migrations in `folder` in order; raises SchemaError on a wrong name or a gap in the numbers."""
    migrations = []
    for path in sorted(folder.iterdir()):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise SchemaError(f"{path}: a migration is named like 0001_title.sql")
        migrations.append(Migration(int(match["version"]), match["title"], path.read_text(encoding="utf-8")))
    if [migration.version for migration in migrations] != list(range(1, len(migrations) + 1)):
        raise SchemaError(f"{folder}: migrations must be numbered 0001, 0002, … without a gap")
    return migrations


def take_lock(connection: Connection) -> None:
    """Wait until no other migration or load runs in this database; held to the end of the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _applied(connection: Connection) -> dict[int, str]:
    return dict(connection.execute("SELECT version, sha256 FROM migrations").fetchall())


def _check_history(applied: dict[int, str], migrations: list[Migration]) -> None:
    known = {migration.version: migration for migration in migrations}
    for version, sha256 in sorted(applied.items()):
        if version not in known:
            newest = len(migrations)
            raise SchemaError(f"the database is at schema {version}, newer than this release's {newest}")
        if known[version].sha256 != sha256:
            raise SchemaError(f"migration {version} ({known[version].title}) was changed after it had been applied")


def migrate(connection: Connection, application: str, wanted: list[Migration] | None = None) -> list[int]:
    """Apply what is missing and return the versions applied, none on a second run.

    The role `application` gets what the service needs and no more. Raises SchemaError where the database's history is
    not this release's. The connection must be in autocommit mode and act as the owner of the tables.
    """
    wanted = known_migrations() if wanted is None else wanted
    done: list[int] = []
    with connection.transaction():
        take_lock(connection)
        connection.execute("SET LOCAL client_min_messages = warning")
        connection.execute(_BOOKKEEPING)
        applied = _applied(connection)
        _check_history(applied, wanted)
        for migration in wanted:
            if migration.version in applied:
                continue
            connection.execute(migration.statements.encode())
            connection.execute(
                "INSERT INTO migrations (version, title, sha256) VALUES (%s, %s, %s)",
                [migration.version, migration.title, migration.sha256],
            )
            done.append(migration.version)
        for grant in _GRANTS:
            connection.execute(sql.SQL(grant).format(sql.Identifier(application)))
    return done
