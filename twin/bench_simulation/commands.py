"""Commands started cold from the shell, kernels compiled: how long each takes, the start of Python included."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from twin.bench.process import ROOT, environment

if TYPE_CHECKING:
    from twin.bench_simulation.__main__ import Page

BOUND = "simulate failover fuji-one-cut"
LIMIT_S = 3.0
OTHERS = (
    "simulate day", "simulate year", "simulate capacity", "simulate batch",
    "simulate availability --service resident-registry", "simulate availability", "simulate continuity", "gate",
)  # fmt: skip
TEMPLATE = "tonight --template --date 2026-07-22 --now 22:30"


def started(words: Sequence[str]) -> tuple[float, float, str]:
    """Run a command in a process of its own; return wall-clock and processor seconds, and what it printed.

    Raises CalledProcessError where it ends with anything but 0 or, as a gate does for a broken promise, 1.
    """
    before, begin = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "twin.cli", *words], env=environment(), check=False, capture_output=True, text=True,
        cwd=ROOT,
    )  # fmt: skip
    wall_s, after = time.perf_counter() - begin, os.times()
    if done.returncode not in {0, 1}:
        raise subprocess.CalledProcessError(done.returncode, words, done.stdout, done.stderr)
    used_s = after.children_user + after.children_system - before.children_user - before.children_system
    return wall_s, used_s, done.stdout


def rows(page: Page, runs: int) -> None:
    """Add the row with a bound, and those without."""
    name = f"`twin {BOUND}`, started cold"
    walls, used = _measured(BOUND.split(), runs)
    page.bound(name, _seconds(walls, used), f"≤ {LIMIT_S:g} s", holds=statistics.median(walls) <= LIMIT_S)
    for command in OTHERS:
        page.shown(f"`twin {command}`, started cold", _seconds(*_measured(command.split(), runs)))
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state.json"
        state.write_text(started(TEMPLATE.split())[2], encoding="utf-8")
        words = ["tonight", str(state)]
        page.shown("`twin tonight STATE.json` at 22:30, started cold", _seconds(*_measured(words, runs)))


def _measured(words: Sequence[str], runs: int) -> tuple[list[float], list[float]]:
    found = [started(words) for _ in range(runs)]
    return [wall_s for wall_s, _, _ in found], [used_s for _, used_s, _ in found]


def _seconds(walls: list[float], used: list[float]) -> str:
    ends = f"{min(walls):.2f} to {max(walls):.2f}"
    return f"{statistics.median(walls):.2f} s wall-clock ({ends}), {statistics.median(used):.2f} s of the processor"
