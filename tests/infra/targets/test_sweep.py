"""The sweep leaves nothing of the lab and touches nothing else."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from lab_parts import EMPTY_PREFIX, ROOT, circuit, host, node, port, silent, swept

from infra.specs import CarrierNetworkSpec
from infra.targets.lab.names import RECORD_FOLDER
from infra.targets.lab.target import LabTarget

pytestmark = pytest.mark.lab


def _standing() -> str:
    """Return everything on this host that could be the lab's: containers, volumes, namespaces, mounts, files."""
    return host(
        "podman ps --all --external --format '{{.Names}}'; podman volume ls --format '{{.Name}}'; "
        "ip netns list | cut -d' ' -f1; "
        f"cut -d' ' -f2 /proc/self/mounts | grep netns/; ls {RECORD_FOLDER} 2>&1; ip -o link | cut -d: -f2; true"
    )


@pytest.fixture
def stranger() -> Iterator[str]:
    """A container, a volume and a namespace that are not the lab's but have names like it."""
    name = f"{EMPTY_PREFIX}-stranger"
    host(f"podman volume create {name}; podman create --name {name} localhost/municipal-twin/base:latest")
    host(f"ip netns add {name}")
    yield name
    host(f"podman rm -f {name}; podman volume rm {name}; ip netns delete {name}")


def _ours() -> list[str]:
    return [line for line in _standing().splitlines() if line.startswith((EMPTY_PREFIX, f"/run/netns/{EMPTY_PREFIX}"))]


def _build(lab: LabTarget) -> None:
    lab.ensure_segment(circuit("w1"), silent)
    lab.ensure_segment(circuit("w2"), silent)
    lab.ensure_carrier_network(
        CarrierNetworkSpec("ip", {"w1": ("z", "10.97.1.1/24"), "w2": ("a", "10.97.2.1/24")}, "x:1"), silent
    )
    lab.ensure_node(node("n", port("w1", "10.97.1.2/24"), volumes={"data": "/data"}), silent)


def test_nothing_of_the_lab_is_left(empty_lab: LabTarget, stranger: str, tmp_path: object) -> None:
    """Containers, networks, volumes, files and processes go; what is not the lab's stays, whatever its name."""
    _build(empty_lab)
    probe = empty_lab.start("n", ["sleep", "600"], f"{tmp_path}/probe")
    removed = swept(EMPTY_PREFIX)
    assert probe() == -9
    assert {what.split()[0] for what in removed} == {"container", "network", "volume", "1"}
    assert sorted(_ours()) == sorted([stranger, stranger, stranger, f"/run/netns/{stranger}"])
    assert swept(EMPTY_PREFIX) == []


def test_data_is_kept_on_demand(empty_lab: LabTarget) -> None:
    """With `keep_data` the volumes stay, and the next lab finds them."""
    _build(empty_lab)
    swept(EMPTY_PREFIX, keep_data=True)
    assert _ours() == [f"{EMPTY_PREFIX}-data"]
    assert empty_lab.read_volume("data")


def test_nothing_is_left_where_the_record_is_lost(empty_lab: LabTarget) -> None:
    """Without the files under /run the sweep finds everything by label and name."""
    _build(empty_lab)
    shutil.rmtree(RECORD_FOLDER / EMPTY_PREFIX)
    swept(EMPTY_PREFIX)
    assert _ours() == []


@pytest.mark.parametrize("after_s", [0.02, 0.05, 0.08, 0.12])
def test_container_whose_making_was_killed_is_swept_or_taken_over(empty_lab: LabTarget, after_s: float) -> None:
    """`podman run` killed at any moment leaves nothing that hinders the next run or the sweep."""
    spec = node("n")
    empty_lab.ensure_node(spec, silent)
    arguments = host(f"podman inspect --format '{{{{json .Config.CreateCommand}}}}' {EMPTY_PREFIX}-n")
    empty_lab.place.podman.run("rm", "--force", "--time", "0", f"{EMPTY_PREFIX}-n")
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(json.loads(arguments), timeout=after_s, check=False, capture_output=True)
    time.sleep(0.3)
    empty_lab.place.podman.forget()
    assert empty_lab.ensure_node(spec, silent).drift == ()
    swept(EMPTY_PREFIX)
    assert _ours() == []


def test_command_line_says_what_it_removed(empty_lab: LabTarget) -> None:
    """The module runs alone, says on stderr what it removes, and ends well where there is nothing."""
    _build(empty_lab)
    command = [sys.executable, "-m", "infra.targets.lab.sweep", "--prefix", EMPTY_PREFIX]
    done = subprocess.run([*command, "--keep-data"], capture_output=True, text=True, check=True, cwd=ROOT)
    assert f"removed container {EMPTY_PREFIX}-n" in done.stderr
    assert _ours() == [f"{EMPTY_PREFIX}-data"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr == f"removed volume {EMPTY_PREFIX}-data with its data\n"
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr == "nothing to remove\n"
