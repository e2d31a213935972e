"""Use a service as a counter does: one HTTPS request each interval, each on a connection of its own; note every answer.

Standard library only and imported by nothing at run time: it is started inside a terminal's network namespace.

    transactions.py --url https://dc-fuji-ap/health --address 10.20.0.2 --authority ca.pem --duration-s 30 --output FILE
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import ssl
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

TIMEOUT_S = 5.0


async def transact(url: str, address: str, context: ssl.SSLContext) -> str:
    """Send one request and return the empty string, or what went wrong in a few words."""
    parts = urlsplit(url)
    writer = None
    try:
        async with asyncio.timeout(TIMEOUT_S):
            reader, writer = await asyncio.open_connection(
                address, parts.port or 443, ssl=context, server_hostname=parts.hostname
            )
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            head = f"GET {path or '/'} HTTP/1.1\r\nHost: {parts.hostname}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode("ascii"))
            answer = await reader.read()
        status = answer.split(b" ", 2)[1:2]
        return "" if status == [b"200"] else f"status {status[0].decode() if status else 'missing'}"
    except TimeoutError:
        return f"no answer within {TIMEOUT_S:g} s"
    except OSError as error:
        return error.strerror or type(error).__name__
    finally:
        if writer is not None:
            writer.transport.abort()


async def repeat(url: str, address: str, authority: str, interval_s: float, duration_s: float) -> list[list[object]]:
    """Return `[begun (CLOCK_MONOTONIC, s), took (s), what went wrong]` of every transaction, in the order begun."""
    context = ssl.create_default_context(cafile=authority)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    found: list[list[object]] = []

    async def one() -> None:
        begun_s = time.monotonic()
        wrong = await transact(url, address, context)
        found.append([begun_s, time.monotonic() - begun_s, wrong])

    tasks = []
    start_s = time.monotonic()
    for number in range(max(1, round(duration_s / interval_s))):
        wait_s = start_s + number * interval_s - time.monotonic()
        if wait_s > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait_s)
        if stop.is_set():
            break
        tasks.append(asyncio.create_task(one()))
    await asyncio.gather(*tasks)
    return sorted(found, key=lambda entry: float(str(entry[0])))


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Use a service as a counter does.")
    parser.add_argument("--url", required=True)
    parser.add_argument("--address", required=True, help="the server's address; the URL's name is checked by TLS")
    parser.add_argument("--authority", required=True, metavar="FILE", help="the certificates to trust")
    parser.add_argument("--interval-s", type=float, default=0.5)
    parser.add_argument("--duration-s", type=float, required=True)
    parser.add_argument("--output", required=True, metavar="FILE")
    chosen = parser.parse_args(arguments)
    found = asyncio.run(repeat(chosen.url, chosen.address, chosen.authority, chosen.interval_s, chosen.duration_s))
    partial = Path(f"{chosen.output}.part")
    partial.write_text(json.dumps({"transactions": found}), encoding="utf-8")
    partial.replace(chosen.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
