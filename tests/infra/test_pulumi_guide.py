"""The guide docs/guides/pulumi.md works as written: its commands are run in their order by the real Pulumi command.

The machines that exist are one that nobody answers for; test_hosts_stack.py takes a real one as far as its checks.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from guide_pages import Step, steps
from pulumi_stack import Stack

GUIDE = "docs/guides/pulumi.md"
ASKING = ("destroy", "up", "state")
VOLUME = tuple(
    word
    for name in ("providers:twin::twin", "Gate::gate", "Server::dc-fuji-db", "Volume::dc-fuji-db-postgresql")
    for word in ("--target", f"**{name}")
)


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """A stack where nothing stands."""
    return Stack(tmp_path)


def _follow(stack: Stack, found: list[Step], *, expect: int | None = 0) -> str:
    """Run commands of the guide, with yes to what they ask, and return what the last one says."""
    said = ""
    for step in found:
        program, *words = shlex.split(step.command)
        assert program == "pulumi"
        last = step is found[-1]
        said = stack.run(*words, *(["--yes"] if words[0] in ASKING else []), expect=expect if last else 0)
    return said


def test_every_command_of_the_guide_is_followed_here() -> None:
    """The commands stand in the two parts that the tests below follow."""
    assert steps(GUIDE) == [*steps(GUIDE, "Data"), *steps(GUIDE, "Machines that exist")]


def test_destroy_removes_data_only_as_the_guide_says(stack: Stack) -> None:
    """Destroy is refused while volumes are protected; unprotected, it keeps their data unless the flag is set."""
    unprotect, allow, destroy = steps(GUIDE, "Data")
    stack.up(*VOLUME)
    volume = stack.memory.file("volume", "dc-fuji-db-postgresql")
    assert volume.exists()
    assert "protect" in _follow(stack, [destroy], expect=None)
    assert "keeps its data" in _follow(stack, [unprotect, destroy])
    assert volume.exists()
    stack.up(*VOLUME)
    _follow(stack, [unprotect, allow, destroy])
    assert not volume.exists()


def test_stack_of_machines_is_made_as_the_guide_says(stack: Stack, tmp_path: Path) -> None:
    """The commands lead to a stack of its own that looks at the machine in the file, which nobody answers for."""
    for name in ("key", "known_hosts"):
        (tmp_path / name).touch(mode=0o600)
    file = tmp_path / "machines.yaml"
    file.write_text("machines: {fuji-terminal: {address: 127.0.0.1, port: 1, key: key, known_hosts: known_hosts}}")
    found = steps(GUIDE, "Machines that exist")
    placed = [Step(step.mark, step.command.replace("machines.yaml", str(file))) for step in found]
    said = _follow(stack, placed, expect=None)
    assert "fuji-terminal" in said and "127.0.0.1" in said
    assert stack.memory.calls() == []
