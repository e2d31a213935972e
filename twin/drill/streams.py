"""Which probes and transactions run where during a drill, starting them and collecting what they wrote.

Every city with terminals and a service is watched, in both directions, through flows that the inventory permits.
Leaves what the logs mean to `twin.drill.analysis`.
"""

from __future__ import annotations

import dataclasses
import json
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.drill.analysis import Direction, Stream, read_stream
from twin.errors import MeasurementFailed
from twin.services import AUTHORITY

if TYPE_CHECKING:
    from infra.targets.target import Started, Target
    from inventory.models.estate import Estate
    from topology.model import Network, PermittedFlow

PROBE = Path(__file__).parent.parent / "probe.py"
TRANSACTIONS = Path(__file__).parent.parent / "transactions.py"
READY_S = 10.0
LINGER_S = 3.0
FREE_PORTS = (20000, 29999)


@dataclasses.dataclass(frozen=True)
class Watch:
    """A city's pair of hosts: its terminal and its server, their addresses, the ports that probes may use, a URL."""

    city: str
    terminal: str
    terminal_address: str
    server: str
    server_address: str
    ports: tuple[int, int]
    url: str


@dataclasses.dataclass(frozen=True)
class _Probe:
    city: str
    direction: Direction
    sender: str
    receiver: str
    address: str
    port: int
    source_port: int


def watches(estate: Estate, network: Network) -> tuple[Watch, ...]:
    """Return what is watched: each city of each service. Raises MeasurementFailed where no flow is permitted."""
    found = []
    for service in estate.records.services.values():
        for city, instance in sorted(service.instances.items()):
            members = network.members(instance.users)
            terminal = next((port for port in members if network.nodes[port.node].role == "terminal"), None)
            if terminal is None:
                continue
            server = network.interfaces_of(instance.application)[0]
            flow = _permitted(network, terminal.address.ip, server.address.ip)
            if flow is None:
                entry = f"from `{instance.users}` to `{instance.application}` over UDP with a port range"
                raise MeasurementFailed(f"the inventory permits no probes for {city}: add a flow {entry}")
            found.append(
                Watch(
                    city=city, terminal=terminal.node, terminal_address=str(terminal.address.ip),
                    server=server.node, server_address=str(server.address.ip), ports=flow.ports[0],
                    url=f"https://{server.node}:{service.port}/health",
                )
            )  # fmt: skip
    if not found:
        raise MeasurementFailed("the estate has no terminal that uses a service: there is nothing to watch")
    return tuple(found)


def _permitted(network: Network, source: Any, destination: Any) -> PermittedFlow | None:
    """Return the permitted UDP flow with the widest range of ports between two addresses."""
    fitting = [
        flow
        for flow in network.flows
        if flow.protocol == "udp" and flow.ports and source in flow.source and destination in flow.destination
    ]
    return max(fitting, key=lambda flow: flow.ports[0][1] - flow.ports[0][0], default=None)


