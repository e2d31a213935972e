"""The program and the provider under the real Pulumi command, on a place that is only a folder.

One stack is brought up as far as a place without machines allows: everything stands, provisioning finds nobody there.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_stack import Stack

from infra.plan import Plan

BROKEN = "promises.terminals-back-in-3s.limit=500 ms"


@pytest.fixture
def fresh(tmp_path: Path) -> Stack:
    """A stack where nothing stands."""
    return Stack(tmp_path)


@pytest.fixture(scope="module")
def stood(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stack, str]:
    """A stack that stands but for its provisioning, and what `up` said."""
    stack = Stack(tmp_path_factory.mktemp("stack"))
    return stack, stack.up(expect=None)


@pytest.fixture
def standing(stood: tuple[Stack, str]) -> Iterator[Stack]:
    """The standing stack; whatever a test did to the place is undone by the next `up`."""
    yield stood[0]
    stood[0].set()


def _made(stack: Stack) -> list[str]:
    return [entry for entry in stack.memory.calls() if not entry.startswith(("read", "run"))]


@pytest.mark.parametrize(
    "command",
    [
        ("preview",),
        ("up", "--yes", "--skip-preview"),
        ("up", "--yes", "--skip-preview", "--target", "**Segment::fuji-wan-1"),
    ],
)
def test_broken_promise_ends_the_run_with_nothing_changed(fresh: Stack, command: tuple[str, ...]) -> None:
    """Preview, up, and up with a target all end before the first resource, naming what to change."""
    fresh.set(BROKEN)
    said = fresh.run(*command, expect=None)
    assert "the gate is closed, nothing was changed" in said
    assert re.search(
        r"BROKEN: terminals-back-in-3s: \w+ after [\w-]+: [\d.]+ s \(limit 0\.50 s\); change \w+\.yaml:\d+", said
    )
    assert fresh.memory.calls() == []
    assert not (fresh.clone / ".state" / "secrets").exists()
    assert not (fresh.clone / ".state" / "evidence").exists()
    assert {name for name in fresh.resources() if not name.startswith("municipal-twin-")} == set()


def test_invalid_estate_ends_the_run_with_every_problem(fresh: Stack) -> None:
    """Each problem comes with its file, line and path; nothing is registered."""
    fresh.set("circuits.fuji-wan-1.rate=-1 Gbps", "timers.bfd.multiplier=zero")
    said = fresh.run("preview", expect=None)
    assert re.search(r"circuits\.yaml:\d+: circuits\.fuji-wan-1\.rate: ", said)
    assert re.search(r"behaviour\.yaml:\d+: timers\.bfd\.multiplier: ", said)
    assert fresh.memory.calls() == []


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("target", "cloud", "`cloud` is unknown, expected lab or hosts"),
        ("set", "lab.rate_divisor=40", "config set: is not JSON"),
        ("estate", "nowhere", "no estate `nowhere`"),
    ],
)
def test_wrong_configuration_is_one_clear_line(fresh: Stack, key: str, value: str, words: str) -> None:
    """The key, what is wrong and the way to mend it."""
    fresh.run("config", "set", key, value)
    assert words in fresh.run("preview", expect=None)


def test_preview_shows_the_gate_and_touches_nothing(fresh: Stack, deck_plan: Plan) -> None:
    """A passing gate prints each scenario's figures; the place, the secrets and the evidence stay untouched."""
    said = fresh.run("preview")
    assert re.search(r"after fuji-wan-1-cut: fuji [\d.]+ s \(at most 3\.00 s\)", said)
    assert re.search(r"\+ \d+ to create", said)
    assert fresh.memory.calls() == []
    assert {path.name for path in (fresh.clone / ".state").iterdir()} == {"gate"}
    assert len(deck_plan.nodes) > 10


def test_everything_stands_before_provisioning(stood: tuple[Stack, str], deck_plan: Plan) -> None:
    """All segments and nodes were made, each with its progress; the failure names host, task and words."""
    stack, said = stood
    made = set(_made(stack))
    assert {f"ensure segment {id_}" for id_ in deck_plan.segments} <= made
    assert {f"ensure node {id_}" for id_ in deck_plan.nodes} <= made
    assert "segment fuji-wan-1: step 2/2" in said
    assert re.search(r"(dc|fb|fm|fuji|fujinomiya)-[\w-]+: [\w ]+: .*127\.0\.0\.1", said)
    assert "provisioning" not in stack.resources()


def test_second_preview_would_change_nothing_that_stands(standing: Stack) -> None:
    """Only what never succeeded is left to do."""
    said = standing.run("preview")
    assert re.search(r"\+ 2 to create", said)
    assert "to update" not in said and "to replace" not in said


