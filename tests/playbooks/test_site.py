"""The playbook as Ansible reads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MITOGEN = next((Path(sys.prefix) / "lib").glob("python3*/site-packages/ansible_mitogen/plugins/strategy"), None)


@pytest.mark.parametrize("strategy", ["linear", "mitogen_linear"])
def test_playbook_is_read(strategy: str) -> None:
    """`site.yml` with its roles is sound for Ansible with the stock strategy and with Mitogen's."""
    if strategy.startswith("mitogen") and MITOGEN is None:
        pytest.skip("Mitogen is not installed")
    environment = {
        **os.environ,
        "ANSIBLE_CONFIG": str(ROOT / "playbooks" / "ansible.cfg"),
        "ANSIBLE_STRATEGY": strategy,
        "ANSIBLE_STRATEGY_PLUGINS": str(MITOGEN or ""),
    }
    for name in ("MUNICIPAL_TWIN_CONNECTIONS", "MUNICIPAL_TWIN_SET", "MUNICIPAL_TWIN_ESTATE"):
        environment.pop(name, None)
    command = [
        str(Path(sys.prefix) / "bin" / "ansible-playbook"), "-i", str(ROOT / "playbooks" / "hosts.py"),
        str(ROOT / "playbooks" / "site.yml"), "--syntax-check",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
