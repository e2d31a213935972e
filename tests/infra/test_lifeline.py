"""The plugin and its children die with the engine, also when the engine is killed without a word."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_PLUGIN = """
import os, subprocess, sys, time
from infra import lifeline
lifeline.arm()
child = subprocess.Popen(["sleep", "300"], start_new_session=True, stdout=subprocess.DEVNULL)
print(os.getpid(), child.pid, flush=True)
time.sleep(300)
"""
_ENGINE = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]], start_new_session=True)"


def _gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_killed_engine_leaves_neither_plugin_nor_its_children() -> None:
    """SIGKILL to the engine ends the plugin and a child that it put into a session of its own."""
    engine = subprocess.Popen([sys.executable, "-c", _ENGINE, _PLUGIN], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    plugin, child = map(int, engine.stdout.readline().split())
    try:
        engine.kill()
        engine.wait()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not (_gone(plugin) and _gone(child)):
            time.sleep(0.02)
        assert _gone(plugin) and _gone(child)
    finally:
        for pid in (plugin, child):
            if not _gone(pid):
                os.kill(pid, signal.SIGKILL)


def test_plugin_outlives_a_signal_while_its_engine_lives() -> None:
    """The kernel also signals when only a thread of the engine ends; then the plugin goes on."""
    script = _PLUGIN.replace(
        "time.sleep(300)", "os.kill(os.getpid(), lifeline._SIGNAL); print('alive', flush=True); child.kill()"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert shown.stdout.splitlines()[-1] == "alive"
