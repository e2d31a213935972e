"""Digests of what provisioning hangs on change with it and with nothing else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from infra.plan import Plan
from infra.provisioning.sources import host_digests, tree_digest


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


def test_host_digest_follows_its_own_variables_alone(deck_plan: Plan) -> None:
    """Another value of one host's variable changes that host's digest and no other."""
    nodes = {id_: dataclasses.asdict(node) for id_, node in deck_plan.nodes.items()}
    before = host_digests({id_: {"x": 1} for id_ in nodes}, nodes, "s")
    after = host_digests({id_: {"x": 2 if id_ == "dc-rt-1" else 1} for id_ in nodes}, nodes, "s")
    assert [id_ for id_ in nodes if before[id_] != after[id_]] == ["dc-rt-1"]
    assert all(
        before[id_] != other for id_, other in host_digests({id_: {"x": 1} for id_ in nodes}, nodes, "t").items()
    )
