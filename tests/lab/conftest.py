"""What the checks of the running estate share: one testinfra host per node and look-ups that are read once."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

import pytest
import testinfra
from testinfra.host import Host

from infra.targets.target import Target


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every check in this folder as one of the running lab; machines that exist leave out what needs them all."""
    for item in items:
        if "tests/lab/" in item.path.as_posix():
            item.add_marker("lab")
            whole = "hosts" in getattr(item, "fixturenames", ()) and not hasattr(item, "callspec")
            if whole and config.getoption("--target") == "hosts":
                item.add_marker(
                    pytest.mark.skip(reason="looks at the network as a whole, which one machine does not show")
                )


@pytest.fixture(scope="session")
def hosts(lab: Target) -> Callable[[str], Host]:
    """Return the testinfra host of a node, made once."""

    @functools.cache
    def host(node: str) -> Host:
        return testinfra.get_host(lab.testinfra_uri(node))

    return host


@pytest.fixture(scope="session")
def links(hosts: Callable[[str], Host]) -> Callable[[str], dict[str, dict[str, Any]]]:
    """Return the links of a node by name, as `ip -j -d address` shows them, read once."""

    @functools.cache
    def read(node: str) -> dict[str, dict[str, Any]]:
        found = json.loads(hosts(node).check_output("ip -j -d address show"))
        return {link["ifname"]: link for link in found}

    return read


@pytest.fixture(scope="session")
def vtysh(hosts: Callable[[str], Host]) -> Callable[[str, str], Any]:
    """Return FRR's answer to a `show … json` command on a router."""

    def ask(node: str, command: str) -> Any:
        return json.loads(hosts(node).check_output("vtysh -c %s", command))

    return ask
