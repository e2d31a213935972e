"""Asks git about the files of an estate or of the project."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

TIMEOUT_S = 60


def git(folder: Path, *arguments: str) -> bytes | None:
    """Return what a git command prints, run in a folder; None where there is no git, no repository, or it fails."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False, timeout=TIMEOUT_S)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def last_commit_day(folder: Path) -> dt.date | None:
    """Return the day (UTC) of the last commit that touched a folder; None where there is none."""
    shown = git(folder.resolve(), "log", "-1", "--format=%cI", "--", ".")
    text = (shown or b"").decode().strip()
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC).date() if text else None
