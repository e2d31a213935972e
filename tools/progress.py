"""Stages with times on the terminal and a log of all that their commands print. Standard library only."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path


class StageFailed(Exception):
    """A stage could not be done: why, and what to do."""

    def __init__(self, why: str, remedy: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.remedy = remedy


class Log:
    """The log file of one run; commands write into it, the terminal shows the stages."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}.log"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file = os.fdopen(descriptor, "a", encoding="utf-8")
        for old in sorted(folder.glob("*.log"))[:-20]:
            old.unlink(missing_ok=True)

    def write(self, text: str) -> None:
        """Append text at once."""
        self._file.write(text)
        self._file.flush()

    def run(
        self, command: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None, show: bool = False
    ) -> str:
        """Run a command into the log (and onto the terminal with `show`); raise StageFailed with its last lines."""
        self.write(f"$ {' '.join(command)}\n")
        try:
            process = subprocess.Popen(
                command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, errors="replace",
            )
        except OSError as error:
            raise StageFailed(f"`{command[0]}` cannot be started: {error.strerror}") from error
        lines: list[str] = []
        assert process.stdout is not None
        with process:
            for line in process.stdout:
                self.write(line)
                lines.append(line.rstrip())
                if show:
                    print(f"      {line.rstrip()}", file=sys.stderr, flush=True)
        if process.returncode != 0:
            tail = "\n".join(f"      {line}" for line in [line for line in lines if line.strip()][-12:])
            raise StageFailed(f"`{' '.join(command)[:120]}` ended with {process.returncode}:\n{tail}")
        return "\n".join(lines)


Stage = tuple[str, str, Callable[[Log], str]]


def run_stages(stages: Sequence[Stage], log: Log) -> int:
    """Run stages `(title, what it costs, work)` in order; return 0, or 1 after the first failure.

    A stage's work returns what it found or did, in a few words.
    """
    begin = time.monotonic()
    for number, (title, cost, work) in enumerate(stages, 1):
        head = f"[{number}/{len(stages)}] {title}"
        print(f"{head} … {cost}".rstrip(" …"), file=sys.stderr, flush=True)
        log.write(f"== {head}\n")
        started = time.monotonic()
        try:
            result = work(log)
        except StageFailed as failure:
            print(f"{head}: FAILED after {time.monotonic() - started:.0f} s", file=sys.stderr)
            print(f"      why: {failure.why}", file=sys.stderr)
            if failure.remedy:
                print(f"      what to do: {failure.remedy}", file=sys.stderr)
            print(f"      log: {os.path.relpath(log.path)}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print(f"{head}: interrupted; run the same command again to go on", file=sys.stderr)
            return 130
        print(f"{head}: {result}, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(f"done in {time.monotonic() - begin:.0f} s", file=sys.stderr)
    return 0
