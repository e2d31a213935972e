"""The lock fixes every package by hash and names no address; the page of reasons says what the lock says."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.txt").read_text()
ADDRESS = re.compile(r"https?:|\bindex-url\b|find-links|\bfile:|\bgit\+|[\w-]+\.(?:org|com|io|net)\b")


def _wanted() -> list[str]:
    lines = (ROOT / "requirements.in").read_text().splitlines()
    return [re.split(r"[=\[<>]", line)[0].strip() for line in lines if line and not line.startswith("#")]


def _locked() -> dict[str, set[str]]:
    """Return the versions by package: one for each range of Python versions."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE):
        found.setdefault(name.lower(), set()).add(version)
    return found


def _rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading of the page."""
    page = (ROOT / "docs" / "dependencies.md").read_text()
    section = page.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return rows[1:]


def test_every_package_has_hashes() -> None:
    """No requirement stands without a hash, so pip refuses anything else."""
    blocks = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(blocks) > 60
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_lock_names_no_address() -> None:
    """Whoever installs brings the package index: none is written down."""
    assert ADDRESS.findall(re.sub(r"--hash=\S+", "", LOCK)) == []


def test_every_wanted_package_is_locked() -> None:
    """The lock was compiled after the last change of requirements.in."""
    assert set(_wanted()) - set(_locked()) == set()


def test_page_names_each_package_with_its_locked_version() -> None:
    """The page has one row with a reason, a licence and upkeep for each package that is asked for, no more."""
    rows = {row[0]: row for row in _rows("Python packages")}
    assert sorted(rows) == sorted(_wanted())
    assert [name for name, row in rows.items() if row[1] not in _locked()[name]] == []
    assert [name for name, row in rows.items() if len(row) != 5 or not all(row)] == []


def test_page_names_each_module_of_the_command() -> None:
    """The page's versions of the Go modules are those of the go.mod files."""
    stated = "".join(
        (ROOT / "tools" / folder / "go.mod").read_text() for folder in ("pulumi", "pulumi-language-python")
    )
    for module, version, *_rest in _rows("The Pulumi command"):
        assert f"{module} {version}" in stated


def test_page_names_each_debian_package_with_its_reason() -> None:
    """The page's reasons are those that `make up` prints."""
    groups = json.loads((ROOT / "tools" / "packages.json").read_text())
    assert _rows("Debian packages on the host") == [
        [name, why] for group in groups.values() for name, why in group.items()
    ]
