"""NetBox's own import forms take every row of the export.

NetBox needs Python 3.12 and a hundred packages, so this runs only where one is: NETBOX_PYTHON names the Python of an
environment with `netbox==4.7.3` (docs/guides/imports.md).
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from postgresql_cluster import running_cluster

from inventory.load import estate_names, load_estate
from topology.build import build_network
from topology.exports.netbox import FIELDS, netbox

PYTHON = os.environ.get("NETBOX_PYTHON")
LOADER = Path(__file__).parents[2] / "netbox_loader.py"


@pytest.mark.skipif(PYTHON is None, reason="NETBOX_PYTHON names no Python with NetBox")
@pytest.mark.parametrize("name", estate_names())
def test_netbox_takes_every_row(tmp_path: Path, name: str) -> None:
    """No row is refused, and every circuit ends in NetBox where it ends in the estate."""
    estate = load_estate(name)
    files = netbox(estate, build_network(estate))
    for file, text in files.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    with running_cluster() as socket:
        done = subprocess.run(
            [str(PYTHON), str(LOADER), str(tmp_path), str(FIELDS)],
            env={"PATH": "/usr/bin:/bin", "NETBOX_SOCKET": str(socket), "HOME": str(tmp_path)},
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=1500,
        )  # fmt: skip
    said = done.stdout.splitlines()
    told = [line for line in said if line.startswith("refused")] or said[-1:]
    assert done.returncode == 0, "\n".join([*told, done.stderr[-2000:]])
    assert sum(line.startswith("loaded") for line in said) == sum(text.count("\n") - 1 for text in files.values())
    ends = {
        f"termination {id_} {side} {end}"
        for id_, circuit in estate.records.circuits.items()
        for side, end in zip("AZ", circuit.ends.both, strict=True)
    }
    assert {line for line in said if line.startswith("termination")} == ends
