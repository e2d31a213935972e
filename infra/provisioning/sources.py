"""What a host's provisioning hangs on, as digests: the playbooks, the application's code, the host's variables."""

from __future__ import annotations

import hashlib
import json
import os
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
    """Return the environment for Ansible and its inventory: the clone's own tools first, the estate by variable."""
    tools = str(Path(sys.executable).parent)
    env = {
        **os.environ,
        "PATH": os.pathsep.join([tools, os.environ.get("PATH", os.defpath)]),
        "MUNICIPAL_TWIN_ESTATE": estate,
        "MUNICIPAL_TWIN_SET": json.dumps(list(overrides)),
    }
    env["ANSIBLE_NOCOLOR"] = "1"
    env.setdefault("ANSIBLE_CONFIG", str(ROOT / "playbooks" / "ansible.cfg"))
    if connections is not None:
        env["MUNICIPAL_TWIN_CONNECTIONS"] = str(connections)
    return env


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
