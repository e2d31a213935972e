"""On the running lab: what someone changed by hand is shown by a plain preview, and the next `up` mends it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.targets.target import Target

pytestmark = pytest.mark.lab
ROOT = Path(__file__).resolve().parent.parent.parent
ROUTER = "dc-rt-1"
TERMINAL = "fuji-terminal"


def _shell(command: str, expect: int = 0) -> str:
    """Run a command in a shell with the clone activated; the colours and dialogue of a terminal are off."""
    script = f". ./activate && {command}"
    env = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, timeout=900, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == expect, said
    return said


def _change_shaper(_target: Target) -> None:
    namespace = "ip netns exec twin-s-fuji-wan-1"
    shown = subprocess.run(f"{namespace} tc qdisc show".split(), capture_output=True, text=True, check=True).stdout
    found = re.search(r"qdisc tbf (\S+) dev (\S+) (?:root|parent \S+) ", shown)
    assert found, shown
    change = f"{namespace} tc qdisc change dev {found[2]} root handle {found[1]} tbf rate 3mbit burst 64kb latency 50ms"
    subprocess.run(change.split(), capture_output=True, check=True)


def _remove_container(_target: Target) -> None:
    subprocess.run(["podman", "rm", "-f", "-t", "0", f"twin-{TERMINAL}"], capture_output=True, check=True)


def _delete_address(target: Target) -> None:
    assert target.run(ROUTER, ["ip", "address", "flush", "dev", "wan1"]).returncode == 0


def _edit_configuration(target: Target) -> None:
    assert target.run(ROUTER, ["sh", "-c", "echo '! by hand' >> /etc/frr/frr.conf"]).returncode == 0


DRIFTS: dict[str, tuple[Callable[[Target], None], str]] = {
    "a shaper changed": (_change_shaper, r"drift: segment fuji-wan-1: .*shaped to 3 Mbit"),
    "a container removed": (_remove_container, rf"drift: (node )?{TERMINAL}.* gone"),
    "an address deleted": (_delete_address, rf"drift: node {ROUTER}: .*wan1"),
    "frr.conf edited": (_edit_configuration, rf"drift: {ROUTER}: frr\.conf \(/etc/frr\) edited"),
    "a circuit left cut": (lambda target: target.cut_segment("fuji-wan-2"), r"drift: segment fuji-wan-2: .*cut"),
}


def test_plain_preview_shows_every_drift_and_up_mends_it(lab: Target) -> None:
    """Five changes by hand are each told in words by `pulumi preview`; after `make up` nothing is left to do.

    The database's content is the same before and after.
    """
    count = ["su", "-", "postgres", "-c", "psql -At -d resident_registry -c 'select count(*) from pg_class'"]
    before = lab.run("dc-fuji-db", count).stdout
    _shell("pulumi preview --non-interactive --expect-no-changes")
    for change, _ in DRIFTS.values():
        change(lab)
    said = _shell("pulumi preview --non-interactive --color never")
    missing = {name: words for name, (_, words) in DRIFTS.items() if not re.search(words, said)}
    assert not missing, said
    assert "drift" in _shell("pulumi preview --non-interactive --expect-no-changes", expect=7)
    _shell("make up")
    assert "drift" not in _shell("pulumi preview --non-interactive --expect-no-changes")
    assert lab.run("dc-fuji-db", count).stdout == before != ""
