"""How Ansible reaches a node of the lab: through its container, without a network."""

from __future__ import annotations

import os
from typing import Any


def connection_variables(container: str) -> dict[str, Any]:
    """Return the connection variables of a container: Mitogen where its strategy is chosen, else Podman."""
    mitogen = os.environ.get("ANSIBLE_STRATEGY", "").startswith("mitogen")
    return {
        "ansible_connection": "mitogen_podman" if mitogen else "containers.podman.podman",
        "ansible_host": container,
        "ansible_python_interpreter": "/usr/bin/python3",
    }
