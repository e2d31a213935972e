"""One run of a playbook: events become progress, failures are gathered with host, task and words.

ansible-runner itself is at work in a process of its own (`playbook_process.py`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from infra.errors import Interrupted, ProvisioningFailed
from infra.provisioning.ending import LastLines, ending
from infra.provisioning.redaction import Redaction
from infra.provisioning.sources import ROOT, playbook_environment

PLAYBOOK = ROOT / "playbooks" / "site.yml"
COMMANDS = Path(__file__).parent / "commands"
SHOWN_FAILURES = 10
PRIVATE = "ansible-"


@dataclasses.dataclass(frozen=True)
class Result:
    """What a run did: `host → (ok, changed)`, and how long it took."""

    hosts: dict[str, tuple[int, int]]
    duration_s: float

    def summary(self) -> str:
        """Return the result in one line."""
        changed = sum(count for _, count in self.hosts.values())
        return f"{len(self.hosts)} hosts, {changed} changes"


class _Events:
    """Takes ansible-runner's events one by one; `end` is the last of them."""

    def __init__(self, progress: Callable[[str], None], redact: Redaction, log: TextIO) -> None:
        self.failures: list[str] = []
        self.stats: dict[str, Any] = {}
        self.said = LastLines()
        self.end: dict[str, Any] | None = None
        self._progress = progress
        self._redact = redact
        self._log = log
        self._tasks = 0
        self._stop: Interrupted | None = None

    def take(self, event: dict[str, Any]) -> None:
        """Handle one event."""
        details = event.get("event_data") or {}
        if event.get("stdout"):
            said = self._redact(event["stdout"])
            self.said.take(said)
            self._log.write(said + "\n")
        kind = event.get("event")
        if kind == "playbook_on_task_start":
            self._tasks += 1
            self._show(f"task {self._tasks}: {details.get('play', '')}: {details.get('task', '')}")
        elif kind in ("runner_on_failed", "runner_on_unreachable") and not details.get("ignore_errors"):
            words = _message(details.get("res") or {}) or "no message"
            self.failures.append(self._redact(f"{details.get('host')}: {details.get('task')}: {words}"))
        elif kind == "playbook_on_stats":
            self.stats = details
        elif kind == "end":
            self.end = event

    def _show(self, text: str) -> None:
        try:
            self._progress(text)
        except Interrupted as stop:
            self._stop = stop

    def stopped(self) -> bool:
        """Whether the progress asked to stop."""
        return self._stop is not None


def _message(result: dict[str, Any]) -> str:
    """Return the words that say most about a failed task."""
    parts = [str(result.get(key) or "").strip() for key in ("msg", "stderr", "module_stderr", "stdout")]
    failed = [_message(item) for item in result.get("results") or [] if isinstance(item, dict) and item.get("failed")]
    words = " ".join(next((part for part in [*failed, *parts] if part), "").split())
    return words if len(words) <= 600 else words[:300] + " … " + words[-300:]


def play(
    estate: str,
    overrides: Sequence[str],
    hosts: Sequence[str],
    *,
    connections: Path | None,
    redact: Redaction,
    log_folder: Path,
    progress: Callable[[str], None],
) -> Result:
    """Run the playbook on `hosts`; raises ProvisioningFailed with every failed task, or Interrupted."""
    begun = time.monotonic()
    log_path = log_folder / "provisioning.log"
    env = playbook_environment(estate, overrides, connections)
    try:
        log_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with log_path.open("w", encoding="utf-8") as log:
            events = _Events(progress, redact, log)
            ended = _run(env, hosts, events, log_folder.parent)
            if ended and not events.failures:
                log.write(f"{ended}\n")
    except OSError as error:
        raise ProvisioningFailed(
            f"ansible-playbook could not be run or its log not be written: {error.filename or log_folder}: "
            f"{error.strerror}; mend that and run again"
        ) from error
    if events.stopped():
        raise Interrupted("provisioning stopped as asked between two tasks; run again to go on")
    if events.failures or ended:
        raise ProvisioningFailed(_failure(events, ended, log_path))
    stats = events.stats
    return Result(
        {host: (count, stats.get("changed", {}).get(host, 0)) for host, count in stats.get("ok", {}).items()},
        time.monotonic() - begun,
    )


def _run(env: dict[str, str], hosts: Sequence[str], events: _Events, folder: Path) -> str:
    """Run ansible-playbook, its own files below `folder`; return in words how it ended, nothing where all went well."""
    for left in folder.glob(f"{PRIVATE}*"):  # of runs that were killed; what they printed may hold secrets
        shutil.rmtree(left, ignore_errors=True)
    private = Path(tempfile.mkdtemp(prefix=PRIVATE, dir=folder))
    arguments = {
        "private_data_dir": str(private),
        "project_dir": str(PLAYBOOK.parent),
        "playbook": str(PLAYBOOK),
        "inventory": str(PLAYBOOK.parent / "hosts.py"),
        "limit": ",".join(hosts),
        "envvars": {**env, "PATH": f"{COMMANDS}{os.pathsep}{env['PATH']}"},
    }
    words = private / "words"
    try:
        code = _follow(arguments, events, words)
        events.take({"stdout": words.read_text(encoding="utf-8", errors="replace").rstrip()})
    finally:
        shutil.rmtree(private, ignore_errors=True)
    end = events.end or {"status": "torn off", "code": code}
    return "" if end["status"] == "successful" else ending(end["status"], end["code"])


def _follow(arguments: dict[str, Any], events: _Events, words: Path) -> int:
    """Let a process run the playbook and take its events as they come; what it says beside them goes to `words`."""
    with words.open("w", encoding="utf-8") as messages:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.provisioning.playbook_process"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=messages,
            encoding="utf-8",
        )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin:
                json.dump(arguments, process.stdin)
            for line in process.stdout:
                events.take(json.loads(line))
                if events.stopped():
                    process.terminate()
        except BaseException:
            process.kill()
            raise
    return process.returncode


def _failure(events: _Events, ended: str, log_path: Path) -> str:
    shown = events.failures[:SHOWN_FAILURES] or [f"{ended} before any task failed; {events.said}"]
    more = [f"and {len(events.failures) - SHOWN_FAILURES} more"] if len(events.failures) > SHOWN_FAILURES else []
    lines = "\n".join(f"  {line}" for line in [*shown, *more])
    return (
        f"provisioning failed:\n{lines}\nthe whole run is in .state/logs/{log_path.name}; mend the role or "
        "the node and run again: tasks that are done change nothing"
    )
