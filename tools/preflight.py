"""What this machine lacks or is too small for, before anything is changed. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MIN_MEMORY_GIB = 4
MIN_DISK_GIB = 8
MIN_FILES = 1024
CLONE_NEWNET = 0x40000000


@dataclass(frozen=True)
class Finding:
    """One thing that is missing: `fatal` ones stop the run; each has one line of what to do."""

    what: str
    remedy: str
    fatal: bool = True


def machine_findings(root: Path) -> list[Finding]:
    """Return what a lab on this machine would stumble over."""
    return [
        finding
        for check in (_root, _python, _commands, _system, _memory, lambda: _disk(root), _limits, _namespaces, _tun)
        if (finding := check()) is not None
    ]


def _root() -> Finding | None:
    if os.geteuid() == 0:
        return None
    return Finding(
        "you are not root: the lab needs network namespaces and containers",
        "run `sudo make up`; drawings, simulation and gate work without root (`. ./activate; twin --help`)",
    )


def _python() -> Finding | None:
    if sys.version_info >= (3, 11):
        return None
    return Finding(f"Python is {sys.version.split()[0]}", "install Python 3.11 or later (apt install python3)")


def _commands() -> Finding | None:
    missing = [name for name in ("git", "make") if shutil.which(name) is None]
    if shutil.which("pulumi") is None and shutil.which("go") is None:
        missing.append("go (or an installed pulumi)")
    if not missing:
        return None
    return Finding(f"not installed: {', '.join(missing)}", "install them (apt install git make golang-go) and run again")


def _system() -> Finding | None:
    if shutil.which("apt-get"):
        return None
    return Finding("no apt-get: this is not a Debian system", "use Debian 12 or 13; other systems are not tested")


def _memory() -> Finding | None:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    if pages >= MIN_MEMORY_GIB:
        return None
    return Finding(f"{pages:.1f} GiB of memory", f"the lab needs {MIN_MEMORY_GIB} GiB")


def _disk(root: Path) -> Finding | None:
    for folder in (root, Path("/var/lib")):
        free = shutil.disk_usage(folder).free / 2**30
        if free < MIN_DISK_GIB:
            return Finding(
                f"{free:.1f} GiB free on the disk of {'this clone' if folder == root else folder}",
                f"free some space: images, toolchain and databases need {MIN_DISK_GIB} GiB",
            )
    return None


def _limits() -> Finding | None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard >= MIN_FILES:
        return None
    return Finding(f"at most {hard} open files ({soft} now)", f"raise the limit to {MIN_FILES} (ulimit -n)")


def _namespaces() -> Finding | None:
    """Try to make a network namespace in a child process that ends at once."""
    if os.geteuid() != 0:
        return None
    code = (
        "import ctypes,os,sys; libc=ctypes.CDLL(None,use_errno=True);"
        f"sys.exit(0 if libc.unshare({CLONE_NEWNET})==0 else ctypes.get_errno())"
    )
    result = subprocess.run([sys.executable, "-c", code], check=False)
    if result.returncode == 0:
        return None
    return Finding(
        f"this kernel makes no network namespaces ({os.strerror(result.returncode)})",
        "use a machine or container with CAP_SYS_ADMIN and CONFIG_NET_NS",
    )


def _tun() -> Finding | None:
    if Path("/dev/net/tun").exists():
        return None
    return Finding("no /dev/net/tun: tunnels cannot be made in user space", "modprobe tun", fatal=False)


