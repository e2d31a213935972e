"""Options and fixtures of the whole test run: which estate, which target, and a lab that stands while tests need it.

The lab comes up by `make up` when the first test asks for it and goes by `make down` afterwards, unless it stood before
or `--running` says that whoever started pytest looks after it.
"""

from __future__ import annotations

import dataclasses
import functools
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from infra.targets.target import Target
    from inventory.models.estate import Estate
    from topology.model import Network

ROOT = Path(__file__).parent.parent


def pytest_configure() -> None:
    """Take interrupts as a terminal gives them, which children of a script in the background ignore; time no case."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # How long a case takes is the machine's affair: it proves nothing about what is tested.
    hypothesis.settings.register_profile("any machine", deadline=None)
    hypothesis.settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that say what is under test."""
    group = parser.getgroup("estate")
    group.addoption("--estate", default="fuji-fujinomiya", help="name or folder of the estate under test")
    group.addoption("--set", action="append", default=[], dest="overrides", help="replace a value: PATH=VALUE")
    group.addoption("--target", default="lab", help="where it stands: lab or hosts")
    group.addoption("--hosts-file", default=None, help="with --target hosts: the file that names the machines")
    group.addoption("--running", action="store_true", help="the estate stands already; do not bring it up")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first the tests that build the lab themselves: later ones find it standing."""
    items.sort(key=lambda item: item.get_closest_marker("before_lab") is None)


@functools.cache
def _estate(name: str, overrides: tuple[str, ...]) -> Estate:
    from inventory.load import load_estate

    return load_estate(name, dict(text.split("=", 1) for text in overrides))


def _estate_of(config: pytest.Config) -> Estate:
    return _estate(config.getoption("--estate"), tuple(config.getoption("overrides")))


@functools.cache
def _network(estate_name: str, overrides: tuple[str, ...]) -> Network:
    from topology.build import build_network

    return build_network(_estate(estate_name, overrides))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one case per thing of the model for tests that name `each_port`, `each_node` and the like."""
    from model_cases import CASES

    wanted = [name for name in metafunc.fixturenames if name in CASES]
    if wanted:
        config = metafunc.config
        network = _network(config.getoption("--estate"), tuple(config.getoption("overrides")))
        for name in wanted:
            cases = _standing(config, CASES[name](_estate_of(config), network))
            metafunc.parametrize(name, list(cases.values()), ids=list(cases))


def _standing(config: pytest.Config, cases: dict[str, Any]) -> dict[str, Any]:
    """Return the cases that the target has: all in the lab; on machines that exist, those of its machines and ports."""
    if config.getoption("--target") != "hosts":
        return cases
    from infra.targets.hosts.machines import load_machines
    from topology.model import Interface, Node

    machines = load_machines(Path(config.getoption("--hosts-file")))
    found: dict[str, Any] = {}
    for key, case in cases.items():
        node = {Interface: lambda port: port.node, Node: lambda node: node.id}.get(type(case), lambda _: None)(case)
        if node in machines:
            own = machines[node].interfaces
            found[key] = (
                dataclasses.replace(case, name=own.get(case.name, case.name)) if isinstance(case, Interface) else case
            )
    return found


@pytest.fixture(scope="session")
def estate(pytestconfig: pytest.Config) -> Estate:
    """The estate under test."""
    return _estate_of(pytestconfig)


@pytest.fixture(scope="session")
def network(pytestconfig: pytest.Config) -> Network:
    """The derived network of the estate under test."""
    return _network(pytestconfig.getoption("--estate"), tuple(pytestconfig.getoption("overrides")))


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config, estate: Estate) -> Target:
    """The place where the estate stands, whether it stands or not."""
    from infra.targets.open import open_target

    hosts_file = pytestconfig.getoption("--hosts-file")
    return open_target(pytestconfig.getoption("--target"), estate, options={"file": hosts_file} if hosts_file else {})


@pytest.fixture(scope="session")
def lab(pytestconfig: pytest.Config, target: Target) -> Iterator[Target]:
    """The running lab: brought up when needed, taken down again if this run brought it up."""
    if pytestconfig.getoption("--running"):
        yield target
        return
    stood = bool(target.running())
    _make(pytestconfig, "up")
    yield target
    if not stood:
        _make(pytestconfig, "down")


def _make(config: pytest.Config, goal: str) -> None:
    """Run a goal of the Makefile with its progress on the terminal."""
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        code = subprocess.run(["make", "--no-print-directory", goal], cwd=ROOT, check=False).returncode
    if code != 0:
        pytest.fail(f"`make {goal}` ended with {code}; its own lines say why", pytrace=False)
