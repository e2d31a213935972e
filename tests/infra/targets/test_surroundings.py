"""What a host lacks is said in one clear line each, and what its kernel cannot realise is found out by trying."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lab_parts import ROOT, host

from infra.targets.lab import limits, surroundings

_ASK = "from infra.targets.lab.surroundings import surroundings; print('\\n'.join(surroundings()))"


def _ask(prefix: list[str], path: str | None = None) -> list[str]:
    environment = {"PATH": path} if path else None
    done = subprocess.run(
        [*prefix, sys.executable, "-c", _ASK], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    return done.stdout.splitlines()


@pytest.mark.lab
def test_this_host_lacks_nothing() -> None:
    """Where labs stand, nothing is missing."""
    assert surroundings.surroundings() == []


@pytest.mark.lab
def test_missing_commands_are_named_by_package(tmp_path: Path) -> None:
    """Without its commands the packages that bring them are named, in one line."""
    assert _ask([], str(tmp_path)) == [
        "Not installed: iproute2, podman, procps, util-linux; `make setup` (or apt-get install) brings them."
    ]


@pytest.mark.lab
def test_missing_namespaces_are_named() -> None:
    """Where the kernel makes no namespaces the line says so, with the kernel's own words."""
    without = ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin", "--"]
    assert any("makes no network namespaces" in line for line in _ask(without))


def test_without_root_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is not root is told to be, and nothing else."""
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert surroundings.surroundings() == [
        "Not root: network namespaces and containers need it; run the command with sudo."
    ]


@pytest.mark.lab
def test_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk with less than is needed is named with what is free."""
    host(f"mount -t tmpfs -o size=16m none {tmp_path}")
    try:
        monkeypatch.setattr(surroundings, "_STORAGE", tmp_path)
        assert surroundings.surroundings() == [f"The disk of {tmp_path} is full: 16 MiB free, a lab needs 1024 MiB."]
    finally:
        host(f"umount {tmp_path}")


@pytest.mark.lab
def test_limits_agree_with_the_kernel_configuration() -> None:
    """Where the kernel shows its configuration, what was found by trying is what it says."""
    try:
        configuration = host("zcat /proc/config.gz")
    except subprocess.CalledProcessError:
        pytest.skip("this kernel does not show its configuration in /proc/config.gz")
    for found, option in (
        (limits.has_netem(), "NET_SCH_NETEM"),
        (limits.has_esp(), "INET_ESP"),
        (limits.has_vlan(), "VLAN_8021Q"),
    ):
        built_in = f"CONFIG_{option}=y" in configuration
        assert found or not built_in
        assert built_in or f"CONFIG_{option}=m" in configuration or not found


@pytest.mark.lab
def test_each_limit_is_a_sentence_with_its_reason() -> None:
    """What cannot be realised is said in whole sentences."""
    assert all(not limit[0].islower() and limit.endswith(".") and len(limit) > 40 for limit in limits.limits())
