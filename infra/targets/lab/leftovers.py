"""Finds and ends processes that outlived what they belonged to: by control group or namespace, never by their names."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

# What is ending by itself (a monitor, a clean-up) is left this long to do so.
_PATIENCE_S = 1.0
_LIMIT_S = 6.0


def end_processes_of(container_id: str) -> int:
    """End what still runs in a container's control groups, its monitor included; return how many there were."""
    mark = f"libpod-{container_id}", f"libpod-conmon-{container_id}"
    return _end(lambda pid: any(part in _read(pid, "cgroup") for part in mark))


def end_processes_in(namespaces: set[int]) -> int:
    """End what still runs in these network namespaces (by the kernel's numbers); return how many there were."""

    def inside(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/ns/net").stat().st_ino in namespaces
        except OSError:
            return False

    return _end(inside) if namespaces else 0


def _end(belongs: Callable[[int], bool]) -> int:
    """Kill all that belong and do not end by themselves, again until none is left, for they may start others."""
    ended: set[int] = set()
    began = time.monotonic()
    while (passed_s := time.monotonic() - began) < _LIMIT_S:
        found = [pid for pid in _processes() if belongs(pid)]
        if not found:
            break
        if passed_s > _PATIENCE_S:
            for pid in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            ended.update(found)
        time.sleep(0.05)
    return len(ended)


def _processes() -> Iterator[int]:
    own = {os.getpid(), os.getppid()}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) not in own:
            yield int(entry.name)


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return ""
