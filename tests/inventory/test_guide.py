"""The guide to the estate works as written: its YAML goes where it says, and its commands run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from inventory.document import read_document
from inventory.load import load_estate
from topology.build import build_network
from topology.check import check_estate, find_unrecorded

ROOT = Path(__file__).parent.parent.parent
GUIDE = ROOT / "docs" / "guides" / "estate.md"
STEP = re.compile(
    r"<!-- (?P<file>\S+): (?:(?P<how>under|instead of) (?P<path>\S+)|a new file) -->\n```yaml\n(?P<yaml>.*?)```"
    r"|```console\n(?P<commands>.*?)```",
    re.DOTALL,
)


def steps() -> Iterator[re.Match[str]]:
    """Yield the guide's steps in order: pieces of YAML with their place, and blocks of commands."""
    return STEP.finditer(GUIDE.read_text(encoding="utf-8"))


def put(folder: Path, step: re.Match[str]) -> None:
    """Put a piece of YAML where the guide says, as someone with an editor would."""
    path = folder / step["file"]
    if step["how"] is None:
        assert not path.exists()
        path.write_text(step["yaml"], encoding="utf-8")
        return
    where = tuple(step["path"].split("."))
    line = read_document(path, path.name).lines[where]
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    indent = re.match(" *", lines[line - 1])[0]
    if step["how"] == "under":
        at, depth = line, re.match(" *", lines[line])[0]
    else:
        at, depth = line - 1, indent
        del lines[at]
    lines[at:at] = [depth + text + "\n" for text in step["yaml"].splitlines()]
    path.write_text("".join(lines), encoding="utf-8")


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a block with the lines shown below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *shown = part.splitlines()
        yield command, shown


def assert_shown(shown: list[str], said: str) -> None:
    """The lines shown below a command stand in what it said, in order; `…` stands for those left out."""
    said_lines = iter(said.splitlines())
    for line in shown:
        if line != "…":
            assert line in said_lines, f"`{line}` is not, or not in this place, in:\n{said}"


def test_lines_in_another_order_are_no_output() -> None:
    """The test of the guide fails for a line that a command does not say, or says elsewhere."""
    assert_shown(["a", "…", "c"], "a\nb\nc\n")
    for shown in (["c", "a"], ["d"]):
        with pytest.raises(AssertionError):
            assert_shown(shown, "a\nb\nc\n")


def test_guide_works_as_written(tmp_path: Path) -> None:
    """Following the guide from top to bottom, every command succeeds and says what is shown; all is in the network."""
    (tmp_path / "inventory").symlink_to(ROOT / "inventory")
    who = {f"GIT_{role}_{key}": "reader@example.org" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    who |= {f"GIT_{role}_DATE": "2026-11-01T00:00:00Z" for role in ("AUTHOR", "COMMITTER")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **who, "PATH": path}
    folder = tmp_path / "my-estate"
    count = 0
    for step in steps():
        if step["yaml"]:
            put(folder, step)
            continue
        for command, shown in commands(step["commands"]):
            done = subprocess.run(
                ["bash", "-c", command],
                capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=300,
            )  # fmt: skip
            assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
            assert_shown(shown, done.stdout + done.stderr)
            count += 1
    assert count >= 25
    estate = check_estate(str(folder))
    network = build_network(estate)
    assert {port.node for port in network.members("fuji-wan-3")} == {"dc-rt-1", "fb-rt-1"}
    assert {adjacency.id for adjacency in network.adjacencies} >= {"dc-rt-1/wan3--fb-rt-1/wan3"}
    assert network.nodes["dc-fuji-ap-2"].gateway is not None
    assert "fuji-counters-to-second-server" in {flow.id for flow in network.flows}
    assert network.nodes["dc-fuji-nursery-ap"].city == "fuji"
    assert len(network.tunnels_of("third-rt-backup")) == 1
    assert "third-city" in estate.records.services["resident-registry"].instances
    assert find_unrecorded(estate) == ()
    assert "広域イーサネット" in (tmp_path / "my-estate.svg").read_text(encoding="utf-8")
    before = build_network(load_estate("fuji-fujinomiya"))
    assert [port for port in before.interfaces if port not in network.interfaces] == []


def test_yaml_in_the_text_is_yaml() -> None:
    """Every fenced piece of YAML in the guide parses, and each has its place."""
    text = GUIDE.read_text(encoding="utf-8")
    placed = [step["yaml"] for step in steps() if step["yaml"]]
    assert re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) == placed
    assert all(yaml.safe_load(piece) for piece in placed)
