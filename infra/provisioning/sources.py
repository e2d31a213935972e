"""What a host's provisioning hangs on, as digests: the playbooks, the application's code, the host's variables."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from infra.plan import digest_of

ROOT = Path(__file__).resolve().parent.parent.parent
APPLICATION_ROLES = ("application", "database")
_LEFT_OUT = {"__pycache__", ".pytest_cache", ".ruff_cache"}


def tree_digest(folders: Iterable[Path]) -> str:
    """Return the SHA-256 of all files in folders: relative names and contents, caches left out."""
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not _LEFT_OUT.intersection(path.parts) and path.suffix != ".pyc":
                total.update(f"{path.relative_to(folder).as_posix()}\0".encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def playbook_environment(estate: str, overrides: Iterable[str], connections: Path | None = None) -> dict[str, str]:
    """Return the environment for Ansible and its inventory: the clone's own tools first, the estate by variable.

    The locale is the caller's where Ansible can work with it, else C.UTF-8.
    """
    tools = str(Path(sys.executable).parent)
    env = {
        **os.environ,
        "PATH": os.pathsep.join([tools, os.environ.get("PATH", os.defpath)]),
        "MUNICIPAL_TWIN_ESTATE": estate,
        "MUNICIPAL_TWIN_SET": json.dumps(list(overrides)),
    }
    env["ANSIBLE_NOCOLOR"] = "1"
    if not _locale_fits():
        env["LC_ALL"] = "C.UTF-8"
    env.setdefault("ANSIBLE_CONFIG", str(ROOT / "playbooks" / "ansible.cfg"))
    if connections is not None:
        env["MUNICIPAL_TWIN_CONNECTIONS"] = str(connections)
    return env


def _locale_fits() -> bool:
    """Try the locale as Ansible does, in a process of its own: it is the whole process's, and others work in this."""
    probe = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.nl_langinfo(locale.CODESET))"
    done = subprocess.run([sys.executable, "-P", "-S", "-c", probe], capture_output=True, check=False)
    return done.stdout.strip() == b"UTF-8"


def host_digests(variables: dict[str, Any], plan_nodes: dict[str, Any], secrets: Any) -> dict[str, str]:
    """Return `host → digest` over its variables, its node's spec, what secrets are made of, and its service's code."""
    application = tree_digest([ROOT / "apps"])
    return {
        node: digest_of(
            {
                "variables": variables.get(node, {}),
                "node": spec,
                "secrets": secrets,
                "application": application if spec["role"] in APPLICATION_ROLES else "",
            }
        )
        for node, spec in plan_nodes.items()
    }
