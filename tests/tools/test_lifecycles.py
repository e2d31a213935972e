"""Every pin of the project has a row of its lifecycle in the deck's estate, with the version that is pinned."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from inventory.load import load_estate
from inventory.models.lifecycles import Lifecycle

ROOT = Path(__file__).resolve().parent.parent.parent
DESIGNED = "inventory/estates/fuji-fujinomiya/platform.yaml"


def _yaml(path: str) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    return found


def _requirements(path: str) -> dict[str, str | None]:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("==") for line in lines if line and not line.startswith("#"))
    return {name: version or None for name, _, version in pairs}


def _images() -> dict[str, str | None]:
    recipe = _yaml("tools/images/images.yaml")
    packages = [name for image in recipe["images"].values() for name in image.get("packages", ())]
    return {recipe["release"]: None, **dict.fromkeys(packages)}


def _role(path: str) -> dict[str, str | None]:
    return {name: None for names in _yaml(path).values() for name in names}


def _go(path: str) -> dict[str, str | None]:
    """Return the Go version of a module and what it requires itself, not what that requires in turn."""
    text = (ROOT / path).read_text(encoding="utf-8")
    direct = re.findall(r"^require (\S+) (\S+)$|^\t(\S+) (\S+)$", text, re.MULTILINE)
    found = {one or three: two or four for one, two, three, four in direct}
    return {"go": re.search(r"^go (\S+)$", text, re.MULTILINE)[1], **found}


def _designed() -> dict[str, str | None]:
    """Return the operating systems of the designed machines that no image of the lab pins."""
    machines = _yaml(DESIGNED)["virtual_machines"].values()
    return dict.fromkeys(sorted({machine["os"] for machine in machines}))


def _pins() -> dict[str, dict[str, str | None]]:
    """Return what is pinned, by the file that pins it: names with the version that stands there, if one does."""
    roles = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "playbooks").glob("roles/*/vars/packages.yml"))
    groups = json.loads((ROOT / "tools/packages.json").read_text(encoding="utf-8"))
    python = re.search(r'requires-python = "(?:>=)?(.*)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))[1]
    return {
        "tools/images/images.yaml": _images(),
        **{path: _role(path) for path in roles},
        "tools/packages.json": {name: None for group in groups.values() for name in group},
        "requirements.in": _requirements("requirements.in"),
        "tools/netlab/requirements.in": _requirements("tools/netlab/requirements.in"),
        **{path: _go(path) for path in ("tools/pulumi/go.mod", "tools/pulumi-language-python/go.mod")},
        "pyproject.toml": {"requires-python": python},
        DESIGNED: _designed(),
    }


PINS = _pins()


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], Lifecycle]:
    """Return the rows by file and name."""
    found = load_estate("fuji-fujinomiya").records.lifecycles.values()
    return {(row.pinned_in, name): row for row in found for name in row.names}


@pytest.mark.parametrize("path", PINS)
def test_every_pin_has_a_row_and_every_row_a_pin(rows: dict[tuple[str, str], Lifecycle], path: str) -> None:
    """What a file pins and what the estate says of it are the same names."""
    assert PINS[path]
    assert {name for file, name in rows if file == path} == set(PINS[path])


@pytest.mark.parametrize("path", PINS)
def test_rows_have_the_version_that_is_pinned(rows: dict[tuple[str, str], Lifecycle], path: str) -> None:
    """A pin that moves takes its row with it."""
    versions = {name: version for name, version in PINS[path].items() if version}
    assert {name: rows[path, name].version for name in versions if version_of(rows[path, name]) != versions[name]} == {}


def version_of(row: Lifecycle) -> str:
    """Return a row's version without words."""
    return row.version.partition(" ")[0]


def test_no_row_is_of_a_file_that_is_not_looked_at(rows: dict[tuple[str, str], Lifecycle]) -> None:
    """The files above are all that the rows are about."""
    assert {file for file, _ in rows} == set(PINS)


def test_netlab_has_the_version_of_its_lock(rows: dict[tuple[str, str], Lifecycle]) -> None:
    """The version of netlab is the locked one."""
    lock = (ROOT / "tools/netlab/requirements.txt").read_text(encoding="utf-8")
    assert f"networklab=={rows['tools/netlab/requirements.in', 'networklab'].version} " in lock
