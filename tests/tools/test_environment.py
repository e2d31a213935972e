"""`. ./activate` makes plain commands work in bash and zsh, and `deactivate` leaves no trace."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

REPORT = "env | LC_ALL=C sort"


def _shell(shell: str, script: str, clone: Path) -> list[str]:
    """Return the lines that a shell prints, started with a small environment."""
    path = shutil.which(shell)
    assert path is not None, f"{shell} is not installed; `make test` installs it (tools/packages.json)"
    env = {"PATH": os.environ["PATH"], "HOME": str(clone), "PULUMI_HOME": "/before"}
    options = ["--norc"] if shell == "bash" else ["-f"]
    done = subprocess.run(
        [path, *options, "-c", script], cwd=clone, env=env, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_commands_come_from_the_clone(shell: str, clone: Path) -> None:
    """After sourcing, the commands are the clone's and Pulumi works on its private backend."""
    lines = _shell(
        shell, ". ./activate; command -v twin ansible-playbook; pulumi version; echo $PULUMI_BACKEND_URL", clone
    )
    assert lines == [
        f"{clone}/.venv/bin/twin",
        f"{clone}/.venv/bin/ansible-playbook",
        "v3.259.0",
        f"file://{clone}/.state/pulumi",
    ]


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_deactivate_puts_everything_back(shell: str, clone: Path) -> None:
    """The environment afterwards is the one before, also after sourcing twice, and set variables keep their values."""
    script = f"{REPORT}; echo ----; . ./activate; . ./activate; deactivate; {REPORT}"
    text = "\n".join(line for line in _shell(shell, script, clone) if not line.startswith(("_=", "OLDPWD=")))
    before, after = text.split("\n----\n")
    assert before == after
    assert "PULUMI_HOME=/before" in after


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_nothing_set_up_is_one_line(shell: str, clone: Path) -> None:
    """In a fresh clone `activate` says what to run first."""
    (clone / ".venv").unlink()
    assert _shell(shell, ". ./activate 2>&1; echo $?", clone) == [
        "nothing is set up in this clone: run `make up` first (`make venv` for a machine without a lab)",
        "2",
    ]


def test_state_is_private_and_the_passphrase_made_once(clone: Path) -> None:
    """The folder that holds state and passphrase is its owner's alone, and the passphrase never changes by itself."""
    _shell("bash", ". ./activate", clone)
    state = clone / ".state"
    passphrase = (state / "passphrase").read_text()
    assert len(passphrase) > 40
    _shell("bash", ". ./activate", clone)
    assert (state / "passphrase").read_text() == passphrase
    assert stat.S_IMODE((state / "passphrase").stat().st_mode) == 0o600
    assert stat.S_IMODE((state / "pulumi").stat().st_mode) == 0o700
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
