"""Runs the checks of the running estate (`tests/lab`) as a pytest process and tells what they found."""

from __future__ import annotations

import dataclasses
import os
import re
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from pathlib import Path

from infra.errors import VerificationFailed

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "tests/lab"
SHOWN_FAILURES = 20
_LINE = re.compile(r"^(?:\S*/)?(\w+\.py::\S+) (PASSED|FAILED|SKIPPED|ERROR|XFAIL)\b.*?\[ *(\d+)[%/]")


@dataclasses.dataclass(frozen=True)
class Checked:
    """What a run of the checks found: how many passed and their names, `name → words` of failed and skipped ones."""

    passed: int
    failed: dict[str, str]
    skipped: dict[str, str]
    duration_s: float
    passed_names: tuple[str, ...] = ()

    def summary(self) -> str:
        """Return the result in one line."""
        tail = f", {len(self.skipped)} skipped" if self.skipped else ""
        return f"{self.passed} checks passed, {len(self.failed)} failed{tail}"


def run_checks(
    estate: str, overrides: Sequence[str], target: str, options: Sequence[str], progress: Callable[[str], None]
) -> Checked:
    """Run every check; `progress` is told of each and may raise to stop.

    Failed checks are in the result; raises VerificationFailed only where pytest itself could not run.
    """
    with tempfile.TemporaryDirectory(prefix="verification-") as folder:
        report = Path(folder) / "report.xml"
        command = [
            *(sys.executable, "-m", "pytest", FOLDER, "--running", f"--estate={estate}", f"--target={target}"),
            *(f"--set={override}" for override in overrides),
            *options,
            *("-v", "--tb=short", "-p", "no:cacheprovider", f"--junit-xml={report}", "--color=no"),
        ]
        tail = _follow(command, progress)
        if not report.exists():
            raise VerificationFailed("the checks could not run:\n" + "\n".join(f"  {line}" for line in tail))
        return _read(report)


def _follow(command: Sequence[str], progress: Callable[[str], None]) -> list[str]:
    """Run pytest in a session of its own, tell of each check, and return its last lines."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    lines: list[str] = []
    done = 0
    try:
        for line in process.stdout or ():
            lines = [*lines[-30:], line.rstrip()]
            found = _LINE.match(line)
            if found:
                done += 1
                if done % 10 == 1 or found[2] in ("FAILED", "ERROR"):
                    progress(f"check {done} ({found[3]} %): {found[1]} {found[2].lower()}")
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        raise
    finally:
        process.wait(timeout=30)
    return lines


def _read(report: Path) -> Checked:
    root = ET.parse(report).getroot()  # noqa: S314 - written by our own pytest process
    passed: list[str] = []
    duration_s = 0.0
    failed: dict[str, str] = {}
    skipped: dict[str, str] = {}
    for case in root.iter("testcase"):
        name = f"{case.get('classname', '').rsplit('.', 1)[-1]}::{case.get('name')}"
        duration_s += float(case.get("time", 0))
        bad = next((item for kind in ("failure", "error") for item in case.findall(kind)), None)
        skip = case.find("skipped")
        if bad is not None:
            failed[name] = _first_line(bad.get("message") or bad.text or "")
        elif skip is not None:
            skipped[name] = _first_line(skip.get("message") or "")
        else:
            passed.append(name)
    return Checked(len(passed), failed, skipped, duration_s, tuple(passed))


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 300 else line[:300] + " …"


def raise_on_failure(found: Checked) -> None:
    """Raise VerificationFailed with the names of the failed checks, if any failed, or if none ran."""
    if not found.failed and found.passed:
        return
    shown = [f"  {name}: {words}" for name, words in list(found.failed.items())[:SHOWN_FAILURES]]
    if len(found.failed) > SHOWN_FAILURES:
        shown.append(f"  and {len(found.failed) - SHOWN_FAILURES} more")
    head = f"verification failed: {found.summary()}"
    raise VerificationFailed("\n".join([head, *shown, "`twin verify` runs them again alone"]))
