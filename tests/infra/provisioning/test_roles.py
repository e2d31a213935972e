"""What roles write and start on a node is read from the roles as Ansible reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.provisioning import roles
from infra.provisioning.hostvars import host_variables
from inventory.models.estate import Estate
from topology.model import Network


@pytest.fixture(scope="module")
def variables(estate: Estate, network: Network) -> dict[str, dict[str, Any]]:
    """Return every node's role variables."""
    return host_variables(estate, network, Path("/nowhere"))


def _seen(role: str, node: str, variables: dict[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    found = {"base__container": {"stat": {"exists": True}}, "router__backend": "userspace"}
    return roles.values(role, {**variables[node], "inventory_hostname": node}, {**found, **more})


def test_playbook_says_which_roles_a_node_has() -> None:
    """Every node has the base role, then what its group has."""
    assert roles.roles_of("router") == ("base", "router")
    assert roles.roles_of("database") == ("base", "postgresql", "resident_registry")
    assert roles.roles_of("terminal") == ("base",)


def test_units_follow_what_the_node_does(variables: dict[str, dict[str, Any]]) -> None:
    """A router without a tunnel starts no strongSwan; a database server runs its cluster and no registry."""
    assert roles.units("router", _seen("router", "dc-rt-1", variables)) == (
        "nftables.service", "frr.service", "keepalived.service",
    )  # fmt: skip
    assert "strongswan.service" in roles.units("router", _seen("router", "dc-rt-2", variables))
    database = _seen("postgresql", "dc-fuji-db", variables)
    assert roles.units("postgresql", database) == ("postgresql@17-main.service",)
    assert roles.units("resident_registry", _seen("resident_registry", "dc-fuji-db", variables)) == ()


def test_files_have_their_modes_and_hold_no_secret(variables: dict[str, dict[str, Any]]) -> None:
    """Templates are rendered whole; what a role installs without logging it is left out."""
    files = {file.path: file for file in roles.files("router", _seen("router", "dc-rt-2", variables))}
    assert files["/etc/frr/frr.conf"].mode == "0640"
    assert "hostname dc-rt-2" in files["/etc/frr/frr.conf"].content
    assert files["/usr/local/sbin/municipal-twin-tunnels"].mode == "0755"
    assert not [path for path in files if "secret" in path]
    assert not [file.path for file in files.values() if "router__" in file.content or "item." in file.content]


def test_what_was_found_on_the_node_goes_before_what_follows_from_it(variables: dict[str, dict[str, Any]]) -> None:
    """A variable is evaluated after those that it names; who logs in by SSH is let in, and nobody else."""

    def rules(**more: Any) -> str:
        seen = _seen("router", "dc-rt-2", variables, **more)
        return next(f.content for f in roles.files("router", seen) if f.path == "/etc/nftables.conf")

    assert 'iifname "ipsec*"' in rules()
    assert "meta ipsec exists" in rules(router__backend="kernel")
    assert "dport 22" not in rules()
    assert "ip saddr { 192.0.2.7 } tcp dport 22 accept" in rules(router__session={"stdout": "192.0.2.7 50000 22"})


def test_settings_are_spelled_as_ansible_does(variables: dict[str, dict[str, Any]]) -> None:
    """JSON has four spaces, sorted keys, no letter escaped, and ends with a line."""
    files = {f.path: f for f in roles.files("resident_registry", _seen("resident_registry", "dc-fuji-ap", variables))}
    lines = files["/etc/resident-registry/settings.json"].content.splitlines(keepends=True)
    assert lines[1] == '    "city": "fuji",\n'
    assert '    "city_name_ja": "富士市",\n' in lines
    assert lines[-1] == "}\n"


def test_packages_are_those_of_the_role() -> None:
    """The list that the images are built from is the one that is declared."""
    assert "frr" in roles.packages("router")
    assert "postgresql-17" in roles.packages("postgresql")
