"""Digests of what provisioning hangs on change with it and with nothing else."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from pathlib import Path

import pytest

from infra.plan import Plan
from infra.provisioning.play import PLAYBOOK
from infra.provisioning.sources import host_digests, playbook_environment, tree_digest


def test_tree_digest_follows_names_and_contents_but_not_caches(tmp_path: Path) -> None:
    """A new file, a new name and a new content change it; compiled files do not."""
    (tmp_path / "a.yml").write_text("x")
    first = tree_digest([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert tree_digest([tmp_path]) == first
    (tmp_path / "a.yml").write_text("y")
    second = tree_digest([tmp_path])
    (tmp_path / "a.yml").rename(tmp_path / "b.yml")
    assert len({first, second, tree_digest([tmp_path])}) == 3


@pytest.mark.parametrize("name", ["C", "POSIX", "no_SUCH.eucJP"])
def test_ansible_gets_a_locale_it_can_work_with(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ansible starts, and the inventory with its Japanese names is read, where the caller's locale is not UTF-8."""
    monkeypatch.setenv("LC_ALL", name)
    env = playbook_environment("fuji-fujinomiya", ())
    assert subprocess.run(["ansible-playbook", "--version"], env=env, capture_output=True, check=False).returncode == 0
    command = ["ansible-inventory", "-i", str(PLAYBOOK.parent / "hosts.py"), "--list"]
    shown = subprocess.run(command, env=env, capture_output=True, check=True, encoding="utf-8").stdout
    assert "富士市" in json.dumps(json.loads(shown), ensure_ascii=False)


def test_utf8_locale_of_the_caller_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locale that Ansible can work with is handed on as it is."""
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    env = playbook_environment("fuji-fujinomiya", ())
    assert "LC_ALL" not in env and env["LANG"] == "C.UTF-8"


def test_host_digest_follows_its_own_variables_alone(deck_plan: Plan) -> None:
    """Another value of one host's variable changes that host's digest and no other."""
    nodes = {id_: dataclasses.asdict(node) for id_, node in deck_plan.nodes.items()}
    before = host_digests({id_: {"x": 1} for id_ in nodes}, nodes, "s")
    after = host_digests({id_: {"x": 2 if id_ == "dc-rt-1" else 1} for id_ in nodes}, nodes, "s")
    assert [id_ for id_ in nodes if before[id_] != after[id_]] == ["dc-rt-1"]
    assert all(
        before[id_] != other for id_, other in host_digests({id_: {"x": 1} for id_ in nodes}, nodes, "t").items()
    )
