"""Provisioning: which hosts run again, what drift is, what a failure says. Playbook runs themselves are lab tests."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from memory_place import MemoryPlace

from infra.errors import ProvisioningFailed
from infra.inputs import inputs_of
from infra.plan import Plan
from infra.provider.handler import Call
from infra.provider.registry import handler_for
from infra.provisioning import managed_files, play
from infra.provisioning.managed_files import NodeFiles
from infra.records import ProvisioningInputs

HANDLER = handler_for("twin:provision:Provisioning")
INPUTS = ProvisioningInputs("provisioning", "fuji-fujinomiya", (), "playbooks-1", {"a": "1", "b": "1", "c": "1"})


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collects the hosts of each run instead of running a playbook; nodes answer with one record."""
    runs: list[list[str]] = []

    def run(_estate: str, _overrides: Sequence[str], hosts: Sequence[str], **_rest: Any) -> play.Result:
        runs.append(list(hosts))
        return play.Result(dict.fromkeys(hosts, (10, 2)), 1.0)

    def look(_target: Any, nodes: Any) -> dict[str, NodeFiles]:
        return {node: NodeFiles(f"record-{node}", ()) for node in nodes}

    monkeypatch.setattr(play, "play", run)
    monkeypatch.setattr("infra.provider.handlers.provisioning.look", look)
    return runs


def test_first_run_is_on_every_host(played: list[list[str]], call: Call) -> None:
    """Create provisions all, and keeps each node's record."""
    outputs = HANDLER.create(INPUTS, call)
    assert played == [["a", "b", "c"]]
    assert outputs["records"] == {"a": "record-a", "b": "record-b", "c": "record-c"}
    assert outputs["summary"] == "3 hosts, 6 changes"


def test_changed_host_alone_runs_again(played: list[list[str]], call: Call) -> None:
    """A host whose variables changed is the only one in the limit, and the diff names it."""
    old = HANDLER.create(INPUTS, call)
    new = dataclasses.replace(INPUTS, hosts={**INPUTS.hosts, "b": "2"})
    assert set(HANDLER.diff(old, inputs_of(new)).detailed_diff) == {"hosts.b"}
    HANDLER.update(old, new, call)
    assert played[-1] == ["b"]


def test_changed_playbooks_run_everywhere(played: list[list[str]], call: Call) -> None:
    """A changed role concerns every host."""
    old = HANDLER.create(INPUTS, call)
    HANDLER.update(old, dataclasses.replace(INPUTS, sources="playbooks-2"), call)
    assert played[-1] == ["a", "b", "c"]


def test_drifted_host_alone_is_mended(played: list[list[str]], call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edited file is told as `frr.conf (/etc/frr) edited`, and only its host runs again."""
    old = HANDLER.create(INPUTS, call)

    def look(_target: Any, nodes: Any) -> dict[str, NodeFiles]:
        edited = {"c": NodeFiles("record-c", ("frr.conf (/etc/frr) edited",))}
        return {node: edited.get(node, NodeFiles(f"record-{node}", ())) for node in nodes}

    monkeypatch.setattr("infra.provider.handlers.provisioning.look", look)
    found = HANDLER.read(INPUTS, old, call)
    assert found is not None and found.drift == ("c: frr.conf (/etc/frr) edited",)
    HANDLER.update({**old, **found.outputs, "drift": list(found.drift)}, INPUTS, call)
    assert played[-1] == ["c"]


def test_host_taken_out_needs_no_run(played: list[list[str]], call: Call) -> None:
    """A host that left the estate is forgotten without a run."""
    old = HANDLER.create(INPUTS, call)
    outputs = HANDLER.update(old, dataclasses.replace(INPUTS, hosts={"a": "1", "b": "1"}), call)
    assert len(played) == 1 and set(outputs["records"]) == {"a", "b"}


def test_nodes_that_cannot_be_looked_at_are_drift(memory: MemoryPlace, deck_plan: Plan) -> None:
    """A node that is down, and one that was never provisioned, are told in words, not as an error of the refresh."""
    memory.ensure_node(deck_plan.nodes["dc-rt-1"], lambda _: None)
    (memory.folder / "answer-dc-rt-1.json").write_text(json.dumps({"record": "", "found": {}}))
    found = managed_files.drift(managed_files.look(memory, ["dc-rt-1", "dc-rt-2"]), {})
    assert found["dc-rt-1"] == (managed_files.NOT_PROVISIONED,)
    assert "not up" in found["dc-rt-2"][0]


def test_changed_record_is_drift(memory: MemoryPlace, deck_plan: Plan) -> None:
    """A record that someone rewrote to fit edited files does not hide them."""
    memory.ensure_node(deck_plan.nodes["dc-rt-1"], lambda _: None)
    (memory.folder / "answer-dc-rt-1.json").write_text(json.dumps({"record": "new", "found": {}}))
    found = managed_files.look(memory, ["dc-rt-1"])
    assert managed_files.drift(found, {"dc-rt-1": "old"}) == {"dc-rt-1": ("the record of managed files was changed",)}
    assert managed_files.drift(found, {"dc-rt-1": "new"}) == {}


def test_script_on_the_node_finds_edits_modes_and_lost_files(tmp_path: Path) -> None:
    """The command that runs on a node tells an edited, a gone and a reopened file apart, and leaves good ones alone."""
    files = {name: tmp_path / name for name in ("good", "edited", "gone", "opened")}
    kept = {}
    for path in files.values():
        path.write_text(path.name)
        path.chmod(0o600)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        kept[str(path)] = {"role": "r", "sha256": digest, "mode": "0o600"}
    record = tmp_path / "managed.json"
    record.write_text(json.dumps({"files": kept}))
    files["edited"].write_text("other")
    files["gone"].unlink()
    files["opened"].chmod(0o644)
    script = managed_files._SCRIPT.replace("/var/lib/municipal-twin/managed.json", str(record))
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    found = {Path(path).name: words for path, words in json.loads(shown.stdout)["found"].items()}
    assert found == {"edited": "edited", "gone": "gone", "opened": "mode 644 instead of 600"}


def test_nothing_to_provision_is_a_finding() -> None:
    """An estate without hosts is refused."""
    assert "expected at least one host" in dict(HANDLER.problems(dataclasses.replace(INPUTS, hosts={})))["hosts"]


def test_unreachable_host_is_named_with_task_and_words(call: Call) -> None:
    """A real run against a host that nobody answers for names host, task, the connection's words and the log."""
    inputs = dataclasses.replace(INPUTS, hosts={"dc-rt-1": "1"})
    with pytest.raises(ProvisioningFailed) as caught:
        HANDLER.create(inputs, call)
    said = str(caught.value)
    assert "dc-rt-1: " in said and "127.0.0.1" in said and "provisioning.log" in said
    assert (call.place.state / "logs" / "provisioning.log").stat().st_size > 0
    assert not list(call.place.state.glob("ansible-*"))
