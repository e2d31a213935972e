"""Every command in the README and in the guides works as written.

Commands that stand for themselves are run here; guides whose steps build on each other have a test of their own. What
is marked `setup` are the goals that bring the lab up for the others here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from guide_pages import ROOT, steps, text_of

from infra.targets.target import Target
from twin.cli import COMMANDS

PAGES = (
    "README.md",
    "README.ja.md",
    "docs/guides/documents.md",
    "docs/guides/drills.md",
    "docs/guides/economics.md",
    "docs/guides/evidence.md",
    "docs/guides/failures.md",
    "docs/guides/packages.md",
    "docs/guides/simulation.md",
    "docs/guides/planning.md",
)
FOLLOWED_BY = {
    "docs/guides/estate.md": "tests/inventory/test_guide.py",
    "docs/guides/imports.md": "tests/topology/imports/test_guide.py",
    "docs/guides/pulumi.md": "tests/infra/test_pulumi_guide.py",
    "docs/guides/state.md": "tests/infra/test_state_guide.py",
}
ENDS_WITH_1 = {"twin gate --set timers.bfd.enabled=false"}


def _commands(kind: str) -> list[str]:
    """Return the commands of one kind, each once, in the order of the pages."""
    return list(dict.fromkeys(step.command for page in PAGES for step in steps(page) if step.mark == kind))


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
    assert steps("README.md") == steps("README.ja.md")


def test_every_guide_is_followed() -> None:
    """A guide's commands are run here or in the test that is named for it; none stand in blocks of another kind."""
    guides = {f"docs/guides/{path.name}" for path in (ROOT / "docs" / "guides").glob("*.md")}
    assert guides == {page for page in PAGES if page.startswith("docs/guides/")} | FOLLOWED_BY.keys()
    assert [test for page, test in FOLLOWED_BY.items() if Path(page).name not in (ROOT / test).read_text()] == []
    assert {step.mark for page in PAGES for step in steps(page)} == {"plain", "lab", "setup"}
    for page in (*PAGES, *FOLLOWED_BY):
        blocks = re.findall(r"^ *```(\w*)\n(.*?)^ *```", text_of(page), re.DOTALL | re.MULTILINE)
        others = "\n".join(block for kind, block in blocks if kind != "console")
        assert re.findall(r"^ *\$? *(?:twin|pulumi|make|python3?|ansible-playbook) .*", others, re.MULTILINE) == [], (
            page
        )
        assert re.findall(r"^    \$? *(?:twin|pulumi|make|cp) .*", text_of(page), re.MULTILINE) == [], page


@pytest.mark.parametrize("command", _commands("plain"))
def test_command_works_without_the_lab(command: str, tmp_path: Path) -> None:
    """A command of the pages does what the page says; what it writes goes elsewhere than into the clone."""
    for name in ("docs", "evidence", "inventory", "simulation"):
        (tmp_path / name).symlink_to(ROOT / name)
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


def test_commands_named_in_the_text_exist() -> None:
    """What the text calls `twin …` or `make …` is a command of `twin` or a goal of the Makefile."""
    goals = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    known = {*(("twin", name) for name in COMMANDS), *(("make", goal) for goal in goals)}
    named = {
        (page, *found)
        for page in (*PAGES, *FOLLOWED_BY)
        for found in re.findall(r"`(twin|make) ([a-z]+)", text_of(page))
    }
    assert len(named) > 15
    assert {found for found in named if found[1:] not in known} == set()


def test_files_named_by_the_pages_exist() -> None:
    """Every file or folder that a page names in backquotes is there."""
    missing = []
    for page in (*PAGES, *FOLLOWED_BY):
        names = re.findall(
            r"`((?:docs|inventory|simulation|evidence|twin|playbooks|infra|tests)/[\w./-]*)`", text_of(page)
        )
        missing += [f"{page}: {name}" for name in names if not (ROOT / name).exists()]
    assert missing == []
