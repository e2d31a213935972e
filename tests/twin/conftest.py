"""What the tests of the command line share: running `twin` as a user does, with evidence of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Twin = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def twin(tmp_path: Path) -> Twin:
    """Return a function that runs `twin` with its own private folder and returns how it ended."""
    environment = {**os.environ, "MUNICIPAL_TWIN_STATE": str(tmp_path / "state")}

    def run(*arguments: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).parent / "twin"), *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=120
        )
        assert expect is None or done.returncode == expect, done.stderr + done.stdout
        return done

    return run
