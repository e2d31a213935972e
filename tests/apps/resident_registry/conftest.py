"""A throw-away PostgreSQL cluster on a Unix socket, filled with a small town, and the service on top of it."""

from __future__ import annotations

import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from resident_registry import prepare
from resident_registry.settings import Settings
from starlette.testclient import TestClient

FONTS = ("/usr/share/fonts/truetype/ipamj/ipamjm.ttf", "/usr/share/fonts/opentype/ipafont-mincho/ipam.ttf")
TOWN = {"city_name": "架空市", "population": 1200, "households": 500, "seed": 7}


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """The folder of the socket of a running cluster owned by `postgres`."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    folder = Path(tempfile.mkdtemp(prefix="registry-test-"))
    user = pwd.getpwnam("postgres")
    shutil.chown(folder, user.pw_uid, user.pw_gid)

    def as_postgres(*command: str) -> None:
        subprocess.run(
            ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command],
            check=True,
            capture_output=True,
            cwd="/",
        )

    as_postgres(
        str(binaries / "initdb"),
        "-D",
        str(folder / "data"),
        "--auth=trust",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    start = [str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-w", "-l", str(folder / "log")]
    as_postgres(*start, "-o", f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off", "start")
    yield folder
    as_postgres(*start, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def database(cluster: Path) -> str:
    """The connection string of a prepared database, as the application's role."""
    admin = f"host={cluster} user=postgres"
    with psycopg.connect(f"{admin} dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE ROLE registry_owner")
        connection.execute("CREATE ROLE registry_application LOGIN")
        connection.execute("CREATE DATABASE registry OWNER registry_owner")
    with psycopg.connect(f"{admin} dbname=registry") as connection:
        connection.execute("SET ROLE registry_owner")
        assert prepare.migrate(connection)
        assert prepare.load(connection, **TOWN)
        prepare.grant(connection, "registry_application")
    return f"host={cluster} user=registry_application dbname=registry"


@pytest.fixture(scope="session")
def settings(database: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a service on that database."""
    password = tmp_path_factory.mktemp("registry") / "password"
    password.write_text("not-asked-for-on-a-socket\n")
    font = next(font for font in FONTS if Path(font).exists())
    return Settings("kakuu", "架空市", database, str(password), font)


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of the running service."""
    from resident_registry.service import create_app

    with TestClient(create_app(settings), client=("198.51.100.7", 50000)) as running:
        yield running
