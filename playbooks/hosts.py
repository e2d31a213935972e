#!/usr/bin/env python3
"""Ansible's dynamic inventory: groups and role variables derived from the estate.

`ansible-playbook -i playbooks/hosts.py playbooks/site.yml` provisions the estate by hand. Which estate and where it
stands come from the environment: MUNICIPAL_TWIN_ESTATE, MUNICIPAL_TWIN_SET (JSON list of PATH=VALUE),
MUNICIPAL_TWIN_CONNECTIONS (JSON file `node → connection variables`, written by the provider; without it, the lab's).
Secrets are named by path only; their values never pass through here.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from infra.provisioning.hostvars import host_variables  # noqa: E402 - found on the path set above
from infra.targets.lab.connection import connection_variables  # noqa: E402 - found on the path set above
from infra.targets.lab.names import Names  # noqa: E402 - found on the path set above
from inventory.load import load_estate  # noqa: E402 - found on the path set above
from inventory.problems import InventoryError  # noqa: E402 - found on the path set above
from topology.build import build_network  # noqa: E402 - found on the path set above
from topology.secret_files import folder  # noqa: E402 - found on the path set above

GROUPS = {"router": "routers", "database": "databases", "application": "applications", "terminal": "terminals"}


def inventory_of(estate_name: str, overrides: dict[str, str], connections: dict[str, Any]) -> dict[str, Any]:
    """Return the inventory as Ansible's script protocol wants it, with all host variables in `_meta`.

    Raises InventoryError where the estate is invalid.
    """
    estate = load_estate(estate_name, overrides)
    network = build_network(estate)
    secret_folder = folder(Path(os.environ.get("MUNICIPAL_TWIN_ROOT") or ROOT), estate.name)
    names = Names()
    hostvars: dict[str, dict[str, Any]] = {}
    groups: dict[str, list[str]] = {name: [] for name in GROUPS.values()}
    for id_, variables in host_variables(estate, network, secret_folder).items():
        if connections and id_ not in connections:
            continue
        groups[GROUPS[network.nodes[id_].role]].append(id_)
        reached = connections[id_] if connections else connection_variables(names.container(id_))
        hostvars[id_] = {**variables, **reached}
    return {"_meta": {"hostvars": hostvars}, **{name: {"hosts": hosts} for name, hosts in groups.items()}}


def main() -> int:
    """Answer `--list` and `--host NAME`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--host")
    options = parser.parse_args()
    overrides = dict(text.split("=", 1) for text in json.loads(os.environ.get("MUNICIPAL_TWIN_SET", "[]")))
    connections_file = os.environ.get("MUNICIPAL_TWIN_CONNECTIONS")
    connections = json.loads(Path(connections_file).read_text()) if connections_file else {}
    try:
        result = inventory_of(os.environ.get("MUNICIPAL_TWIN_ESTATE", "fuji-fujinomiya"), overrides, connections)
    except InventoryError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps({} if options.host else result, ensure_ascii=False, indent=1, sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
