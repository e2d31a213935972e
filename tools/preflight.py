"""What this machine lacks or is too small for, looked at before anything is changed. Standard library only.

Each check returns one finding, or None where all is well. What the kernel can do is kernel_features.py's.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pulumi_command
from environment import ROOT, STATE, VENV, cache_folder

MEMORY_GIB = 4
FREE_GIB = 1  # for the databases and logs of a lab that is set up
VENV_GIB = 1.2
TOOLCHAIN_GIB = 5  # with what the Go command keeps of the modules and objects
IMAGES_GIB = 4
OPEN_FILES = 16384
INOTIFY_INSTANCES = 128  # systemd takes five in each node
CONTAINERS = Path("/var/lib/containers")


@dataclass(frozen=True)
class Finding:
    """One thing that is missing and what to do, a line each; `fatal` ones stop the run."""

    what: str
    remedy: str
    fatal: bool = True


Check = Callable[[], "Finding | None"]  # in quotes: an older Python must come as far as saying so


def findings(*, lab: bool) -> list[Finding]:
    """Return what a lab, or the commands that need none, would stumble over on this machine."""
    checks: list[Check] = [python, commands, go_version, lambda: disk(needed_gib(lab=lab))]
    if lab:
        checks = [root, debian, *checks, memory, open_files, inotify, cgroups]
    return [finding for check in checks if (finding := check()) is not None]


def root() -> Finding | None:
    """The lab makes namespaces and containers, which is root's to do."""
    if os.geteuid() == 0:
        return None
    return Finding(
        "you are not root: the lab needs network namespaces and containers",
        "run it as root (`sudo make up`); drawings, simulation and gate need no root: `make venv`, then `. ./activate`",
    )


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding | None:
    """The project needs Python 3.11."""
    if version[:2] >= (3, 11):
        return None
    return Finding(f"Python is {version[0]}.{version[1]}", "install Python 3.11 or later and say `make up PYTHON=…`")


def commands() -> Finding | None:
    """Git and make come with the machine, and Go where there is no Pulumi command yet."""
    missing = [name for name in ("git", "make") if shutil.which(name) is None]
    if pulumi_command.to_be_built() and shutil.which("go") is None:
        missing.append("go (or pulumi 3.259 or later with its Python language host)")
    if not missing:
        return None
    return Finding(
        f"not installed: {', '.join(missing)}", "install what is missing, for example with apt, and run again"
    )


def go_version() -> Finding | None:
    """The Pulumi command's modules ask for a Go that is new enough; Go 1.21 and later can fetch a newer one itself."""
    if not pulumi_command.to_be_built() or shutil.which("go") is None:
        return None
    stated = re.search(r"^go (\S+)$", (ROOT / "tools" / "pulumi" / "go.mod").read_text(), re.MULTILINE)
    shown = subprocess.run(["go", "version"], capture_output=True, text=True, check=False, cwd="/").stdout
    found = re.search(r"go(\d+)\.(\d+)(?:\.(\d+))?", shown)
    assert stated is not None
    wanted = tuple(map(int, stated[1].split(".")))
    present = tuple(int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    if present >= wanted:
        return None
    what = f"Go is {'.'.join(map(str, present))}, and building the Pulumi command takes {stated[1]}"
    if present >= (1, 21, 0):
        return Finding(what, "Go will fetch the newer one as a module", fatal=False)
    return Finding(what, f"install Go {stated[1]} or later, or pulumi 3.259 or later with its Python language host")


def debian() -> Finding | None:
    """Packages and images come through apt."""
    if shutil.which("apt-get"):
        return None
    return Finding("no apt-get: this is not a Debian system", "use Debian 12 or 13; the lab is tested on no other")


def memory(present_gib: float | None = None) -> Finding | None:
    """The nodes of the lab and one Ansible run need their memory."""
    if present_gib is None:
        present_gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    if present_gib >= MEMORY_GIB * 0.95:  # a machine sold with 4 GiB shows less
        return None
    return Finding(f"{present_gib:.1f} GiB of memory", f"the lab needs {MEMORY_GIB} GiB: take a larger machine")


def needed_gib(*, lab: bool) -> dict[Path, float]:
    """Return how much each place still needs, by what is not there yet."""
    needed = {STATE.parent: FREE_GIB + (0 if (VENV / "installed").exists() else VENV_GIB)}
    if pulumi_command.to_be_built():
        needed[cache_folder()] = TOOLCHAIN_GIB
    if lab and os.geteuid() == 0:
        needed[CONTAINERS] = FREE_GIB + (0 if (CONTAINERS / "storage" / "overlay-images").exists() else IMAGES_GIB)
    return needed


def disk(needed: dict[Path, float], usage: Callable[[Path], int] | None = None) -> Finding | None:
    """Every disk holds what will be put on it, summed over the places that share it."""
    by_disk: dict[int, list[Path]] = {}
    for place in needed:
        there = next(folder for folder in (place, *place.parents) if folder.exists())
        by_disk.setdefault(there.stat().st_dev, []).append(place)
    for places in by_disk.values():
        there = next(folder for folder in (places[0], *places[0].parents) if folder.exists())
        free = (usage(there) if usage else shutil.disk_usage(there).free) / 2**30
        wanted = sum(needed[place] for place in places)
        if free < wanted:
            return Finding(
                f"the disk of {', '.join(map(str, places))} has {free:.1f} GiB free, and {wanted:.1f} GiB are needed",
                "free some space there and run again",
            )
    return None


def open_files() -> Finding | None:
    """Nodes are given a limit of open files, which the host's own must allow."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard == resource.RLIM_INFINITY or hard >= OPEN_FILES:
        return None
    return Finding(
        f"at most {hard} open files in a process", f"raise the limit to {OPEN_FILES} (`ulimit -Hn {OPEN_FILES}`)"
    )


def inotify(setting: Path = Path("/proc/sys/fs/inotify/max_user_instances")) -> Finding | None:
    """Each node's systemd watches files, and all nodes share the host's allowance."""
    if not setting.exists() or (present := int(setting.read_text())) >= INOTIFY_INSTANCES:
        return None
    return Finding(
        f"fs.inotify.max_user_instances is {present}: not every node could boot",
        f"sysctl -w fs.inotify.max_user_instances={INOTIFY_INSTANCES}",
    )


def cgroups(mount: Path = Path("/sys/fs/cgroup")) -> Finding | None:
    """The nodes run systemd, which needs the unified or the hybrid hierarchy."""
    if (mount / "cgroup.controllers").exists() or (mount / "systemd").is_dir():
        return None
    return Finding(f"no cgroup hierarchy under {mount}: the nodes' systemd cannot start", "use a machine with systemd")
