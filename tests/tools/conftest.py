"""A clone of the tools alone, for tests that change what lies in a clone or kill what works on it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEPT = ("Makefile", "activate", "requirements.txt", "pyproject.toml", "README.md")


@pytest.fixture
def clone() -> Iterator[Path]:
    """A folder with this project's tools and environment, which other users may read too."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for kept in KEPT:
            shutil.copy(ROOT / kept, folder)
        shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        (folder / ".venv").symlink_to(ROOT / ".venv")
        yield folder


@pytest.fixture
def in_clone(clone: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Python text with the clone's tools on the module path, behind a prefix such as `setpriv …`."""

    def run(text: str, *prefix: str) -> subprocess.CompletedProcess[str]:
        command = [*prefix, sys.executable, "-c", f"import sys; sys.path.insert(0, 'tools')\n{text}"]
        return subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False, timeout=120)

    return run
