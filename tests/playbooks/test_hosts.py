"""The dynamic inventory gives every node the variables that its roles ask for, and no secret."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ROLES = {"routers": "router", "databases": "postgresql", "applications": "resident_registry"}


def _listed(**environment: str) -> dict[str, Any]:
    shown = subprocess.run(
        [sys.executable, str(ROOT / "playbooks" / "hosts.py"), "--list"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", **environment},
    )
    result: dict[str, Any] = json.loads(shown.stdout)
    return result


def _required(role: str) -> set[str]:
    specs = yaml.safe_load((ROOT / "playbooks" / "roles" / role / "meta" / "argument_specs.yml").read_text())
    options = specs["argument_specs"]["main"]["options"]
    return {name for name, option in options.items() if option.get("required")}


@pytest.mark.parametrize(("group", "role"), ROLES.items())
def test_every_required_variable_is_given(group: str, role: str) -> None:
    """Each host of a group has all variables that its role's specification requires."""
    listed = _listed()
    assert listed[group]["hosts"]
    for host in listed[group]["hosts"]:
        assert _required(role) <= set(listed["_meta"]["hostvars"][host])


@pytest.mark.parametrize(("group", "role"), ROLES.items())
def test_no_variable_is_unknown_to_its_role(group: str, role: str) -> None:
    """A variable with a role's prefix stands in that role's specification."""
    specs = yaml.safe_load((ROOT / "playbooks" / "roles" / role / "meta" / "argument_specs.yml").read_text())
    known = set(specs["argument_specs"]["main"]["options"])
    listed = _listed()
    for host in listed[group]["hosts"]:
        given = {name for name in listed["_meta"]["hostvars"][host] if name.startswith(f"{role}__")}
        assert given <= known


def test_secrets_are_named_by_path_alone() -> None:
    """Whatever ends in `_file` is a path under the clone's private folder; nothing else speaks of a secret."""
    for variables in _listed()["_meta"]["hostvars"].values():
        for name, value in variables.items():
            if name.endswith("_file"):
                assert "/.state/secrets/" in value
            assert not name.endswith(("_password", "_psk", "_key"))


def test_every_host_stands_in_one_group() -> None:
    """No node is left out of the groups and none stands in two."""
    listed = _listed()
    assert len(listed["_meta"]["hostvars"]) == sum(len(listed[group]["hosts"]) for group in listed if group != "_meta")


def test_given_connections_win(tmp_path: Path) -> None:
    """A machine that exists is reached as its connection says, and it alone is listed."""
    file = tmp_path / "connections.json"
    file.write_text(json.dumps({"fuji-terminal": {"ansible_connection": "ssh", "ansible_host": "192.0.2.1"}}))
    listed = _listed(MUNICIPAL_TWIN_CONNECTIONS=str(file))
    assert list(listed["_meta"]["hostvars"]) == ["fuji-terminal"]
    assert listed["_meta"]["hostvars"]["fuji-terminal"]["ansible_connection"] == "ssh"


def test_mitogen_is_used_where_its_strategy_is_chosen() -> None:
    """The lab's connection follows the strategy, so that both ways work."""
    mitogen = _listed(ANSIBLE_STRATEGY="mitogen_linear")["_meta"]["hostvars"]["fuji-terminal"]
    stock = _listed()["_meta"]["hostvars"]["fuji-terminal"]
    assert mitogen["ansible_connection"] == "mitogen_podman"
    assert stock["ansible_connection"] == "containers.podman.podman"


def test_both_readings_of_the_encryption_give_tunnels() -> None:
    """With the encryption read as covering all circuits, every router of a circuit's ends gets tunnels."""
    chosen = json.dumps(["readings.encryption-scope.choice=all-circuits"])
    variables = _listed(MUNICIPAL_TWIN_SET=chosen)["_meta"]["hostvars"]
    assert all(variables[host]["router__tunnels"] for host in variables if "router__tunnels" in variables[host])
    assert len(_listed()["_meta"]["hostvars"]["dc-rt-2"]["router__tunnels"]) == 1
    assert len(variables["dc-rt-2"]["router__tunnels"]) > 1


def test_underlay_of_a_tunnel_passes_nothing_in_the_clear() -> None:
    """A port that tunnels run over is told to let IKE and ESP pass alone, and has no routing of its own."""
    chosen = json.dumps(["readings.encryption-scope.choice=all-circuits"])
    router = _listed(MUNICIPAL_TWIN_SET=chosen)["_meta"]["hostvars"]["dc-rt-1"]
    underlays = {tunnel["underlay_interface"] for tunnel in router["router__tunnels"]}
    assert underlays == {"wan1", "wan2", "main"}
    told = {port["name"] for port in router["router__interfaces"] if port.get("carrier") and "ospf" not in port}
    assert told == underlays
