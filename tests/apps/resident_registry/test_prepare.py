"""Preparing a database again changes nothing; a load is whole or not at all; what is held is never lost in silence."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from resident_registry import load as loading
from resident_registry import prepare
from resident_registry.errors import LoadError, SchemaError
from resident_registry.load import load, read_loaded
from resident_registry.migrate import MIGRATIONS, Connection, Migration, known_migrations, migrate
from resident_registry.people import People, Plan, Resident


def _count(connection: Connection) -> int:
    row = connection.execute("SELECT count(*) FROM residents").fetchone()
    assert row is not None
    return int(row[0])


def test_second_run_changes_nothing(empty_database: Connection, town: Plan) -> None:
    """Migrations and people that are there stay as they are, row versions included."""
    assert migrate(empty_database, "registry_application") == [1, 2, 3, 4, 5]
    assert load(empty_database, town)
    before = empty_database.execute("SELECT xmin::text, max(code) FROM residents GROUP BY 1").fetchall()
    assert migrate(empty_database, "registry_application") == []
    assert not load(empty_database, town)
    assert empty_database.execute("SELECT xmin::text, max(code) FROM residents GROUP BY 1").fetchall() == before
    loaded = read_loaded(empty_database)
    assert loaded is not None
    assert loaded.plan == town


def test_interrupted_load_leaves_nothing(
    empty_database: Connection, town: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load that is cut off leaves no row and no record, and the next one is whole."""

    class Torn(People):
        def residents(self) -> Iterator[Resident]:
            yield from itertools.islice(super().residents(), 700)
            raise ConnectionError("cut off")

    migrate(empty_database, "registry_application")
    with monkeypatch.context() as patched:
        patched.setattr(loading, "People", Torn)
        with pytest.raises((ConnectionError, psycopg.Error)):
            load(empty_database, town)
    assert (_count(empty_database), read_loaded(empty_database)) == (0, None)
    assert load(empty_database, town)
    assert _count(empty_database) == town.residents


def test_other_people_are_kept_unless_their_replacement_is_asked_for(empty_database: Connection, town: Plan) -> None:
    """A database that holds other people is refused with what differs, and replaced only on request."""
    migrate(empty_database, "registry_application")
    load(empty_database, town)
    fewer = dataclasses.replace(town, residents=1100, seed=8)
    with pytest.raises(LoadError, match="residents 1200 instead of 1100, seed 7 instead of 8"):
        load(empty_database, fewer)
    assert _count(empty_database) == 1200
    assert load(empty_database, fewer, replace=True)
    assert _count(empty_database) == 1100


def test_application_cannot_change_the_registry(database: str) -> None:
    """The application's role reads residents and adds to the audit log, and can neither read nor change that log."""
    for statement in (
        b"DELETE FROM residents", b"UPDATE residents SET kana = ''", b"DELETE FROM audit", b"SELECT * FROM audit",
        b"UPDATE audit SET action = 'search'", b"CREATE TABLE more ()", b"TRUNCATE loaded",
    ):  # fmt: skip
        with psycopg.connect(database) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_a_changed_migration_is_noticed(empty_database: Connection) -> None:
    """A migration edited after it was applied, or a database newer than the release, is an error."""
    known = known_migrations()
    migrate(empty_database, "registry_application")
    edited = [dataclasses.replace(known[0], statements=known[0].statements + " "), *known[1:]]
    with pytest.raises(SchemaError, match=r"migration 1 .* was changed"):
        migrate(empty_database, "registry_application", edited)
    with pytest.raises(SchemaError, match="newer than this release"):
        migrate(empty_database, "registry_application", known[:-1])


def test_a_failing_migration_leaves_nothing(empty_database: Connection) -> None:
    """Migrations are applied as one: the last one's mistake undoes the first."""
    broken = [*known_migrations(), Migration(6, "broken", "CREATE TABLE sixth (); SELECT 1/0")]
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty_database, "registry_application", broken)
    assert empty_database.execute("SELECT to_regclass('residents'), to_regclass('sixth')").fetchone() == (None, None)


def test_migrations_are_numbered_without_gap(tmp_path: Path) -> None:
    """The release's own files are in order, and a gap or a strange name is an error."""
    assert [migration.version for migration in known_migrations(MIGRATIONS)] == [1, 2, 3, 4, 5]
    (tmp_path / "0002_second.sql").write_text("SELECT 1")
    with pytest.raises(SchemaError, match="without a gap"):
        known_migrations(tmp_path)
    (tmp_path / "first.sql").write_text("SELECT 1")
    with pytest.raises(SchemaError, match="named like"):
        known_migrations(tmp_path)


def test_command_says_whether_it_changed_anything(
    empty_database: Connection, town: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line is `changed` the first time and `unchanged` the second; other people are one line of error."""
    monkeypatch.setenv("PGHOST", empty_database.info.host)
    monkeypatch.setenv("PGUSER", "postgres")
    arguments = [
        "--database=registry_empty", "--owner=registry_owner", "--application=registry_application",
        f"--city-name={town.city_name_ja}", f"--population={town.residents}", f"--households={town.households}",
        f"--as-of={town.as_of}",
    ]  # fmt: skip
    assert prepare.main([*arguments, "--seed=7"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "changed"
    assert prepare.main([*arguments, "--seed=7"]) == 0
    assert capsys.readouterr().out == "unchanged\n"
    assert prepare.main([*arguments, "--seed=8"]) == 1
    assert capsys.readouterr().err.startswith("resident_registry: the database already holds other people")
