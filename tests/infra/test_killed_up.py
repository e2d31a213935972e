"""`make up` of the real lab, killed again and again, completes afterwards; `make down` without a state leaves nothing.

Killed at five moments, each time once the command alone and once with its whole process group, so that every run finds
what a killed one left. Needs that no lab stands, so it comes before the tests that share one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.targets.target import Target

pytestmark = [pytest.mark.lab, pytest.mark.before_lab]
ROOT = Path(__file__).resolve().parents[2]
BACKEND = ROOT / ".state" / "pulumi"

# The moment at which the command alone is killed, then the one for its whole group: a word of the run's own progress
# that comes in every run, however far the ones before it came.
MOMENTS = {
    "the gate has passed": (r"gate: \d+ of \d+ predictions", r"gate: \d+ of \d+ predictions"),
    "segments are made": (r"twin:network:Segment \S+ creating", r"twin:(network:Segment|compute:Node) \S+ creat"),
    "nodes are made": (r"twin:compute:Node \S+ creating", r"twin:compute:Node \S+ created"),
    "nodes are provisioned": (r"twin:provision:Provisioning .* task 1\d:", r"twin:provision:Provisioning .* task 6\d:"),
    "the estate is verified": (r"twin:evidence:Verification \S+ creating", r"twin:evidence:Verification .* check 31 "),
}
KILLS = [(f"{moment}, {'whole group' if group else 'alone'}", words[group], group)
         for moment, words in MOMENTS.items() for group in (False, True)]  # fmt: skip


@pytest.fixture
def no_lab(target: Target) -> Iterator[None]:
    """No lab stands before, and none is left behind."""
    if target.running():
        pytest.skip("a lab stands on this host and would not be built anew; `make down` first")
    yield
    subprocess.run(["make", "down"], cwd=ROOT, capture_output=True, check=False)


def _killed_at(words: str, *, group: bool) -> str:
    """Run `make up`, kill it when its progress says these words, and return all that it said until then."""
    command = ["make", "--no-print-directory", "up"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, process_group=0
    )
    assert process.stdout is not None
    said = []
    with process.stdout:
        for line in process.stdout:
            said.append(line)
            if re.search(words, line):
                break
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    assert process.wait() == -signal.SIGKILL, "".join(said)
    return "".join(said)


def _shell(command: str) -> str:
    done = subprocess.run(
        ["bash", "-c", f". ./activate && {command}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _on_this_host() -> dict[str, set[str]]:
    """Return what a lab is made of, as this host shows it, and the processes that work for this clone."""
    commands = {
        "containers": "podman ps --all --external --format '{{.Names}}'",
        "volumes": "podman volume ls --format '{{.Name}}'",
        "namespaces": "ip netns list",
        "interfaces": "ip -o link show | cut -d: -f2",
        "mounts": "cut -d' ' -f2 /proc/self/mounts",
    }
    shown = {
        what: set(subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout.split())
        for what, command in commands.items()
    }
    return {**shown, "processes": _working_for_this_clone()}


def _working_for_this_clone() -> set[str]:
    """Return the Pulumi commands, plugins, programs and playbooks of this clone that are at work."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            words = (folder / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
        except OSError:
            continue
        of_a_run = any(pair.startswith(b"MUNICIPAL_TWIN_RUN=") for pair in environment)
        if of_a_run and f"MUNICIPAL_TWIN_ROOT={ROOT}".encode() in environment and "conmon" not in words:
            found.add(words)
    return found


@pytest.mark.timeout(2400)
@pytest.mark.usefixtures("no_lab")
def test_up_that_was_killed_completes_and_down_without_a_state_leaves_nothing() -> None:
    """After ten kills one run completes with nothing pending or left to do; without its state all is removed."""
    before = _on_this_host()
    for what, words, group in KILLS:
        said = _killed_at(words, group=group)
        assert re.search(words, said), f"{what}: never said\n{said}"
    done = subprocess.run(["make", "up"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    deployment = json.loads(_shell("pulumi stack export --stack lab"))["deployment"]
    assert "pending_operations" not in deployment
    assert not list((BACKEND / ".pulumi" / "locks").rglob("*.json"))
    assert _working_for_this_clone() == before["processes"] == set()
    _shell("pulumi preview --stack lab --non-interactive --expect-no-changes")
    shutil.rmtree(BACKEND / ".pulumi")
    done = subprocess.run(["make", "down"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _on_this_host() == before
