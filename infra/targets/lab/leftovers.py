"""Finds processes by what they belong to (control group, namespace), never by their names, and freezes or ends them."""

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
    return _end(lambda pid: namespace_of(pid, "net") in namespaces) if namespaces else 0


def freeze_processes_of(system_pid: int) -> int:
    """Stop (SIGSTOP) every process of the system whose first process this is; return how many there were.

    A process that was just being born is met in the next round.
    """
    own = namespace_of(system_pid, "pid")
    frozen: set[int] = set()
    while own is not None:
        found = {pid for pid in _processes() if namespace_of(pid, "pid") == own} - frozen
        if not found:
            break
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        frozen |= found
    return len(frozen)


def namespace_of(pid: int, kind: str) -> int | None:
    """Return the kernel's number of a process's namespace."""
    try:
        return Path(f"/proc/{pid}/ns/{kind}").stat().st_ino
    except OSError:
        return None


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
