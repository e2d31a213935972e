"""Stages with times on the terminal and a log of all that their commands print. Standard library only."""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

HEARTBEAT_S = 30.0
KEPT_LOGS = 30
TAIL_LINES = 12


class StageFailed(Exception):
    """A stage could not be done: why in one line, what to do, and the last lines of the command that failed."""

    def __init__(self, why: str, remedy: str = "", tail: Sequence[str] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.remedy = remedy
        self.tail = tuple(tail)


class Log:
    """One run's log file and its lines on the terminal."""

    def __init__(self, folder: Path, name: str, terminal: TextIO | None = None) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}.log"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file = os.fdopen(descriptor, "a", encoding="utf-8")
        self.terminal = terminal or sys.stderr
        self._head = ""
        for old in sorted(folder.glob("*.log"))[:-KEPT_LOGS]:
            old.unlink(missing_ok=True)

    def write(self, text: str) -> None:
        """Append a line to the file at once."""
        self._file.write(f"{text}\n")
        self._file.flush()

    def begin(self, head: str) -> None:
        """Name the stage that begins; the terminal shows the name once there is something to see or to wait for."""
        self.write(head)
        self._head = head

    def show(self, text: str) -> None:
        """Show a line on the terminal alone, under the name of the present stage."""
        if self._head:
            print(self._head, file=self.terminal, flush=True)
            self._head = ""
        print(text, file=self.terminal, flush=True)

    def say(self, text: str) -> None:
        """Show a line under the present stage, and keep it."""
        self.write(text)
        self.show(f"      {text}")

    def end(self, *lines: str) -> None:
        """Show and keep how the present stage ended."""
        self._head = ""
        for line in lines:
            self.write(line)
            self.show(line)

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        show: bool = False,
        keep: bool = True,
        outlive: bool = False,
    ) -> str:
        """Run a command into the log and return what it printed; raises StageFailed where it fails.

        `show` puts its lines on the terminal too; without `keep` its output stays out of the log. A command ends with
        its starter, however that ends, unless it may `outlive` it (a package manager must not be torn off).
        """
        self.write(f"$ {' '.join(command)}")
        if shutil.which(command[0], path=(env or os.environ).get("PATH")) is None:
            raise StageFailed(f"`{command[0]}` is not installed")
        bound = [] if outlive or shutil.which("setpriv") is None else ["setpriv", "--pdeathsig", "KILL", "--"]
        process = subprocess.Popen(
            [*bound, *command],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,  # Ctrl-C reaches it once, from here: the second one makes Pulumi give up at once
        )
        try:
            lines = self._follow(process, show, keep)
        except KeyboardInterrupt:
            self._wait_after_interrupt(process)
            raise
        if process.wait() != 0:
            tail = [line for line in lines if line.strip()][-TAIL_LINES:]
            raise StageFailed(f"`{' '.join(command)[:120]}` ended with {process.returncode}", tail=tail)
        return "\n".join(lines)

    def _follow(self, process: subprocess.Popen[bytes], show: bool, keep: bool) -> list[str]:
        lines = []
        started = shown = time.monotonic()
        for line in read_lines(process):
            if line is None:
                if self._head:
                    head, self._head = self._head, ""
                    self.show(head)
                if time.monotonic() - shown >= HEARTBEAT_S:
                    shown = time.monotonic()
                    self.show(f"      … {shown - started:.0f} s so far")
                continue
            lines.append(line)
            if keep:
                self.write(line)
            if show:
                shown = time.monotonic()
                self.show(f"      {line}")
        return lines

    def _wait_after_interrupt(self, process: subprocess.Popen[bytes]) -> None:
        """Let an interrupted command finish in its own way; end it at the second interrupt."""
        self.show("      interrupted: waiting for the running step to end (once more to kill it)")
        try:
            os.killpg(process.pid, signal.SIGINT)
            for line in read_lines(process):
                if line is not None:
                    self.write(line)
            process.wait()
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def read_lines(process: subprocess.Popen[bytes]) -> Iterator[str | None]:
    """Yield a process's lines as they come, and None each second in which none came, until it has ended."""
    assert process.stdout is not None
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(timeout=1.0):
                if process.poll() is not None:
                    break  # a daemon that it left holds the pipe
                yield None
                continue
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                break
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield line.decode(errors="replace").rstrip()
    if rest:
        yield rest.decode(errors="replace").rstrip()


Stage = tuple[str, str, Callable[[Log], str]]


def run_stages(stages: Sequence[Stage], log: Log) -> int:
    """Run stages `(title, what the first time costs, work)` in order; return an exit code.

    A stage's work returns in a few words what it found or did. The code is 0, 1 after a failure, 130 when interrupted.
    """
    begin = time.monotonic()
    for number, (title, cost, work) in enumerate(stages, 1):
        head = f"[{number}/{len(stages)}] {title}"
        log.begin(f"{head}{f' ({cost})' if cost else ''}")
        started = time.monotonic()
        try:
            result = work(log)
        except StageFailed as failure:
            log.end(f"{head}: FAILED after {time.monotonic() - started:.0f} s", f"      why: {failure.why}")
            log.end(*(f"        | {line}" for line in failure.tail))
            if failure.remedy:
                log.end(f"      what to do: {failure.remedy}")
            log.end(f"      log: {os.path.relpath(log.path)}")
            return 1
        except KeyboardInterrupt:
            log.end(f"{head}: interrupted; run the same command again to go on")
            return 130
        log.end(f"{head} … {time.monotonic() - started:.0f} s, {result}")
    log.end(f"done in {time.monotonic() - begin:.0f} s")
    return 0
