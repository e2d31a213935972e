"""A thousand transfers over fifty links, all at once and one after the other: SimPy with the kernel, and SimGrid."""

from __future__ import annotations

import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import numpy as np
import simpy

from simulation.sharing.links import Links
from simulation.sharing.transfers import TransferRecord, Transfers

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "tools" / "simgrid" / "peer.cpp"
# SimGrid's plain max-min model: no factors of latency or protocol, no traffic the other way; solved to many digits.
PLAIN = ("network/model:CM02", "network/crosstraffic:0", "network/TCP-gamma:0", "maxmin/precision:1e-9")
MODES = ("Lazy", "Full")
Plan = list[tuple[float, int, list[int]]]
NamedPlan = list[tuple[float, int, list[str]]]


def plan_of(transfers: int, links: int, *, dynamic: bool) -> tuple[list[float], Plan]:
    """Return capacities (bit/s) and transfers (begin s, bytes, links), the same on every run."""
    generator = np.random.default_rng(1)
    capacities = generator.uniform(1e8, 1e9, links).tolist()
    begins = np.cumsum(generator.exponential(0.01, transfers)) if dynamic else np.zeros(transfers)
    sizes = generator.integers(1_000_000, 30_000_000, transfers)
    routes = [generator.choice(links, generator.integers(1, 6), replace=False).tolist() for _ in sizes]
    return capacities, list(zip(begins.tolist(), sizes.tolist(), routes, strict=True))


def named(capacities: list[float], plan: Plan) -> tuple[dict[str, float], NamedPlan]:
    """Return the same with names, as the estate has them; SimGrid's routes too are made before its time begins."""
    names = [f"l{n}" for n in range(len(capacities))]
    routes = [(begin_s, size, [names[link] for link in route]) for begin_s, size, route in plan]
    return dict(zip(names, capacities, strict=True)), routes


def ours(capacities: dict[str, float], plan: NamedPlan) -> list[float]:
    """Return the end (s) of each transfer."""
    env = simpy.Environment()
    transfers = Transfers(env, Links(capacities))
    ends_s = [0.0] * len(plan)

    def ended(event: simpy.Event) -> None:
        record = cast(TransferRecord, event.value)
        ends_s[int(record.name)] = record.end_s

    def source() -> Generator[simpy.Event, Any, None]:
        for number, (begin_s, size, route) in enumerate(plan):
            if begin_s > env.now:
                yield env.timeout(begin_s - env.now)
            sent = transfers.send(str(number), size, route)
            sent.done.callbacks.append(ended)

    env.process(source())
    env.run()
    return ends_s


def build(folder: Path) -> Path | None:
    """Return the compiled peer, or None where SimGrid or a compiler is not installed."""
    program = folder / "peer"
    command = ["g++", "-O3", "-std=c++17", str(SOURCE), "-o", str(program), "-lsimgrid"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return program if done.returncode == 0 else None


def simgrid(program: Path, capacities: list[float], plan: Plan, mode: str) -> tuple[float, list[float]]:
    """Return the processor seconds of SimGrid's run, without making its platform, and the end (s) of each transfer."""
    lines = [f"{len(capacities)} {len(plan)}", *(repr(rate / 8) for rate in capacities)]
    lines += [f"{begin!r} {size} {len(route)} {' '.join(map(str, route))}" for begin, size, route in plan]
    settings = [f"--cfg={setting}" for setting in (*PLAIN, f"network/optim:{mode}")]
    command = [str(program), *settings, "--log=root.thres:error"]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
    seconds, *ends_s = map(float, done.stdout.split())
    return seconds, ends_s
