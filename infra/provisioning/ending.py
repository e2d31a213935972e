"""How ansible-playbook ended where no task says why: exit code or signal in words, and the last lines it printed."""

from __future__ import annotations

import signal
from collections import deque

SHOWN_LINES = 8
_SHELL_SIGNAL = 128
"""What a shell adds to the number of the signal that ended a command (POSIX, 2.8.2)."""


class LastLines:
    """The last lines that were printed, empty ones left out."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=SHOWN_LINES)

    def take(self, text: str) -> None:
        """Take what was printed."""
        self._lines.extend(line.rstrip() for line in text.splitlines() if line.strip())

    def __str__(self) -> str:
        if not self._lines:
            return "it printed nothing"
        return "the last it printed:" + "".join(f"\n    {line}" for line in self._lines)


def ending(status: str, code: int | None) -> str:
    """Return in words how a run ended, from ansible-runner's status and exit code (None: a signal it does not name)."""
    if code is None:
        return "ansible-playbook was killed by a signal"
    name = _signal_name(-code if code < 0 else code - _SHELL_SIGNAL)
    if not name:
        return f"ansible-playbook ended as `{status}` with exit code {code}"
    hint = ", as the kernel does where memory runs out (`dmesg` says)" if name == "SIGKILL" else ""
    return f"ansible-playbook was killed by {name}{hint}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return ""
