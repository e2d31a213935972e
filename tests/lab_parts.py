"""Small labs of their own for tests of the targets, with prefixes that never meet a running lab's."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.specs import NodeSpec, PortSpec, SegmentSpec
from infra.targets.lab.names import Names
from infra.targets.lab.sweep import sweep
from infra.targets.lab.target import LabTarget

# Of this run alone, so that two runs on one host never meet; what dead runs left is found by their numbers.
_RUN = f"twt{os.getpid()}"
PREFIX = f"{_RUN}p"
EMPTY_PREFIX = f"{_RUN}e"
REBOOT_PREFIX = f"{_RUN}r"
ROOT = Path(__file__).resolve().parents[1]
MTU = 1500
RATE_BPS = 50e6


def silent(_: str) -> None:
    """Take progress and say nothing."""


def circuit(id_: str = "wan", **changes: Any) -> SegmentSpec:
    """Return a circuit with two ends."""
    spec = SegmentSpec(id_, "circuit", ("here", "there"), RATE_BPS, 0.003, MTU, "circuits.yaml:1")
    return dataclasses.replace(spec, **changes)


def lan(id_: str = "lan") -> SegmentSpec:
    """Return a segment within one place."""
    return SegmentSpec(id_, "lan", ("here",), 500e6, 0.0, MTU, "network.yaml:1")


def port(segment: str, address: str, end: Any = "a", name: str = "eth0", shared_address: str | None = None) -> PortSpec:
    """Return a port."""
    return PortSpec(name, segment, end, address, MTU, shared_address)


def node(id_: str, *ports: PortSpec, role: Any = "terminal", image: str = "base", **changes: Any) -> NodeSpec:
    """Return a node of 128 MiB."""
    fields: dict[str, Any] = {"loopbacks": (), "gateway": None, "volumes": {}, "cpus": 1, "memory_bytes": 128 * 2**20}
    return NodeSpec(id=id_, role=role, image=image, ports=ports, cite="devices.yaml:1", **(fields | changes))


ROUTER = node(
    "router",
    port("wan", "10.90.0.1/24", shared_address="10.90.0.254/24"),
    role="router",
    loopbacks=("10.91.0.1/32",),
)
TERMINAL = node("terminal", port("wan", "10.90.0.2/24", "z"), gateway="10.90.0.1")
PAIR = (ROUTER, TERMINAL)


def host(command: str) -> str:
    """Run a shell command on this host and return what it prints."""
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout


def in_node(node_id: str, command: str) -> str:
    """Run a shell command of this host in a node's network namespace."""
    entered = ["nsenter", f"--net=/run/netns/{PREFIX}-n-{node_id}", "sh", "-c", command]
    return subprocess.run(entered, capture_output=True, text=True, check=True).stdout


# Carries a connection's bytes between its standard streams and a socket, in whatever network it is started.
_PIPE = """
import socket, sys, threading
link = socket.create_connection((sys.argv[1], int(sys.argv[2])))
def inward():
    while data := link.recv(65536):
        sys.stdout.buffer.write(data); sys.stdout.buffer.flush()
threading.Thread(target=inward, daemon=True).start()
while data := sys.stdin.buffer.read1(65536):
    link.sendall(data)
"""


def admit_by_ssh(lab: LabTarget, node_id: str, address: str, folder: Path) -> None:
    """Start sshd on a node for a key made in `folder`, which also gets the node's host key and a pipe for proxies."""
    host(f"ssh-keygen -q -t ed25519 -N '' -C tests -f {folder}/key")
    lab.run(
        node_id,
        ["sh", "-c", "mkdir -pm 700 /root/.ssh; cat > /root/.ssh/authorized_keys"],
        stdin=(folder / "key.pub").read_text(),
    )
    lab.run(node_id, ["systemctl", "start", "ssh"])
    host_key = lab.run(node_id, ["cat", "/etc/ssh/ssh_host_ed25519_key.pub"]).stdout
    (folder / "known_hosts").write_text(f"{address} {host_key}")
    (folder / "pipe.py").write_text(_PIPE)


def ssh_entry(address: str, namespace: str, folder: Path) -> dict[str, object]:
    """Return how a hosts file names an admitted machine, reached from within a network namespace."""
    proxy = f"nsenter --net=/run/netns/{namespace} {sys.executable} {folder}/pipe.py %h %p"
    return {"address": address, "key": "key", "known_hosts": "known_hosts", "proxy_command": proxy}


def swept(prefix: str, *, keep_data: bool = False) -> list[str]:
    """Sweep one of the tests' labs and return what was removed."""
    return sweep(keep_data=keep_data, progress=silent, names=Names(prefix), clone_root=ROOT)


def sweep_dead_runs() -> None:
    """Sweep what test runs left that were killed."""
    standing = "ip netns list; podman ps --all --format '{{.Names}}'; podman volume ls --format '{{.Name}}'"
    for prefix, pid in set(re.findall(r"^(twt(\d+)[per])-", host(standing), re.MULTILINE)):
        if not Path(f"/proc/{pid}").exists():
            sweep(keep_data=False, progress=silent, names=Names(prefix), whoever=True)


_BLASTER = """
import socket, sys, time
address, rate_bps = sys.argv[1], float(sys.argv[2])
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
due = time.monotonic()
while True:
    for _ in range(8):
        sender.sendto(b"x" * 1472, (address, 9))
    due += 8 * 1514 * 8 / rate_bps
    time.sleep(max(0.0, due - time.monotonic()))
"""


@contextlib.contextmanager
def blast(source: str, address: str, rate_bps: float) -> Iterator[None]:
    """Send full frames from a node's network to an address as long as the context lasts."""
    command = [
        "nsenter",
        f"--net=/run/netns/{PREFIX}-n-{source}",
        sys.executable,
        "-c",
        _BLASTER,
        address,
        str(rate_bps),
    ]
    with subprocess.Popen(command) as process:
        try:
            yield
        finally:
            process.kill()
