"""Topologies of netlab and containerlab become estates of their network part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from inventory.load import estate_names, load_estate
from topology.build import build_network
from topology.check import check_estate
from topology.exports.containerlab import containerlab
from topology.exports.netlab import netlab
from topology.imports.topologies import FORMS, import_topology

MAKERS = {"netlab": netlab, "containerlab": containerlab}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", estate_names())
def test_exported_topology_comes_back(tmp_path: Path, name: str, form: str) -> None:
    """Every node, prefix, address and loopback of the file is in the estate, which exports the same links again."""
    estate = load_estate(name)
    network = build_network(estate)
    file = tmp_path / "topology.yml"
    file.write_text(MAKERS[form](estate, network), encoding="utf-8")
    outcome = import_topology(form, file, tmp_path / "again")
    assert outcome.findings == ()
    again = check_estate(str(tmp_path / "again"))
    rebuilt = build_network(again)
    assert set(rebuilt.nodes) == {*network.nodes, *network.carrier_networks}
    addresses = {str(address) for segment in network.segments for _, _, address in network.attached(segment)}
    assert {str(port.address) for port in rebuilt.interfaces} == addresses
    loopbacks = {node.id: node.loopback for node in network.routers()}
    assert {node.id: node.loopback for node in rebuilt.routers() if node.id in loopbacks} == loopbacks
    assert _links(again, rebuilt) == _links(estate, network)


def _links(estate: Any, network: Any) -> set[tuple[str, tuple[str, ...]]]:
    topology = yaml.safe_load(netlab(estate, network))
    return {
        (link["prefix"]["ipv4"], tuple(sorted(end["ipv4"] for end in link["interfaces"]))) for link in topology["links"]
    }


@pytest.mark.parametrize(
    ("form", "text", "said"),
    [
        ("netlab", "nodes: [r1, r2]\n", "t.yml:1: nodes: is no mapping; expected nodes by name"),
        ("netlab", "nodes: {r1: {}}\nlinks:\n- {interfaces: [{node: r1}]}\n", "t.yml:3: no address for `r1`"),
        ("netlab", "nodes: {r1: {}}\nlinks:\n- r1-r2\n", "t.yml:3: no address for the nodes of `link-1`"),
        ("containerlab", "topology: {}\n", "t.yml:1: topology.nodes: is no mapping; expected nodes by name"),
        ("netlab", "a: [\n", "t.yml:2: is not YAML"),
        ("netlab", "nodes: {r1: {}}\nlinks:\n- {interfaces: [{node: r9, ipv4: 10.0.0.1/30}]}\n",
         "t.yml:3: device: `r9` stands in no list"),
    ],
)  # fmt: skip
def test_what_a_topology_leaves_to_its_tool_is_told_by_line(tmp_path: Path, form: str, text: str, said: str) -> None:
    """Nodes without names, links without addresses and files that are none: told with their line, nothing written."""
    (tmp_path / "t.yml").write_text(text, encoding="utf-8")
    outcome = import_topology(form, tmp_path / "t.yml", tmp_path / "estate")
    assert any(str(finding).startswith(said) for finding in outcome.findings), list(map(str, outcome.findings))
    assert not outcome.written
