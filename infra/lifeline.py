"""Ties a process to the one that started it: when that one dies, even by SIGKILL, this one and its children go too.

The engine starts plugins in process groups of their own, and the language host the program, so without this a killed
engine leaves them running.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections import defaultdict
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
_SIGNAL = signal.SIGUSR2


def arm() -> None:
    """Ask the kernel for a signal when the parent dies, and act on it; also when it died before this call."""
    parent = os.getppid()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        # The kernel also sends this when only the parent's thread that started us ends; then the parent still lives.
        if os.getppid() != parent:
            end()

    signal.signal(_SIGNAL, on_signal)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(_SIGNAL), 0, 0, 0)
    if os.getppid() != parent:
        end()


def end() -> None:
    """Kill every descendant, deepest last known first, then this process, without clean-up that could hang."""
    for pid in reversed(descendants(os.getpid())):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    os._exit(1)


def descendants(root: int) -> list[int]:
    """Return the processes below `root`, parents before children, as `/proc` shows them now."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            children[int(stat.rsplit(")", 1)[1].split()[1])].append(int(entry.name))
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = children[waiting.pop()]
        found.extend(below)
        waiting.extend(below)
    return found
