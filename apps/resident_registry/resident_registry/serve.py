"""Run the service under uvicorn with TLS, tell systemd when it listens, and end gracefully on SIGTERM.

`python3 -m resident_registry.serve [SETTINGS]`; without a name the settings are /etc/resident-registry/settings.json.
"""

from __future__ import annotations

import logging
import os
import socket
import ssl
import sys
from pathlib import Path

import uvicorn

from resident_registry.errors import RegistryError, SettingsError
from resident_registry.service import create_app
from resident_registry.settings import DEFAULT_FILE, Settings, read_settings

_GRACE_S = 10


def notify_systemd(state: str) -> None:
    """Send `state`, such as READY=1, to the service manager; does nothing where none listens (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            notify_systemd("READY=1")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        notify_systemd("STOPPING=1")
        await super().shutdown(sockets)


def server_for(settings: Settings) -> uvicorn.Server:
    """Return the server, not yet listening; raises SettingsError where a file that it needs is unusable."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.listen_address,
        port=settings.listen_port,
        ssl_certfile=settings.tls_certificate_file,
        ssl_keyfile=settings.tls_key_file,
        # Requests are counted, and looks at residents recorded in the database; a log of addresses would hold names.
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=_GRACE_S,
        limit_concurrency=512,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        files = f"{settings.tls_certificate_file}, {settings.tls_key_file}"
        raise SettingsError(f"{files}: certificate and key cannot be used: {error}") from error
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return _Server(config)


def main(arguments: list[str]) -> int:
    """Serve until told to stop; a foreseen failure is one line on standard error and exit status 1."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        server = server_for(read_settings(Path(arguments[0]) if arguments else DEFAULT_FILE))
    except RegistryError as error:
        print(f"resident_registry: {error}", file=sys.stderr)
        return 1
    server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
