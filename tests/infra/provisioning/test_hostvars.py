"""The program and Ansible see the same variables of every host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.plan import Plan
from infra.provisioning.hostvars import host_variables
from infra.provisioning.hostvars.router import router_variables
from inventory.load import estate_names, load_estate
from inventory.models.estate import Estate
from topology.build import build_network
from topology.secret_files import folder

ROOT = Path(__file__).parents[3]


def test_program_and_ansible_see_the_same_variables(deck: Estate, deck_plan: Plan, tmp_path: Path) -> None:
    """What the program takes digests of is what `hosts.py` lists, but for the way to reach a host."""
    shown = subprocess.run(
        [sys.executable, str(ROOT / "playbooks" / "hosts.py"), "--list"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MUNICIPAL_TWIN_ROOT": str(tmp_path)},
    )
    listed = json.loads(shown.stdout)["_meta"]["hostvars"]
    role_variables = {
        host: {name: value for name, value in variables.items() if not name.startswith("ansible_")}
        for host, variables in listed.items()
    }
    assert host_variables(deck, build_network(deck), folder(tmp_path, deck.name)) == role_variables
    assert set(role_variables) == set(deck_plan.nodes)


@pytest.mark.parametrize("name", estate_names())
def test_every_gateway_has_routers_that_hold_it(name: str, tmp_path: Path) -> None:
    """Each router of a segment is told of its gateway, also one that stands alone: else hosts there reach nothing."""
    estate = load_estate(name)
    network = build_network(estate)
    for gateway in network.gateways.values():
        for router in gateway.routers:
            told = router_variables(estate, network, network.nodes[router], tmp_path)["router__vrrp"]
            assert str(gateway.address) in [one["address"] for one in told], f"{router} on {gateway.segment}"
