"""What this host lacks for a lab, one clear line each; what it merely cannot realise is in `limits.py`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from infra.targets.lab import host
from infra.targets.lab.podman import unified_cgroups
from infra.targets.target import TargetError

_LEAST_DISK_BYTES = 1 * 2**30
_STORAGE = Path("/var/lib/containers")
_PACKAGES = {"podman": "podman", "ip": "iproute2", "tc": "iproute2", "nsenter": "util-linux", "sysctl": "procps"}


def surroundings() -> list[str]:
    """Return what is missing or too small, each with what to do; nothing where a lab can stand."""
    if os.geteuid() != 0:
        return ["Not root: network namespaces and containers need it; run the command with sudo."]
    missing = sorted({package for command, package in _PACKAGES.items() if not shutil.which(command)})
    if missing:
        return [f"Not installed: {', '.join(missing)}; `make setup` (or apt-get install) brings them."]
    return [*_namespaces(), *_runtime(), *_podman(), *_disk()]


def _namespaces() -> list[str]:
    done = host.run(
        ["unshare", "--net", "ip", "link", "add", "dev", "p", "type", "veth", "peer", "name", "q"], check=False
    )
    if done.returncode == 0:
        return []
    return [f"This kernel makes no network namespaces with virtual links: {done.stderr.strip()}."]


def _runtime() -> list[str]:
    if unified_cgroups() or shutil.which("runc"):
        return []
    return [
        "This host has control groups of the first version, on which only runc starts systemd: apt-get install runc."
    ]


def _podman() -> list[str]:
    try:
        done = host.run(["podman", "version", "--format", "{{.Client.Version}}"], check=False)
    except TargetError as error:
        return [str(error)]
    return [] if done.returncode == 0 else [f"Podman does not work: {done.stderr.strip().splitlines()[-1:]}."]


def _disk() -> list[str]:
    folder = _STORAGE if _STORAGE.exists() else Path("/var/lib")
    free = shutil.disk_usage(folder).free
    if free >= _LEAST_DISK_BYTES:
        return []
    return [
        f"The disk of {folder} is full: {free / 2**20:.0f} MiB free, a lab needs {_LEAST_DISK_BYTES / 2**20:.0f} MiB."
    ]
