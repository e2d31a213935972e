"""A release is named by its contents alone, and holds what the application needs and nothing else."""

from __future__ import annotations

import importlib.util
import io
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]
PLUGIN = ROOT / "playbooks" / "roles" / "resident_registry" / "lookup_plugins" / "application_release.py"


@pytest.fixture(scope="module")
def plugin() -> ModuleType:
    """The lookup plugin as a module."""
    spec = importlib.util.spec_from_file_location("application_release", PLUGIN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _application(folder: Path) -> Path:
    application = folder / "example"
    (application / "pages").mkdir(parents=True)
    (application / "__init__.py").write_text("")
    (application / "pages" / "start.html").write_text("<p>")
    return application


def test_same_contents_same_archive(plugin: ModuleType, tmp_path: Path) -> None:
    """Time, mode and what Python leaves behind make no difference; a changed letter does."""
    one, other = _application(tmp_path / "one"), _application(tmp_path / "other")
    (other / "__pycache__").mkdir()
    (other / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"x")
    (other / "__init__.py").chmod(0o600)
    assert plugin.archive(one) == plugin.archive(other)
    (other / "pages" / "start.html").write_text("<b>")
    assert plugin.archive(one) != plugin.archive(other)


def test_the_registrys_release_is_whole(plugin: ModuleType) -> None:
    """Modules, pages, style and migrations are in it, root's and readable by all."""
    content = plugin.archive(ROOT / "apps" / "resident_registry" / "resident_registry")
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        entries = tar.getmembers()
    names = {entry.name for entry in entries}
    for wanted in ("serve.py", "prepare.py", "pages/base.html", "static/registry.css", "migrations/0001_registry.sql"):
        assert f"resident_registry/{wanted}" in names
    assert not any("__pycache__" in name for name in names)
    assert {(entry.uid, entry.gid, entry.mode) for entry in entries} == {(0, 0, 0o644)}


def test_a_missing_application_is_named(plugin: ModuleType, tmp_path: Path) -> None:
    """A folder that is not there is an error with its path."""
    from ansible.errors import AnsibleLookupError

    with pytest.raises(AnsibleLookupError, match="nowhere"):
        plugin.LookupModule().run([str(tmp_path / "nowhere")])
