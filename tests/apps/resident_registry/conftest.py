"""A throw-away PostgreSQL cluster on a Unix socket, filled with a small town, and the service on top of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from postgresql_cluster import running_cluster
from resident_registry.load import load
from resident_registry.migrate import Connection, migrate
from resident_registry.people import Plan
from resident_registry.settings import Settings
from starlette.testclient import TestClient

FONT = Path("/usr/share/fonts/truetype/ipamj/ipamjm.ttf")
TERMINAL = "198.51.100.7"


@pytest.fixture(scope="session")
def town() -> Plan:
    """The people that the databases of these tests hold."""
    return Plan("架空市", 1200, 500, 7, date(2018, 4, 1))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """The folder of the socket of a running cluster."""
    with running_cluster() as folder:
        yield folder


@pytest.fixture(scope="session")
def roles(cluster: Path) -> Path:
    """The cluster with the roles that PostgreSQL's role makes on a node."""
    with psycopg.connect(f"host={cluster} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE ROLE registry_owner")
        connection.execute("CREATE ROLE registry_application LOGIN")
    return cluster


def new_database(cluster: Path, name: str) -> None:
    """Create an empty database as the role on a node does."""
    with psycopg.connect(f"host={cluster} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER registry_owner".encode())
        connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC".encode())
        connection.execute(f"GRANT CONNECT ON DATABASE {name} TO registry_application".encode())


def owner_connection(cluster: Path, name: str) -> Connection:
    """Return a connection that acts as the owner of the tables."""
    connection = psycopg.connect(f"host={cluster} user=postgres dbname={name}", autocommit=True)
    connection.execute("SET ROLE registry_owner")
    return connection


@pytest.fixture(scope="session")
def database(roles: Path, town: Plan) -> str:
    """The connection string of a prepared database, as the application's role."""
    new_database(roles, "registry")
    with owner_connection(roles, "registry") as connection:
        assert migrate(connection, "registry_application")
        assert load(connection, town)
    return f"host={roles} user=registry_application dbname=registry"


@pytest.fixture
def empty_database(roles: Path) -> Iterator[Connection]:
    """A connection, as the owner, to a database of its own for this test."""
    new_database(roles, "registry_empty")
    connection = owner_connection(roles, "registry_empty")
    try:
        yield connection
    finally:
        connection.close()
        with psycopg.connect(f"host={roles} user=postgres dbname=postgres", autocommit=True) as admin:
            admin.execute("DROP DATABASE registry_empty WITH (FORCE)")


@pytest.fixture(scope="session")
def settings(database: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a service on that database."""
    folder = tmp_path_factory.mktemp("registry")
    (folder / "password").write_text("not-asked-for-on-a-socket\n")
    return Settings(
        city="kakuu",
        city_name_ja="架空市",
        prefecture_ja="見本県",
        database=database,
        password_file=str(folder / "password"),
        listen_address="127.0.0.1",
        listen_port=0,
        tls_certificate_file=str(folder / "server.crt"),
        tls_key_file=str(folder / "server.key"),
        font_file=str(FONT),
    )


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of the running service, calling from TERMINAL."""
    from resident_registry.service import create_app

    with TestClient(create_app(settings), client=(TERMINAL, 50000), raise_server_exceptions=False) as running:
        yield running
