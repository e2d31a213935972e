"""The guide to imports works as written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from guide_pages import ROOT, steps, text_of

from topology.check import check_estate

PAGE = "docs/guides/imports.md"


def test_guide_works_as_written(tmp_path: Path) -> None:
    """Every command succeeds, but for the one that shows a conflict; the estates that it makes hold."""
    (tmp_path / "inventory").symlink_to(ROOT / "inventory")
    found = re.search(r"<!-- mapping.yaml -->\n```yaml\n(.*?)```", text_of(PAGE), re.DOTALL)
    assert found is not None
    (tmp_path / "mapping.yaml").write_text(found[1], encoding="utf-8")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for step in steps(PAGE):
        done = subprocess.run(
            ["bash", "-c", step.command],
            capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=300,
        )  # fmt: skip
        assert done.returncode == (1 if step.mark == "fails" else 0), f"{step.command}: {done.stdout}{done.stderr}"
    for name in ("my-estate", "another", "from-netbox"):
        assert len(check_estate(str(tmp_path / name)).records.devices) == 17
    assert len(check_estate(str(tmp_path / "deck-from-netbox")).records.virtual_machines) == 102
    assert not (tmp_path / "lone").exists()
