"""What every record of a run names: the estate, the code, the host it ran on and how busy that was."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inventory.git import git
from twin.settings import ROOT

if TYPE_CHECKING:
    from inventory.models.estate import Estate


def run_context(estate: Estate) -> dict[str, Any]:
    """Return estate, digest, replaced values and the commit of the code."""
    return {
        "estate": estate.name,
        "estate_digest": estate.digest,
        "overrides": dict(estate.overrides),
        "commit": commit(),
    }


def commit() -> str:
    """Return the clone's commit, with `+changes` where files differ from it, or `unknown` outside a clone."""
    head = git(ROOT, "rev-parse", "HEAD")
    changed = git(ROOT, "status", "--porcelain", "--untracked-files=no")
    if head is None or changed is None:
        return "unknown"
    return head.decode().strip() + ("+changes" if changed.strip() else "")


def host() -> dict[str, Any]:
    """Return the kernel, processors, memory and load of this host; no name of it."""
    memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "kernel": platform.release(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "memory_bytes": memory_bytes,
        "load": [round(value, 2) for value in os.getloadavg()],
    }


def cpu_times_s() -> tuple[float, float]:
    """Return how long this host's processors have worked and idled since its start (s, all of them together)."""
    fields = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
    ticks = [int(field) for field in fields]
    idle = ticks[3] + ticks[4]
    per_second = os.sysconf("SC_CLK_TCK")
    return (sum(ticks[:8]) - idle) / per_second, idle / per_second


def busy_share(before: tuple[float, float], after: tuple[float, float]) -> float:
    """Return which share of the processors' time was work between two readings."""
    work_s, idle_s = after[0] - before[0], after[1] - before[1]
    return work_s / (work_s + idle_s) if work_s + idle_s > 0 else 0.0
