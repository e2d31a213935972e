"""The plugin starts and ends quickly: it does both twice in every preview."""

from __future__ import annotations

import signal
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


def test_end_is_quick_and_silent() -> None:
    """Asked to end as the engine asks, the plugin ends at once and says nothing; the engine would show it."""
    command = [sys.executable, "-m", "infra.provider.server", "127.0.0.1:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as plugin:
        assert plugin.stdout is not None and plugin.stderr is not None
        assert plugin.stdout.readline().strip().isdigit()
        plugin.send_signal(signal.SIGINT)
        assert plugin.wait(10) == 0
        assert plugin.stderr.read() == ""