class Streams:
    """All senders, receivers and transactions of one run, their files in a folder of its own."""

    def __init__(self, target: Target, watched: tuple[Watch, ...], folder: Path, flows: int, spacing_s: float) -> None:
        self._target = target
        self._watched = watched
        self._folder = folder
        self._flows = flows
        self._spacing_s = spacing_s
        self._started: dict[str, Started] = {}
        self._probes: list[_Probe] = []
        self._run_id = 0

    def start(self, duration_s: float, draw: random.Random) -> None:
        """Start everything; returns when all receivers listen. Ports are drawn anew, so that flows hash anew."""
        self._run_id = draw.randrange(1, 2**32)
        self._probes = [probe for watch in self._watched for probe in self._plan(watch, draw)]
        for number, probe in enumerate(self._probes):
            self._begin(
                f"receive-{number}", probe.receiver, PROBE, "receive", "--port", str(probe.port),
                "--duration-s", str(duration_s + READY_S + LINGER_S), "--ready", str(self._folder / f"ready-{number}"),
                *self._common(f"receive-{number}"),
            )  # fmt: skip
        self._await_receivers()
        for number, probe in enumerate(self._probes):
            self._begin(
                f"send-{number}", probe.sender, PROBE, "send", "--to", probe.address, "--port", str(probe.port),
                "--flows", str(self._flows), "--interval-ms", str(self._spacing_s * 1000),
                "--duration-s", str(duration_s), "--source-port", str(probe.source_port),
                *self._common(f"send-{number}"),
            )  # fmt: skip
        for watch in self._watched:
            authority = self._folder / f"authority-{watch.city}.pem"
            authority.write_text(self._target.run(watch.terminal, ["cat", AUTHORITY]).stdout)
            self._begin(
                f"use-{watch.city}", watch.terminal, TRANSACTIONS, "--url", watch.url,
                "--address", watch.server_address, "--authority", str(authority), "--duration-s", str(duration_s),
                "--output", str(self._folder / f"use-{watch.city}.json"),
            )  # fmt: skip

    def collect(self) -> tuple[list[Stream], dict[str, list[list[Any]]]]:
        """Wait for the senders, stop the receivers, and return the streams and each city's transactions."""
        for number in range(len(self._probes)):
            self._finish(f"send-{number}", stop=False)
        time.sleep(LINGER_S / 2)
        streams = []
        for number, probe in enumerate(self._probes):
            self._finish(f"receive-{number}", stop=True)
            sent, received = self._read(f"send-{number}"), self._read(f"receive-{number}")
            streams.append(read_stream(probe.city, probe.direction, sent, received))
        used = {}
        for watch in self._watched:
            self._finish(f"use-{watch.city}", stop=False)
            used[watch.city] = self._read(f"use-{watch.city}")["transactions"]
        return streams, used

    def stop(self) -> None:
        """End whatever still runs; for clean-up."""
        for started in self._started.values():
            started.stop()
        self._started.clear()

    def _plan(self, watch: Watch, draw: random.Random) -> tuple[_Probe, _Probe]:
        """Return the two directions; what comes from the server comes from ports whose way back is permitted."""
        first, last = watch.ports
        if last - first < self._flows:
            raise MeasurementFailed(
                f"{watch.city}: ports {first} to {last} are too few for {self._flows} flows each way"
            )
        there = draw.randint(first, last)
        free = [low for low in range(first, last - self._flows + 2) if not low <= there < low + self._flows]
        back = draw.randint(*FREE_PORTS)
        return (
            _Probe(watch.city, "to_dc", watch.terminal, watch.server, watch.server_address, there, 0),
            _Probe(
                watch.city, "from_dc", watch.server, watch.terminal, watch.terminal_address, back, draw.choice(free)
            ),
        )

    def _common(self, name: str) -> list[str]:
        return ["--run-id", str(self._run_id), "--output", str(self._folder / f"{name}.json")]

    def _begin(self, name: str, node: str, script: Path, *arguments: str) -> None:
        command = [sys.executable, "-S", str(script), *arguments]
        self._started[name] = self._target.start(node, command, str(self._folder / f"{name}.log"))

    def _await_receivers(self) -> None:
        until_s = time.monotonic() + READY_S
        wanted = [self._folder / f"ready-{number}" for number in range(len(self._probes))]
        while not all(path.exists() for path in wanted):
            if time.monotonic() > until_s:
                late = next(number for number, path in enumerate(wanted) if not path.exists())
                raise MeasurementFailed(f"a receiver did not start: {self._last_words(f'receive-{late}')}")
            time.sleep(0.05)

    def _finish(self, name: str, *, stop: bool) -> None:
        started = self._started.pop(name)
        code = started.stop() if stop else started()
        if code != 0:
            raise MeasurementFailed(f"{name} ended with {code}: {self._last_words(name)}")

    def _read(self, name: str) -> Any:
        try:
            return json.loads((self._folder / f"{name}.json").read_bytes())
        except (OSError, ValueError) as error:
            raise MeasurementFailed(f"{name} wrote no result: {self._last_words(name)}") from error

    def _last_words(self, name: str) -> str:
        lines = (self._folder / f"{name}.log").read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"
