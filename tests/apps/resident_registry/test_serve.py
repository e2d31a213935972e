"""The service as a process: TLS, readiness told to the service manager, a graceful end, failures in one line."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from resident_registry.settings import Settings

APPLICATION = Path(__file__).resolve().parents[3] / "apps" / "resident_registry"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def own_settings(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with a certificate and a port of their own, written to `settings.json`."""
    own = dataclasses.replace(
        settings,
        listen_port=_free_port(),
        tls_certificate_file=str(tmp_path / "server.crt"),
        tls_key_file=str(tmp_path / "server.key"),
    )
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=registry.test", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", own.tls_key_file, "-out", own.tls_certificate_file],
        check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / "settings.json").write_text(json.dumps(dataclasses.asdict(own)))
    return own


def _process(folder: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "resident_registry.serve", str(folder / "settings.json")],
        cwd=APPLICATION, text=True, stderr=subprocess.PIPE, env=os.environ | environment,
    )  # fmt: skip


@pytest.fixture
def running(own_settings: Settings, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], bytes]]:
    """The running process and what it told the service manager when it was ready."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(30)
        assert own_settings.listen_port
        process = _process(tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify"))
        try:
            yield process, manager.recv(64)
        finally:
            process.kill()
            process.communicate()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_ready_means_answering_over_tls(own_settings: Settings, running: tuple[subprocess.Popen[str], bytes]) -> None:
    """Once it has said READY=1 it answers over TLS 1.2 or later, under its certificate."""
    assert running[1] == b"READY=1"
    trust = ssl.create_default_context(cafile=own_settings.tls_certificate_file)
    url = f"https://127.0.0.1:{own_settings.listen_port}/health"
    deadline = time.monotonic() + 10
    with urllib.request.urlopen(url, context=trust, timeout=deadline - time.monotonic()) as answer:
        assert json.load(answer)["status"] == "ok"
        assert "server" not in answer.headers
    old = ssl.create_default_context(cafile=own_settings.tls_certificate_file)
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with (
        socket.create_connection(("127.0.0.1", own_settings.listen_port)) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        old.wrap_socket(plain, server_hostname="127.0.0.1")


def test_ends_gracefully(running: tuple[subprocess.Popen[str], bytes]) -> None:
    """SIGTERM ends it within its grace, saying so and without a trace of an error."""
    process, _ = running
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=15)
    assert "架空市: ended" in errors
    assert "Traceback" not in errors
    assert process.returncode in (0, -signal.SIGTERM)


@pytest.mark.parametrize("missing", ["tls_key_file", "password_file", "font_file"])
def test_missing_files_end_it_in_one_line(own_settings: Settings, tmp_path: Path, missing: str) -> None:
    """A file that is not there is named in one line on standard error."""
    broken = dataclasses.asdict(own_settings) | {missing: "/nowhere/file"}
    (tmp_path / "settings.json").write_text(json.dumps(broken))
    process = _process(tmp_path)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.startswith("resident_registry: ")
    assert "/nowhere/file" in errors
    assert errors.count("\n") == 1
