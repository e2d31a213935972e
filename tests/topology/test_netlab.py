"""What `twin export netlab` writes is accepted by `netlab create`, which renders routers' configuration from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from inventory.load import estate_names, load_estate
from topology.build import build_network
from topology.exports.netlab import netlab

LOCK = Path(__file__).parents[2] / "tools" / "netlab" / "requirements.txt"


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return netlab's command, installed as locked into an environment of its own."""
    folder = tmp_path_factory.mktemp("netlab")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install = ["-m", "pip", "install", "-q", "--require-hashes", "-r", str(LOCK)]
    subprocess.run([str(folder / "bin" / "python"), *install], check=True, timeout=300)
    return folder / "bin" / "netlab"


@pytest.mark.parametrize("name", estate_names())
def test_netlab_creates_a_lab_from_the_export(command: Path, tmp_path: Path, name: str) -> None:
    """It ends with 0, and the configuration that it renders has the costs and addresses of the network."""
    estate = load_estate(name)
    network = build_network(estate)
    (tmp_path / "topology.yml").write_text(netlab(estate, network), encoding="utf-8")
    surroundings = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(
        [str(command), "create", "topology.yml"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120, env=surroundings,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "clab.yml").exists()
    rendered = "".join(
        path.read_text(encoding="utf-8") for path in (tmp_path / "node_files").rglob("*") if path.is_file()
    )
    plain = [one for one in network.adjacencies if one.tunnel is None]
    assert rendered.count("ip ospf cost") >= 2 * len({segment for one in plain for segment in one.segments})
    assert all(f"ip ospf cost {one.cost}" in rendered for one in plain)
    routers = {node.id for node in network.routers()}
    assert all(str(port.address) in rendered for port in network.interfaces if port.node in routers)
