"""What a process of its own is given, so that it measures this very clone, and the memory that a process took."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment() -> dict[str, str]:
    """Return this process's environment with the clone first among the places of modules."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def peak_bytes() -> int:
    """Return the most memory that this process has held (bytes); `ru_maxrss` would begin with what its parent held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) * 1024
