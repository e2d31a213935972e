"""What every record of a run names: the estate, the code, the host it ran on and how busy that was."""

from __future__ import annotations

import os
import platform
import subprocess
from typing import TYPE_CHECKING, Any

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
    try:
        head = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head + ("+changes" if changed else "")


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


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.strip()
