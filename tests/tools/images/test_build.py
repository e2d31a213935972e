"""The builder's command line, and what the images that it made must not contain."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BUILD = ROOT / "tools" / "images" / "build.py"
needs_podman = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("podman"), reason="needs root and Podman on this host"
)
LIMITS = ("--ulimit", "nofile=16384:16384", "--ulimit", "nproc=4096:4096")


def _build(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(BUILD), *arguments], capture_output=True, text=True, check=False)


def test_wrong_use_is_told() -> None:
    """Nothing asked for is wrong use, with exit code 2."""
    assert _build().returncode == 2


@needs_podman
def test_unknown_image_is_told() -> None:
    """An image that no recipe describes ends with exit code 1 and names those that exist."""
    done = _build("rooter")
    assert done.returncode == 1
    assert "no image called 'rooter'" in done.stderr
    assert "router" in done.stderr


@needs_podman
def test_list_names_every_image() -> None:
    """`--list --json` says of each image its tag and whether it is built."""
    listed = json.loads(_build("--list", "--json").stdout)
    assert {"name", "tag", "built", "packages"} == set(listed[0])
    assert {"base", "router", "db", "app", "terminal", "host"} <= {entry["name"] for entry in listed}


@needs_podman
def test_second_build_does_nothing() -> None:
    """With all images built, a run changes none of them and asks no mirror."""
    if not all(entry["built"] for entry in json.loads(_build("--list", "--json").stdout)):
        pytest.skip("the images are not built; `make setup` builds them")
    done = _build("--all")
    assert done.returncode == 0
    assert "debootstrap" not in done.stderr
    assert "packages on top of" not in done.stderr


@needs_podman
@pytest.mark.parametrize("name", ["base", "router", "db", "app", "terminal", "host"])
def test_image_bakes_no_secret_and_no_mirror(name: str) -> None:
    """No host key, no snakeoil key, no machine id, no database cluster and no package mirror is part of an image."""
    entry = next(entry for entry in json.loads(_build("--list", "--json").stdout) if entry["name"] == name)
    if not entry["built"]:
        pytest.skip(f"image {name} is not built; `make setup` builds it")
    script = (
        "ls /etc/ssh/ssh_host_* /etc/ssl/private/* /var/lib/postgresql/*/main /var/lib/apt/lists/* 2>/dev/null;"
        "cat /etc/machine-id; grep -rhE '^[^#]*://' /etc/apt/ 2>/dev/null; true"
    )
    runtime = ["--runtime", "runc"] if shutil.which("runc") else []
    shown = subprocess.run(
        ["podman", *runtime, "run", "--rm", "--network", "none", *LIMITS, entry["tag"], "sh", "-c", script],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == ""


@needs_podman
def test_sweep_spares_nodes() -> None:
    """An image passes its labels on, yet the builder's sweep takes no node made from it for a left-over build."""
    entry = next(entry for entry in json.loads(_build("--list", "--json").stdout) if entry["name"] == "base")
    if not entry["built"]:
        pytest.skip("the images are not built; `make setup` builds them")
    name = f"image-test-{os.getpid()}"
    subprocess.run(["podman", "create", "--name", name, "--network", "none", *LIMITS, entry["tag"]], check=True)
    try:
        code = "import build; b = build.Builder()\nwith build.only_one(b.say): b._sweep()"
        subprocess.run([sys.executable, "-c", code], cwd=BUILD.parent, check=True)
        assert subprocess.run(["podman", "container", "exists", name], check=False).returncode == 0
    finally:
        subprocess.run(["podman", "rm", "--force", name], check=True, capture_output=True)
