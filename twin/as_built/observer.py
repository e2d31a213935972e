"""Runs on a node as its root with the node's own Python: asks it what it is and prints one JSON object. Only looks.

Imports nothing of the project, for it is sent as text. What to look at comes as JSON on the standard input. The packet
filter that is declared is read by the node's own `nft` in a network namespace of its own, which ends at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

ALWAYS = {
    "links": ["ip", "-j", "-d", "address", "show"],
    "routes": ["ip", "-j", "-4", "route", "show", "table", "main"],
    "rules": ["ip", "-j", "-4", "rule", "show"],
    "sockets": ["ss", "-H", "-l", "-n", "-t", "-u"],
    "packages": ["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package} ${Version}\n"],
    "failed": ["systemctl", "list-units", "--failed", "--plain", "--no-legend"],
    "time_sources": ["chronyc", "-n", "-c", "sources"],
}
ROUTER = {
    "filter": ["nft", "-j", "list", "ruleset"],
    "ospf": ["vtysh", "-c", "show ip ospf json"],
    "ospf_interfaces": ["vtysh", "-c", "show ip ospf interface json"],
    "ospf_neighbours": ["vtysh", "-c", "show ip ospf neighbor json"],
    "bfd_peers": ["vtysh", "-c", "show bfd peers json"],
    "associations": ["swanctl", "--list-sas", "--raw"],
    "connections": ["swanctl", "--list-conns", "--raw"],
    "keepalived": ["cat", "/etc/keepalived/keepalived.conf"],
}
SETTINGS = (
    "SELECT lower(name) || '=' || current_setting(name) FROM pg_settings "
    "WHERE lower(name) = ANY (string_to_array('{}', ','))"
)
ACCOUNTS = "SELECT rolname || '=' || rolcanlogin FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%'"
# Where a file of the estate stands changes with every line put in above it; it says nothing about the node.
PLACE = re.compile(rb"[\w.-]+\.ya?ml:\d+")
# Stands in the filters where the address belongs that this node is reached from.
SSH_CLIENT = "SSH-CLIENT"


def said(command: list[str], stdin: str | None = None) -> str | None:
    """Return what a command printed, None where it failed or does not exist."""
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=30, check=False, cwd="/")
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def digest(content: bytes) -> str:
    """Return the digest of a file's content, places in the estate's files left out."""
    return hashlib.sha256(PLACE.sub(b"", content)).hexdigest()


def file_of(path: str) -> dict[str, str] | None:
    """Return mode and digest of a file, None where there is none."""
    try:
        return {"mode": f"{Path(path).stat().st_mode & 0o7777:04o}", "digest": digest(Path(path).read_bytes())}
    except OSError:
        return None


def certificate_of(path: str) -> str | None:
    """Return the SHA-256 fingerprint of the first certificate in a file, None where there is none."""
    try:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(Path(path).read_text())).hexdigest()
    except (OSError, ValueError):
        return None


def tree_of(folder: str) -> str | None:
    """Return the digest of a folder's files, what Python leaves behind left out; None where there is none."""
    root = Path(folder)
    found = sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    lines = [f"{p.relative_to(root).as_posix()} {hashlib.sha256(p.read_bytes()).hexdigest()}\n" for p in found]
    return hashlib.sha256("".join(lines).encode()).hexdigest() if found else None


def setting_of(key: str) -> str | None:
    """Return a kernel setting, None where this kernel has none of that name."""
    try:
        return Path("/proc/sys", *key.split(".")).read_text().strip()
    except OSError:
        return None


def memory_bytes() -> int:
    """Return what memory this system may use: its control group's limit, else what the machine has."""
    machine = next(int(size) * 1024 for size in re.findall(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text()))
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            machine = min(machine, int(Path(path).read_text()))
        except (OSError, ValueError):
            continue
    return machine


def backend() -> str:
    """Return who does ESP here: the kernel, unless strongSwan's own device is loaded."""
    path = Path("/etc/strongswan.d/municipal-twin.conf")
    loaded = path.exists() and re.search(r"kernel-libipsec \{\s*load = yes", path.read_text())
    return "userspace" if loaded else "kernel"


def declared_filter(texts: dict[str, str]) -> str | None:
    """Return how this node's own `nft` reads the filter that is declared, None where it cannot be tried here."""
    script = "nft --file - && nft -j list ruleset"
    text = texts.get(backend(), "").replace(SSH_CLIENT, os.environ.get("SSH_CLIENT", "").partition(" ")[0])
    return said(["unshare", "--net", "sh", "-c", script], stdin=text)


def database(names: list[str]) -> dict[str, str | None]:
    """Return settings and accounts of the database of this node, as lines `name=value`."""
    psql = ["runuser", "-u", "postgres", "--", "psql", "-X", "-A", "-t", "-q", "-d", "postgres", "-c"]
    return {
        "settings": said([*psql, SETTINGS.format(",".join(names))]),
        "accounts": said([*psql, ACCOUNTS]),
    }


def units_of(units: list[str]) -> dict[str, dict[str, str]]:
    """Return state, start at boot, user and additions of each unit."""
    shown = {}
    for unit in units:
        text = said(["systemctl", "show", "--property=ActiveState,UnitFileState,User,DropInPaths", unit]) or ""
        shown[unit] = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    return shown


def observe(asked: dict[str, Any]) -> dict[str, Any]:
    """Return everything that was asked about."""
    commands = {**ALWAYS, **(ROUTER if asked["router"] else {})}
    found: dict[str, Any] = {name: said(command) for name, command in commands.items()}
    found["declared_filter"] = declared_filter(asked["filters"]) if asked["router"] else None
    found["backend"] = backend()
    found["container"] = Path("/run/systemd/container").exists()
    found["memory_bytes"] = memory_bytes()
    found["release"] = Path("/etc/os-release").read_text()
    found["accounts"] = Path("/etc/passwd").read_text()
    found["logged_in"] = {name: os.environ.get(name, "") for name in ("SSH_CLIENT", "SUDO_USER")}
    found["settings"] = {key: setting_of(key) for key in asked["settings"]}
    found["units"] = units_of(asked["units"])
    found["files"] = {path: file_of(path) for path in asked["files"]}
    found["certificates"] = {path: certificate_of(path) for path in asked["certificates"]}
    found["trees"] = {path: tree_of(path) for path in asked["trees"]}
    found["database"] = database(asked["database"]) if asked["database"] else None
    return found


if __name__ == "__main__":
    json.dump(observe(json.load(sys.stdin)), sys.stdout)
