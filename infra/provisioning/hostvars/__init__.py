"""Every host's role variables, derived from the model, one file per role. Leaves how a host is reached to its target.

The Pulumi program and Ansible's own inventory (`playbooks/hosts.py`) both ask here, so both see the same values.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from infra.provisioning.hostvars.base import base_variables
from infra.provisioning.hostvars.router import router_variables
from infra.provisioning.hostvars.service import service_variables
from inventory.models.estate import Estate
from topology.model import Network


def host_variables(estate: Estate, network: Network, secret_folder: Path) -> dict[str, dict[str, Any]]:
    """Return `host → role variables` of every node; secrets are named by their files in `secret_folder` alone."""
    return {
        id_: {
            **base_variables(estate, network, node, secret_folder),
            **(router_variables(estate, network, node, secret_folder) if node.role == "router" else {}),
            **service_variables(estate, network, node, secret_folder),
        }
        for id_, node in sorted(network.nodes.items())
    }
