"""The Debian packages that this project needs on the host: which are missing, why, and their installation.

Names and reasons are in packages.json: group `lab` for `make up`, group `tests` for `make test`. Standard library only.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from environment import ROOT
from progress import Log, StageFailed

LISTS = ROOT / "tools" / "packages.json"
OPTIONS = ("-q", "-o", "DPkg::Lock::Timeout=300")


def missing(groups: Sequence[str]) -> dict[str, str]:
    """Return the packages of these groups that are not installed, each with its reason."""
    lists = json.loads(LISTS.read_text(encoding="utf-8"))
    wanted = {name: reason for group in groups for name, reason in lists[group].items()}
    if importlib.util.find_spec("ensurepip") is None:
        wanted["python3-venv"] = "makes the project's virtual environment"
    command = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n"]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return wanted
    present = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return {name: reason for name, reason in wanted.items() if name not in present}


def install(log: Log, groups: Sequence[str]) -> str:
    """Install what is missing; an installation that was torn off is completed first."""
    names = missing(groups)
    if not names:
        return "all there"
    if shutil.which("apt-get") is None:
        raise StageFailed(f"not installed, and there is no apt-get: {', '.join(names)}", "install them by hand")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "l"}
    try:
        if any(Path("/var/lib/dpkg/updates").glob("*")):
            log.run(["dpkg", "--configure", "-a"], env=env, outlive=True)
        log.run(["apt-get", *OPTIONS, "update"], env=env, outlive=True)
        log.run(["apt-get", *OPTIONS, "-y", "--no-install-recommends", "install", *names], env=env, outlive=True)
    except StageFailed as failure:
        raise StageFailed(
            f"cannot be installed: {', '.join(names)} ({failure.why})",
            "check this machine's package sources (`apt-get update`) and run again",
            failure.tail,
        ) from failure
    return f"{len(names)} installed"
