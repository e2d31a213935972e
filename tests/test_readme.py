"""Every command in the README and in the guides of drills and evidence works as written.

A fenced `console` block holds commands after `$ `; a comment before it says what they need: `<!-- lab -->` a running
lab, `<!-- setup -->` a machine without the set-up. The latter are the goals that bring the lab up for the others here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.targets.target import Target

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "README.ja.md", "docs/guides/drills.md", "docs/guides/evidence.md")
BLOCK = re.compile(r"(?:<!-- (\w+) -->\n)?```console\n(.*?)```", re.DOTALL)
ENDS_WITH_1 = {"twin gate --set timers.bfd.enabled=false"}


def _commands(kind: str) -> list[str]:
    """Return the commands of one kind, each once, in the order of the pages."""
    found: dict[str, None] = {}
    for page in PAGES:
        for marked, block in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
            if (marked or "plain") == kind:
                found |= {line.removeprefix("$ "): None for line in block.splitlines() if line.startswith("$ ")}
    return list(found)


def _run(command: str, folder: Path, state: Path | None) -> subprocess.CompletedProcess[str]:
    """Run a command as a reader would, in a shell with the clone activated."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    if state is not None:
        environment["MUNICIPAL_TWIN_STATE"] = str(state)
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=600
    )


def test_pages_hold_commands_of_each_kind() -> None:
    """The pages were read: there are commands that need nothing, some that need the lab, and the two first ones."""
    assert len(_commands("plain")) >= 8
    assert len(_commands("lab")) >= 6
    assert _commands("setup") == ["make up", "make test"]


def test_readmes_show_the_same_commands() -> None:
    """The Japanese page is the English one in another language: the same commands in the same order."""
    shown = [
        [block for _, block in BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))]
        for page in ("README.md", "README.ja.md")
    ]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("command", _commands("plain"))
def test_command_works_without_the_lab(command: str, tmp_path: Path) -> None:
    """A command of the pages does what the page says, with a private folder of its own."""
    done = _run(command, tmp_path, tmp_path / "state")
    assert done.returncode == (1 if command in ENDS_WITH_1 else 0), done.stderr
    assert done.stdout or "wrote" in done.stderr or "no problems" in done.stderr


@pytest.mark.lab
@pytest.mark.parametrize("command", _commands("lab"))
def test_command_works_on_the_lab(command: str, lab: Target) -> None:
    """A command of the pages does what the page says on the running lab."""
    assert lab.running()
    done = _run(command, ROOT, None)
    # Whether prediction and one single run agree is not for this test to say.
    assert done.returncode in ((0, 1) if command.startswith("twin drill") else (0,)), done.stderr + done.stdout
    assert done.stdout


def test_goals_of_the_set_up_exist() -> None:
    """`make up` brings the lab up for the tests above, `make test` runs them: both are goals of the Makefile."""
    for command in [*_commands("setup"), "make down", "make venv", "make drill"]:
        done = subprocess.run([*command.split(), "--dry-run"], capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 0, done.stderr


def test_files_named_by_the_pages_exist() -> None:
    """Every file or folder that a page names in backquotes is there."""
    missing = []
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        names = re.findall(r"`((?:docs|inventory|simulation|evidence|twin|playbooks)/[\w./-]*)`", text)
        missing += [f"{page}: {name}" for name in names if not (ROOT / name).exists()]
    assert missing == []
