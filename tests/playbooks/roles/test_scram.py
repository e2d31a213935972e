"""The verifier that a database server gets is the password's, as PostgreSQL itself would make it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
from postgresql_cluster import running_cluster

PLUGIN = Path(__file__).parents[3] / "playbooks" / "roles" / "postgresql" / "filter_plugins" / "scram.py"
PASSWORD = "pencil and paper-42"


@pytest.fixture(scope="module")
def plugin() -> ModuleType:
    """The filter plugin as a module."""
    spec = importlib.util.spec_from_file_location("scram", PLUGIN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def cluster() -> Iterator[str]:
    """The connection string of a cluster that asks `clerk` for a password by SCRAM."""
    with running_cluster("local all postgres trust", "local all clerk scram-sha-256") as folder:
        yield f"host={folder} dbname=postgres"


def test_postgresql_accepts_the_password(plugin: ModuleType, cluster: str) -> None:
    """A role made with the verifier logs in with the password, and with no other."""
    verifier = plugin.scram_verifier(PASSWORD, "clerk")
    with psycopg.connect(f"{cluster} user=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE ROLE clerk LOGIN PASSWORD '{verifier}'".encode())
        kept = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'clerk'").fetchone()
    assert kept == (verifier,)
    with psycopg.connect(f"{cluster} user=clerk", password=PASSWORD) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("clerk",)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"{cluster} user=clerk", password=PASSWORD + "x")


def test_the_verifier_is_stable_and_tells_nothing_twice(plugin: ModuleType) -> None:
    """A second run finds the same verifier; another role with the same password has another."""
    assert plugin.scram_verifier(PASSWORD, "clerk") == plugin.scram_verifier(PASSWORD, "clerk")
    assert plugin.scram_verifier(PASSWORD, "clerk") != plugin.scram_verifier(PASSWORD, "owner")
    assert PASSWORD not in plugin.scram_verifier(PASSWORD, "clerk")


@pytest.mark.parametrize("password", ["", "two\nlines", "日本"])
def test_odd_passwords_are_refused(plugin: ModuleType, password: str) -> None:
    """What SASLprep would change is refused instead of being stored wrongly."""
    from ansible.errors import AnsibleFilterError

    with pytest.raises(AnsibleFilterError, match="ASCII"):
        plugin.scram_verifier(password, "clerk")
