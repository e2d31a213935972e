"""Commands of this machine's files at work in a node's network: probes, alive while the node's system dies."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from infra.targets.lab.namespaces import Namespace
from infra.targets.target import LabNotRunning

_GRACE_S = 5.0


class Process:
    """A started command; called, it waits for the end and returns the exit code."""

    def __init__(self, popen: subprocess.Popen[bytes]) -> None:
        self._popen = popen

    def __call__(self) -> int:
        """Wait for the end and return the exit code."""
        return self._popen.wait()

    def stop(self) -> int:
        """End it now, gently at first, with all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGTERM)
        try:
            return self._popen.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._popen.pid, signal.SIGKILL)
            return self._popen.wait()


def start(space: Namespace, command: Sequence[str], stdout_file: str) -> Process:
    """Start a command in a network namespace, its output and messages to a file.

    It has a process group of its own, so that Ctrl-C at the terminal leaves it to who started it.
    """
    if not space.exists():
        raise LabNotRunning(f"the network namespace {space.name} does not exist; `make up` brings it back")
    with Path(stdout_file).open("wb") as output:
        return Process(
            subprocess.Popen(
                space.command(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        )
