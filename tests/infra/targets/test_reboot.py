"""With /run emptied, as after a reboot of the host, everything comes back with its data.

The lab of this test has a Podman of its own (storage, run folder and temporary folder in the test's own place, images
read from the host's storage), so that emptying its run folders concerns nobody else.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_parts import REBOOT_PREFIX as PREFIX
from lab_parts import circuit, host, node, port, silent

from infra.specs import CarrierNetworkSpec
from infra.targets.lab import leftovers
from infra.targets.lab.names import NAMESPACE_FOLDER, RECORD_FOLDER, Names
from infra.targets.lab.namespaces import all_names
from infra.targets.lab.podman import Podman
from infra.targets.lab.sweep import sweep
from infra.targets.lab.target import LabTarget

pytestmark = pytest.mark.lab
SEGMENTS = (circuit("w1"), circuit("w2"))
CARRIER = CarrierNetworkSpec("ip", {"w1": ("z", "10.97.1.1/24"), "w2": ("a", "10.97.2.1/24")}, "x:1")
NODES = (
    node("left", port("w1", "10.97.1.2/24"), gateway="10.97.1.1", volumes={"data": "/data"}),
    node("right", port("w2", "10.97.2.2/24", "z"), gateway="10.97.2.1"),
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder for the Podman of this test; Podman takes no path beyond 50 characters."""
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}-", dir="/var/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def options(place: Path) -> tuple[str, ...]:
    """Options of a Podman with folders of its own."""
    images = host("podman info --format '{{.Store.GraphRoot}}'").strip()
    return (
        *("--root", f"{place}/storage", "--runroot", f"{place}/run", "--tmpdir", f"{place}/tmp"),
        *("--storage-driver", "overlay", "--storage-opt", f"additionalimagestore={images}"),
    )


@pytest.fixture
def lab(clone_root: Path, options: tuple[str, ...]) -> Iterator[LabTarget]:
    """A standing lab with some data."""
    names, podman = Names(PREFIX), Podman(options)
    target = LabTarget(clone_root, prefix=PREFIX, podman_options=options)
    _ensure(target)
    yield target
    sweep(keep_data=False, progress=silent, names=names, podman=podman, clone_root=clone_root)


def _ensure(lab: LabTarget) -> None:
    for segment in SEGMENTS:
        lab.ensure_segment(segment, silent)
    lab.ensure_carrier_network(CARRIER, silent)
    for spec in NODES:
        assert lab.ensure_node(spec, silent).drift == ()


def _empty_run(place: Path, container_ids: list[str]) -> None:
    """Remove what lies under /run: namespaces' names, the lab's records, all that Podman and runc keep there."""
    for id_ in container_ids:
        shutil.rmtree(Path("/run/runc") / id_, ignore_errors=True)
    for name in all_names():
        if name.startswith(f"{PREFIX}-"):
            path = NAMESPACE_FOLDER / name
            host(f"umount {path}")
            path.unlink()
    shutil.rmtree(RECORD_FOLDER / PREFIX)
    for folder in (place / "run", place / "tmp"):
        for line in reversed(Path("/proc/self/mounts").read_text().splitlines()):
            if line.split()[1].startswith(str(folder)):
                host(f"umount --lazy {line.split()[1]}")
        shutil.rmtree(folder)


def _check(lab: LabTarget) -> None:
    assert lab.run("left", ["cat", "/data/file", "/root/file"]).stdout == "volume\nsystem\n"
    assert lab.run("left", ["ping", "-c", "1", "-W", "2", "10.97.2.2"]).returncode == 0


@pytest.mark.parametrize("power", ["gone", "kept"])
def test_everything_comes_back_with_its_data(
    lab: LabTarget, clone_root: Path, options: tuple[str, ...], place: Path, power: str
) -> None:
    """After a reboot (`gone`), or where /run was emptied under running systems (`kept`), data and paths are back."""
    lab.run("left", ["sh", "-c", "echo volume > /data/file; echo system > /root/file; sync"])
    containers = list(lab.place.podman.containers(fresh=True).values())
    if power == "gone":
        for container in containers:
            conmon = host(f"podman {' '.join(options)} inspect --format '{{{{.State.ConmonPid}}}}' {container.id}")
            os.kill(int(conmon), signal.SIGKILL)
            leftovers.end_processes_of(container.id)
        for line in reversed(Path("/proc/self/mounts").read_text().splitlines()):
            if line.split()[1].startswith(str(place)):
                host(f"umount --lazy {line.split()[1]}")
    _empty_run(place, [container.id for container in containers])
    again = LabTarget(clone_root, prefix=PREFIX, podman_options=options)
    assert again.running() == ()
    _ensure(again)
    _check(again)
    for container in containers:
        pids = [pid for pid in Path("/proc").iterdir() if pid.name.isdigit()]
        inits = [pid for pid in pids if container.id in _cgroup(pid) and _comm(pid) == "systemd"]
        assert len([pid for pid in inits if _is_first(pid)]) <= 1


def _cgroup(pid: Path) -> str:
    try:
        return (pid / "cgroup").read_text()
    except OSError:
        return ""


def _comm(pid: Path) -> str:
    try:
        return (pid / "comm").read_text().strip()
    except OSError:
        return ""


def _is_first(pid: Path) -> bool:
    """Tell whether a process is the first of its own process namespace."""
    try:
        status = (pid / "status").read_text()
    except OSError:
        return False
    return next(line for line in status.splitlines() if line.startswith("NSpid:")).split()[-1] == "1"
