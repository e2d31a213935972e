"""The clone's virtual environment: the locked requirements, by hash, and the project itself. Standard library only."""

from __future__ import annotations

import hashlib
import shutil
import sys

from environment import ROOT, VENV
from progress import Log, StageFailed


def wanted() -> str:
    """Return the digest of all that the environment is made from, its own place and interpreter included."""
    total = hashlib.sha256()
    for name in ("requirements.txt", "pyproject.toml"):
        total.update((ROOT / name).read_bytes())
    total.update(f"{VENV}\n{sys.version}".encode())
    return total.hexdigest()


def ready() -> bool:
    """Say whether the environment is there and of today's requirements."""
    stamp = VENV / "installed"
    return (VENV / "bin" / "python").exists() and stamp.exists() and stamp.read_text() == wanted()


def install(log: Log) -> str:
    """Make or bring up to date the environment; one that was left half-way is made anew."""
    if ready():
        return "all there"
    stamp = VENV / "installed"
    if not (VENV / "bin" / "python").exists() or not stamp.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        # Never the environment's own interpreter, which was just removed (`make up` from an activated shell).
        log.run([sys._base_executable, "-m", "venv", str(VENV)])  # type: ignore[attr-defined]  # noqa: SLF001 - no public name
    stamp.unlink(missing_ok=True)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    try:
        log.run([*pip, "--require-hashes", "-r", "requirements.txt"], cwd=ROOT)
        log.run([*pip, "--no-deps", "--no-build-isolation", "-e", "."], cwd=ROOT)
    except StageFailed as failure:
        remedy = "check that pip reaches its package index (`python3 -m pip download pip`) and run again"
        raise StageFailed(
            f"the locked requirements cannot be installed ({failure.why})", remedy, failure.tail
        ) from failure
    stamp.write_text(wanted())
    return "installed"
