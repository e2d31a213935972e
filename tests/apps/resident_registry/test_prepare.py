"""Preparing a database again changes nothing; another data set replaces the old one as a whole."""

from __future__ import annotations

import psycopg
import pytest
from resident_registry import prepare

TOWN = {"city_name": "架空市", "population": 1200, "households": 500, "seed": 7}


def _owner(database: str) -> psycopg.Connection[tuple[object, ...]]:
    connection = psycopg.connect(database.replace("user=registry_application", "user=postgres"))
    connection.execute("SET ROLE registry_owner")
    return connection


def test_second_run_changes_nothing(database: str) -> None:
    """Migrations and data that are there stay as they are."""
    with _owner(database) as connection:
        assert not prepare.migrate(connection)
        assert not prepare.load(connection, **TOWN)


def test_interrupted_load_leaves_nothing(database: str) -> None:
    """A load that is cut off leaves the data that stood there before."""
    with _owner(database) as connection:
        prepare.load(connection, "別市", 60, 30, 1)
        connection.rollback()
        count = connection.execute("SELECT count(*) FROM residents").fetchone()
    assert count == (TOWN["population"],)


def test_application_cannot_change_the_registry(database: str) -> None:
    """The application's role reads residents and adds to the audit log, nothing else."""
    for statement in (b"DELETE FROM residents", b"DELETE FROM audit", b"UPDATE audit SET action = ''"):
        with psycopg.connect(database) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
