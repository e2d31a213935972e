"""Bad estates for tests: the small good one with a minimal change, as `bad/NAME/change.yaml` describes it.

`shows` names the rule or the stage that must find it; `edit` replaces text that stands exactly once in a file, `add`
writes a file, `remove` takes files away; what is in `files/` is copied as it is.
"""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import yaml

from inventory.problems import EstateInvalid
from topology.check import check_estate

HERE = Path(__file__).parent / "inventory"
GOOD = HERE / "good"


@dataclasses.dataclass(frozen=True)
class Pair:
    """A change that makes an estate bad, and the lines that must be reported."""

    folder: Path
    change: dict[str, Any]

    @property
    def expected(self) -> list[str]:
        """The lines of `expected.txt`."""
        return (self.folder / "expected.txt").read_text(encoding="utf-8").splitlines()


def pairs() -> list[Pair]:
    """Return every pair, in the order of names."""
    folders = sorted(path for path in (HERE / "bad").iterdir() if path.is_dir())
    return [Pair(folder, yaml.safe_load((folder / "change.yaml").read_text(encoding="utf-8"))) for folder in folders]


def make_estate(folder: Path, target: Path) -> Path:
    """Copy the good estate to `target` and change it as the pair in `folder` says."""
    change = yaml.safe_load((folder / "change.yaml").read_text(encoding="utf-8"))
    shutil.copytree(GOOD, target)
    for name, edits in change.get("edit", {}).items():
        text = (target / name).read_text(encoding="utf-8")
        for edit in edits:
            assert text.count(edit["find"]) == 1, f"{folder.name}: {edit['find']!r} does not stand once in {name}"
            text = text.replace(edit["find"], edit["put"])
        (target / name).write_text(text, encoding="utf-8")
    for name in change.get("remove", []):
        (target / name).unlink()
    for name, text in change.get("add", {}).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8")
    if (folder / "files").is_dir():
        shutil.copytree(folder / "files", target, dirs_exist_ok=True)
    return target


def problem_lines(folder: Path) -> list[str]:
    """Return what is reported about the estate in `folder`, a line each."""
    try:
        check_estate(str(folder))
    except EstateInvalid as error:
        return [str(problem) for problem in error.problems]
    return []
