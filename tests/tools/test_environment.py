"""`. ./activate` makes plain commands work in bash and zsh, and `deactivate` leaves no trace."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REPORT = "env | LC_ALL=C sort"


def _shell(shell: str, script: str, clone: Path, **more: str) -> list[str]:
    """Return the lines that a shell prints, started with a small environment."""
    path = shutil.which(shell)
    assert path is not None, f"{shell} is not installed; `make test` installs it (tools/packages.json)"
    env = {"PATH": os.environ["PATH"], "HOME": str(clone), "PULUMI_HOME": "/before", **more}
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
        f"file://{clone}/.state/pulumi?metadata=skip",
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


@pytest.mark.parametrize("variables", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LANG": "no_SUCH.eucJP"}])
def test_ansible_works_whatever_the_locale(variables: dict[str, str], clone: Path) -> None:
    """Where the locale is not UTF-8 or not installed `ansible-playbook` by hand gets one; `deactivate` puts it back."""
    script = ". ./activate; ansible-playbook --version | head -n 1; echo $LC_ALL; deactivate; echo $LC_ALL"
    first, during, after = _shell("bash", script, clone, **variables)
    assert first.startswith("ansible-playbook [core ")
    assert (during, after) == ("C.UTF-8", variables.get("LC_ALL", ""))


@pytest.mark.parametrize("variables", [{"LC_ALL": "C.UTF-8"}, {"LANG": "C.UTF-8"}, {"LC_CTYPE": "C.UTF-8"}])
def test_utf8_locale_stays(variables: dict[str, str], clone: Path) -> None:
    """A caller's locale that is UTF-8 is left as it is."""
    lines = _shell("bash", ". ./activate; env | grep -E '^(LC_|LANG=)'", clone, **variables)
    assert lines == [f"{name}={value}" for name, value in variables.items()]


@pytest.mark.parametrize("name", ["C", "POSIX"])
def test_japanese_is_shown_and_kept_in_any_locale(name: str, in_clone: Callable[..., Any], clone: Path) -> None:
    """`make up` shows and logs Japanese lines of its commands, and takes Japanese settings, where the locale is C."""
    text = (
        "import pathlib, stack, progress\n"
        "stack.SETTINGS.write_text('\\u540d: \\u5e83\\u57df', encoding='utf-8')\n"
        "log = progress.Log(pathlib.Path('logs'), 'test')\n"
        "log.run(['printf', r'\\345\\257\\214\\345\\243\\253'], show=True)\n"
        "log.say(stack._settled({}))"
    )
    done = in_clone(text, "env", "-u", "LANG", f"LC_ALL={name}")
    assert done.returncode == 0, done.stderr
    (log,) = (clone / "logs").iterdir()
    assert all(word in place for word in ("富士", "名: 広域") for place in (log.read_text("utf-8"), done.stderr))


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
