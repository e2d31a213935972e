"""Transfers by TCP, packet by packet in ns-3, and as the fluid has them: over one circuit and over several.

ns-3's routers serve flows in turn (FQ-CoDel, RFC 8290), which is what max-min shares stand for; with one queue for all,
TCP itself divides unevenly.
"""

from __future__ import annotations

import statistics
import subprocess
from pathlib import Path
from typing import NamedTuple, cast

import simpy

from simulation.sharing.goodput import goodput_factor
from simulation.sharing.links import Links
from simulation.sharing.transfers import TransferRecord, Transfers

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "tools" / "ns3" / "peer.cpp"
LIBRARIES = ("applications", "traffic-control", "point-to-point", "internet", "network", "core")
FAST = 1e10


class Sent(NamedTuple):
    """A transfer: when it begins (s), its bytes, the rate of its access line (bit/s), its first and last circuit."""

    begin_s: float
    size_bytes: int
    access_bps: float
    first: int
    last: int


# The rates of the circuits, one after the other (bit/s), and what is sent. None is smaller than 12.5 MB.
CASES: dict[str, tuple[list[float], list[Sent]]] = {
    "one circuit, one transfer": ([1e8], [Sent(0, 12_500_000, FAST, 0, 0)]),
    "one circuit, four at once": ([1e8], [Sent(0, 12_500_000 * part, FAST, 0, 0) for part in (1, 1, 2, 3)]),
    "one circuit, six one after the other": (
        [1e8],
        [Sent(0.7 * n, 12_500_000 + 5_000_000 * (n % 3), FAST, 0, 0) for n in range(6)],
    ),
    "one circuit, two held by their access lines": (
        [1e8],
        [
            Sent(0, 12_500_000, 1e7, 0, 0),
            Sent(0, 12_500_000, 2e7, 0, 0),
            Sent(0, 37_500_000, FAST, 0, 0),
            Sent(0, 37_500_000, FAST, 0, 0),
        ],
    ),
    "three equal circuits, one transfer over all": (
        [1e8, 1e8, 1e8],
        [
            Sent(0, 25_000_000, FAST, 0, 2),
            Sent(0, 25_000_000, FAST, 0, 0),
            Sent(0, 37_500_000, FAST, 1, 1),
            Sent(0, 50_000_000, FAST, 2, 2),
        ],
    ),
    "three unequal circuits, five transfers": (
        [1e8, 5e7, 2e8],
        [
            Sent(0, 25_000_000, FAST, 0, 2),
            Sent(0, 25_000_000, FAST, 0, 1),
            Sent(0.5, 37_500_000, FAST, 1, 2),
            Sent(1, 12_500_000, FAST, 2, 2),
            Sent(1, 50_000_000, FAST, 0, 0),
        ],
    ),
}


def build(folder: Path) -> Path | None:
    """Return the compiled peer, or None where ns-3 or a compiler is not installed."""
    program = folder / "packets"
    libraries = [f"-lns3-{name}" for name in LIBRARIES]
    try:
        done = subprocess.run(
            ["g++", "-O2", "-std=c++17", str(SOURCE), "-o", str(program), *libraries], capture_output=True, check=False
        )
    except FileNotFoundError:
        return None
    return program if done.returncode == 0 else None


def fluid(circuits: list[float], plan: list[Sent]) -> list[float]:
    """Return the end (s) of each transfer by fair shares, with the goodput of full packets on ns-3's links."""
    env = simpy.Environment()
    capacities = {f"circuit {n}": rate_bps for n, rate_bps in enumerate(circuits)}
    capacities |= {f"access {n}": sent.access_bps for n, sent in enumerate(plan)}
    transfers = Transfers(env, Links(capacities))
    factor = goodput_factor(counted="point-to-point")
    ends_s = [0.0] * len(plan)

    def ended(event: simpy.Event) -> None:
        record = cast(TransferRecord, event.value)
        ends_s[int(record.name)] = record.end_s

    def begin(number: int) -> None:
        sent = plan[number]
        route = [f"access {number}", *(f"circuit {n}" for n in range(sent.first, sent.last + 1))]
        transfer = transfers.send(str(number), sent.size_bytes, route, goodput_factor=factor)
        transfer.done.callbacks.append(ended)

    for number, sent in enumerate(plan):
        env.timeout(sent.begin_s, number).callbacks.append(lambda event: begin(event.value))
    env.run()
    return ends_s


def packets(program: Path, circuits: list[float], plan: list[Sent], *, in_turn: bool = True) -> list[float]:
    """Return the same in ns-3; not `in_turn`, its routers have one queue for all (first come, first served)."""
    lines = [f"{len(circuits)} {len(plan)}", *(f"{rate_bps:.0f}" for rate_bps in circuits)]
    lines += [f"{s.begin_s!r} {s.size_bytes} {s.access_bps:.0f} {s.first} {s.last}" for s in plan]
    command = [str(program), *(["fair"] if in_turn else [])]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
    return [float(line) for line in done.stdout.split()]


def mean_s(plan: list[Sent], ends_s: list[float]) -> float:
    """Return the mean time (s) that a transfer takes."""
    return statistics.fmean(end_s - sent.begin_s for sent, end_s in zip(plan, ends_s, strict=True))
