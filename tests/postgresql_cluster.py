"""A throw-away PostgreSQL cluster on a Unix socket, which ends with the test run, also with one that is killed."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

START_WITHIN_S = 60


def _binaries() -> Path:
    found = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
    assert found, "PostgreSQL is missing on this machine (Debian: postgresql)"
    return found


@contextlib.contextmanager
def running_cluster(*access: str) -> Iterator[Path]:
    """Yield the folder of the socket of a running cluster with the superuser `postgres`.

    `access` are lines of pg_hba.conf; without any, whoever reaches the socket is let in. PostgreSQL refuses root, so
    under root it runs as the system's user `postgres`.
    """
    binaries, folder = _binaries(), Path(tempfile.mkdtemp(prefix="registry-test-"))
    data = folder / "data"
    command = ["setpriv", "--pdeathsig=INT"]
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        shutil.chown(folder, user.pw_uid, user.pw_gid)
        command += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    make = ["initdb", "-D", data, "--username=postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([*command, binaries / make[0], *make[1:]], check=True, capture_output=True, cwd="/")
    if access:
        (data / "pg_hba.conf").write_text("".join(f"{line}\n" for line in access))
    options = [f"-cunix_socket_directories={folder}", "-clisten_addresses=", "-cfsync=off"]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            [*command, binaries / "postgres", "-D", data, *options], stdout=log, stderr=log, cwd="/"
        ) as server,
    ):
        try:
            _wait(binaries, folder, server)
            yield folder
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait()
            shutil.rmtree(folder)


def copy_database(socket: Path, template: str, name: str) -> None:
    """Make a database in a running cluster, like another one to which nobody is connected."""
    command = [_binaries() / "createdb", "-h", socket, "-U", "postgres", "-T", template, name]
    subprocess.run(command, check=True, capture_output=True)


def _wait(binaries: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while subprocess.run([binaries / "pg_isready", "-q", "-h", folder], check=False).returncode != 0:
        assert server.poll() is None, "PostgreSQL ended at its start"
        assert time.monotonic() < deadline, f"PostgreSQL did not answer within {START_WITHIN_S} s"
        time.sleep(0.1)
