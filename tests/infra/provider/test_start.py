"""The plugin starts quickly: it is started twice in every preview."""

from __future__ import annotations

import subprocess
import sys

LOADED = """
import sys
import infra.provider.server
from infra.provider.registry import handler_for, tokens
for token in tokens():
    handler_for(token)
import infra.targets.open
import infra.targets.lab.target
print(*{name.partition(".")[0] for name in sys.modules})
"""
SLOW = {"pydantic", "simulation", "cryptography", "numpy", "ansible_runner"}


def test_start_brings_neither_models_nor_libraries_of_single_operations() -> None:
    """The inventory's models take as long to build as everything else of the plugin's own."""
    shown = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert SLOW & set(shown.stdout.split()) == set()