def test_plain_preview_shows_drift_in_words_and_up_mends_it(standing: Stack) -> None:
    """A changed rate and a vanished node are told with what was found, and made good again."""
    path = standing.memory.file("segment", "fuji-wan-1")
    path.write_text(json.dumps({**json.loads(path.read_text()), "rate_bps": 3e7}))
    standing.memory.file("node", "dc-rt-2").unlink()
    before = _made(standing)
    said = standing.run("preview", "--diff")
    assert "drift: segment fuji-wan-1: rate_bps is 30000000.0" in said
    assert re.search(r"rate_bps *: 50000000 => 30000000", said)
    assert re.search(r"rate_bps *: 30000000 => 50000000", said)
    assert "drift: dc-rt-2 is gone; `up` makes it again" in said
    assert _made(standing) == before
    standing.up("--target", "**Segment::fuji-wan-1", "--target", "**Node::dc-rt-2")
    assert _made(standing)[len(before) :].count("ensure segment fuji-wan-1") == 1
    assert "ensure node dc-rt-2" in _made(standing)[len(before) :]
    assert "drift" not in standing.run("preview")


def test_preview_exits_as_asked_where_something_drifted(standing: Stack) -> None:
    """`--expect-no-changes` fails on drift with Pulumi's own exit code."""
    standing.memory.file("node", "fuji-terminal").unlink()
    assert "is gone" in standing.run("preview", "--expect-no-changes", expect=7)
    standing.up("--target", "**Node::fuji-terminal")


def test_changed_rate_is_an_update_and_changed_memory_a_replacement_without_the_volume(standing: Stack) -> None:
    """A scale of 1:40 updates segments in place; another memory replaces the node and leaves its data alone."""
    standing.set("lab.rate_divisor=40", "devices.dc-fuji-db.memory=2 GiB")
    said = standing.run("preview")
    assert re.search(r"~ +twin:network:Segment fuji-wan-1 update \[diff: ~rate_bps\]", said)
    assert re.search(r"\+- +twin:compute:Node dc-fuji-db replace .*~memory_bytes", said)
    assert not re.search(r"twin:storage:Volume \S+ (update|replace|delete)", said)
    before = _made(standing)
    standing.up("--target", "**Node::dc-fuji-db")
    done = _made(standing)[len(before) :]
    assert done.index("remove node dc-fuji-db") < done.index("ensure node dc-fuji-db")
    assert not any("volume" in entry for entry in done)


def test_secrets_stand_nowhere_in_plain_text(standing: Stack) -> None:
    """State with its backups and history, logs, evidence, connections and Pulumi's own folder hold no secret."""
    folder = standing.clone / ".state" / "secrets" / "fuji-fujinomiya"
    secrets = set()
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        if path.suffix != ".crt":
            lines = [line for line in path.read_text().split() if not line.startswith("-") and len(line) > 15]
            secrets.update(line.encode() for line in lines)
    assert len(secrets) > len(list(folder.glob("*.password")))
    places = [standing.folder / name for name in ("backend", "home", "place", "project")]
    places += [path for path in (standing.clone / ".state").iterdir() if path.name != "secrets"]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert any(".bak" in path.name or "history" in path.parts for path in files)
    found = {path for path in files for secret in secrets if secret in path.read_bytes()}
    assert found == set()
    assert standing.resources()["authority"]["outputs"]["key"].keys() >= {"ciphertext"}


def test_gate_is_recorded_once_in_the_evidence(standing: Stack) -> None:
    """Previews append nothing; a second up with the same result appends nothing."""
    records = standing.clone / ".state" / "evidence" / "records.jsonl"
    standing.up("--target", "**Gate::gate")
    before = records.read_text()
    assert '"gate"' in before
    standing.run("preview")
    standing.up("--target", "**Gate::gate")
    assert records.read_text() == before


def test_killed_command_leaves_no_plugin(fresh: Stack) -> None:
    """SIGKILL to `pulumi up` in the middle of a create ends the plugin as well."""
    (fresh.memory.folder / "hold").touch()
    command = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive"]
    process = subprocess.Popen(
        command, cwd=fresh.project, env=fresh.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    pid_file = fresh.memory.folder / "pid"
    try:
        _wait_until(pid_file.exists)
        plugin = int(pid_file.read_text())
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    _wait_until(lambda: not _alive(plugin))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def _wait_until(condition, limit_s: float = 60.0) -> None:  # noqa: ANN001
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
