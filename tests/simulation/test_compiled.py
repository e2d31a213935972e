"""Compiled kernels are kept between runs, and never beyond a change of the package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulation import compiled

ROOT = Path(__file__).parents[2]
INNER = "from simulation.compiled import compiled\n\n\n@compiled\ndef inner(x):\n    return x + {}\n"
OUTER = """from inner import inner
from simulation.compiled import compiled


@compiled
def outer(x):
    return inner(x)
"""
RUN = "import inner, outer; print(outer.outer(1)); print(sum(outer.outer.stats.cache_hits.values()))"


def test_digest_changes_with_any_file_of_the_package(tmp_path: Path) -> None:
    """A change in one file, a new name and a new file each give another digest; what is no Python gives none."""
    (tmp_path / "a.py").write_text("1")
    seen = [compiled.package_digest(tmp_path)]
    (tmp_path / "note.txt").write_text("x")
    assert compiled.package_digest(tmp_path) == seen[0]
    (tmp_path / "a.py").write_text("2")
    seen.append(compiled.package_digest(tmp_path))
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    seen.append(compiled.package_digest(tmp_path))
    (tmp_path / "c.py").write_text("")
    seen.append(compiled.package_digest(tmp_path))
    assert len(set(seen)) == len(seen)


def _run(folder: Path, addend: int) -> list[str]:
    """Run a kernel that calls one of another file, in a package folder of its own."""
    package = folder / "simulation"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    (package / "compiled.py").write_text((ROOT / "simulation" / "compiled.py").read_text())
    for name, text in (("inner.py", INNER.format(addend)), ("outer.py", OUTER)):
        path = package / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    environment = {**os.environ, "PYTHONPATH": f"{folder}:{package}", "NUMBA_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", RUN], env=environment, capture_output=True, text=True, check=True, cwd=folder
    )
    return done.stdout.split()


def test_second_run_compiles_nothing_and_a_change_elsewhere_counts(tmp_path: Path) -> None:
    """The kernel comes from the cache the second time, and follows a change of a function in another file."""
    assert _run(tmp_path, 1) == ["2", "0"]
    assert _run(tmp_path, 1) == ["2", "1"]
    assert _run(tmp_path, 5) == ["6", "0"]


def test_kernels_lie_in_the_private_folder_of_the_clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a place of its own the cache is in `.state` of the clone, and no more than four digests are kept."""
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setenv("MUNICIPAL_TWIN_ROOT", str(tmp_path))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    place = tmp_path / ".state" / "kernels"
    for index in range(6):
        (place / f"old-{index}").mkdir(parents=True)
        os.utime(place / f"old-{index}", (index, index))
    compiled.cache_folder.cache_clear()
    try:
        folder = compiled.cache_folder()
    finally:
        compiled.cache_folder.cache_clear()
    assert folder == place / compiled.package_digest()
    assert sorted(path.name for path in place.iterdir()) == sorted([folder.name, "old-3", "old-4", "old-5"])


def test_clone_that_cannot_be_written_uses_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that cannot be made is passed over; where none can be, nothing is kept and kernels still work."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".state").write_text("a file where the folder would be")
    monkeypatch.setenv("MUNICIPAL_TWIN_ROOT", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    compiled.cache_folder.cache_clear()
    try:
        assert compiled.cache_folder() == tmp_path / "cache" / "municipal-twin" / "kernels" / compiled.package_digest()
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".state"))
        compiled.cache_folder.cache_clear()
        assert compiled.cache_folder() is None
        assert compiled.compiled(lambda x: x + 1)(1) == 2
    finally:
        compiled.cache_folder.cache_clear()
