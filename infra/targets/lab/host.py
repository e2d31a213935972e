"""Runs the host's commands (ip, tc, nft, podman, nsenter) and says clearly what failed. Knows nothing of the lab."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence

from infra.targets.target import Completed, TargetError

_SHOWN_LINES = 6


class CommandFailed(TargetError):
    """A command of the host failed; the message has the command and its last lines."""

    def __init__(self, command: Sequence[str], completed: Completed) -> None:
        self.completed = completed
        said = (completed.stderr.strip() or completed.stdout.strip() or "no message").splitlines()[-_SHOWN_LINES:]
        super().__init__(f"`{' '.join(command)}` ended with {completed.returncode}: {' | '.join(said)}")


def run(
    command: Sequence[str],
    *,
    stdin: str | None = None,
    timeout_s: float = 60.0,
    check: bool = True,
) -> Completed:
    """Run a command and return its end; raises CommandFailed where it fails (unless `check` is off) or takes too long.

    It has a process group of its own, so that Ctrl-C at the terminal ends us between two commands, not within one.
    """
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            process_group=0,
        )
    except FileNotFoundError as error:
        raise TargetError(f"the command {command[0]} is not installed on this host") from error
    with process:
        try:
            stdout, stderr = process.communicate(stdin, timeout=timeout_s)
        except subprocess.TimeoutExpired as error:
            _end(process)
            raise CommandFailed(command, Completed(-1, "", f"no end after {timeout_s:g} s")) from error
        except BaseException:
            _end(process)
            raise
    completed = Completed(process.returncode, stdout, stderr)
    if check and completed.returncode != 0:
        raise CommandFailed(command, completed)
    return completed


def _end(process: subprocess.Popen[str]) -> None:
    """End a command with all that it started, for what it started holds its pipes."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
