"""Stages say what they do, how long it took, and on failure which one, why, and what to do."""

from __future__ import annotations

import io
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import progress
import pytest
from progress import Log, Stage, StageFailed, run_stages

InClone = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def terminal() -> io.StringIO:
    """What a person sees."""
    return io.StringIO()


@pytest.fixture
def log(tmp_path: Path, terminal: io.StringIO) -> Log:
    """A run's log."""
    return Log(tmp_path / "logs", "test", terminal)


def test_each_stage_ends_in_one_line_with_its_time(log: Log, terminal: io.StringIO) -> None:
    """Number, title, seconds and result stand in one plain line without control characters."""
    stages: list[Stage] = [
        ("first", "about a year", lambda _log: "fine"),
        ("second", "", lambda log: log.run(["true"]) or "done"),
    ]
    assert run_stages(stages, log) == 0
    assert terminal.getvalue().splitlines() == ["[1/2] first … 0 s, fine", "[2/2] second … 0 s, done", "done in 0 s"]


def test_failure_names_stage_reason_remedy_and_log(log: Log, terminal: io.StringIO) -> None:
    """A failing stage stops the run with 1 and says everything that is needed."""

    def fail(log: Log) -> str:
        try:
            return log.run(["sh", "-c", "echo the disk is on fire; exit 3"])
        except StageFailed as failure:
            raise StageFailed(failure.why, "put it out", failure.tail) from failure

    stages: list[Stage] = [
        ("first", "", lambda _log: "fine"),
        ("burning", "", fail),
        ("never", "", lambda _log: "reached"),
    ]
    assert run_stages(stages, log) == 1
    assert terminal.getvalue().splitlines()[1:] == [
        "[2/3] burning: FAILED after 0 s",
        "      why: `sh -c echo the disk is on fire; exit 3` ended with 3",
        "        | the disk is on fire",
        "      what to do: put it out",
        f"      log: {os.path.relpath(log.path)}",
    ]


def test_log_keeps_everything_and_is_private(log: Log, terminal: io.StringIO) -> None:
    """What commands print is in the log, not on the terminal, and only the owner may read it."""
    log.run(["echo", "in the log alone"])
    log.run(["echo", "state with secrets"], keep=False)
    assert "in the log alone" in log.path.read_text()
    assert "\nstate with secrets" not in log.path.read_text()
    assert terminal.getvalue() == ""
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_silent_step_shows_that_it_lives(log: Log, terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that prints nothing shows its stage and the seconds that have gone by."""
    monkeypatch.setattr(progress, "HEARTBEAT_S", 1.0)
    run_stages([("slow", "about 3 s", lambda log: log.run(["sleep", "2.5"]) or "slept")], log)
    first, *between, last, _done = terminal.getvalue().splitlines()
    assert first == "[1/1] slow (about 3 s)"
    assert between[0] == "      … 1 s so far"
    assert re.fullmatch(r"\[1/1\] slow … [2-9] s, \S*", last)


def test_missing_command_is_said(log: Log) -> None:
    """A command that is not there is named."""
    with pytest.raises(StageFailed, match="`no-such-command` is not installed"):
        log.run(["no-such-command"])


def test_daemon_left_behind_does_not_hold_the_run(log: Log) -> None:
    """A child that keeps the pipe open does not keep a finished command waiting."""
    pid = int(log.run(["sh", "-c", "sleep 30 & echo $!"]))
    assert Path(f"/proc/{pid}/comm").read_text() == "sleep\n"
    os.kill(pid, signal.SIGTERM)


RUNNER = """
import progress, pathlib, sys
log = progress.Log(pathlib.Path("logs"), "killed")
sys.exit(progress.run_stages([("long", "", lambda log: log.run(["sh", "-c", {script!r}]))], log))
"""


def _start(clone: Path, script: str) -> subprocess.Popen[bytes]:
    text = "import sys; sys.path.insert(0, 'tools')\n" + RUNNER.format(script=script)
    runner = subprocess.Popen([sys.executable, "-c", text], cwd=clone, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while not (clone / "pid").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return runner


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def test_killed_run_takes_its_command_along(clone: Path) -> None:
    """After SIGKILL of the run nothing that it started goes on working."""
    runner = _start(clone, "echo $$ > pid; exec sleep 60")
    pid = int((clone / "pid").read_text())
    assert _runs(pid)
    runner.kill()
    runner.communicate()
    deadline = time.monotonic() + 5
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(pid)


def test_interrupt_lets_the_command_finish(clone: Path) -> None:
    """Ctrl-C reaches the running command, which may clean up, and the run says how to go on."""
    runner = _start(clone, "trap 'echo cleaned > cleaned; exit 1' INT; echo $$ > pid; while :; do sleep 0.1; done")
    runner.send_signal(signal.SIGINT)
    shown = runner.communicate(timeout=20)[1].decode()
    assert runner.returncode == 130
    assert "[1/1] long: interrupted; run the same command again to go on" in shown
    assert (clone / "cleaned").read_text() == "cleaned\n"
