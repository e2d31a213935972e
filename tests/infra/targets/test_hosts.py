"""A plain Debian machine with sshd is checked, entered, and handed to Ansible and testinfra, its network unchanged.

The machine is a container of the tests' own; it is reached from a namespace of the tests' own, through a segment.
"""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import testinfra
import yaml
from lab_parts import PREFIX, admit_by_ssh, in_node, lan, node, port, silent, ssh_entry, swept

from infra.specs import NodeSpec
from infra.targets.hosts.target import HostsTarget
from infra.targets.lab.namespaces import Namespace, connect
from infra.targets.lab.target import LabTarget
from infra.targets.target import LabNotRunning, TargetError

pytestmark = pytest.mark.lab
DEVICE = "dc-fuji-ap"
SPEC = node(DEVICE, port("lan", "10.98.0.2/24"), role="application", memory_bytes=256 * 2**20)


@pytest.fixture(scope="module")
def machine(clone_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A machine with sshd, and the file that names it."""
    folder = tmp_path_factory.mktemp("hosts")
    lab = LabTarget(clone_root, prefix=PREFIX)
    lab.ensure_segment(lan(), silent)
    lab.ensure_node(dataclasses.replace(SPEC, id="machine", image="host"), silent)
    client = Namespace(f"{PREFIX}-n-client")
    client.ensure()
    connect(client, "eth0", Namespace(f"{PREFIX}-s-lan"), "pclient")
    client.ip(["address add 10.98.0.9/24 dev eth0", "link set dev eth0 up"])
    Namespace(f"{PREFIX}-s-lan").ip(["link set dev pclient master a up"])
    admit_by_ssh(lab, "machine", "10.98.0.2", folder)
    _write(folder)
    yield folder
    swept(PREFIX)


def _write(folder: Path, **changes: object) -> Path:
    entry = {**ssh_entry("10.98.0.2", f"{PREFIX}-n-client", folder), **changes}
    path = folder / "hosts.yaml"
    path.write_text(yaml.safe_dump({"machines": {DEVICE: entry}}))
    return path


@pytest.fixture
def target(machine: Path) -> HostsTarget:
    """The machine as a target."""
    return HostsTarget(_write(machine), machine / "state")


def _network() -> str:
    return in_node("machine", "ip address show; ip route show; sysctl -a 2>/dev/null | grep '^net[.]ipv4[.]conf'")


def test_machine_that_fits_is_taken_unchanged(target: HostsTarget) -> None:
    """A machine as in the inventory has no drift, and its network is the same afterwards."""
    before = _network()
    observed = target.ensure_node(SPEC, silent)
    assert observed.drift == ()
    assert observed.values["instance"]
    assert _network() == before
    assert target.running() == (DEVICE,)
    assert target.surroundings() == []


MISFITS = {
    "other address": ({"ports": (port("lan", "10.98.0.3/24"),)}, "interface eth0 has 10.98.0.2/24, asked 10.98.0.3/24"),
    "other interface": ({"ports": (port("lan", "10.98.0.2/24", name="eth5"),)}, "has no interface eth5"),
    "too little memory": ({"memory_bytes": 2**50}, "MiB of memory, asked 1073741824 MiB"),
    "too few processors": ({"cpus": 4096}, "processors, asked 4096"),
    "no gateway": ({"gateway": "10.98.0.1"}, "sends by default to nobody, asked 10.98.0.1"),
    "no loopback": ({"loopbacks": ("10.91.0.1/32",)}, "loopback address 10.91.0.1/32 is missing"),
}


@pytest.mark.parametrize("misfit", MISFITS)
def test_machine_that_does_not_fit_is_refused_in_plain_words(target: HostsTarget, misfit: str) -> None:
    """What differs from the inventory is named, and nothing is changed."""
    changes, words = MISFITS[misfit]
    spec: NodeSpec = dataclasses.replace(SPEC, **changes)
    before = _network()
    assert any(words in problem for problem in target.read_node(spec).drift), target.read_node(spec).drift
    with pytest.raises(TargetError, match="nothing was changed"):
        target.ensure_node(spec, silent)
    assert _network() == before


def test_other_names_and_addresses_can_be_mapped(machine: Path) -> None:
    """A machine whose interface and address differ on purpose fits once the file says so."""
    file = _write(machine, interfaces={"lan0": "eth0"}, addresses={"lan0": "10.98.0.2/24"})
    spec = dataclasses.replace(SPEC, ports=(port("lan", "10.20.0.2/24", name="lan0"),), gateway="10.20.0.1")
    assert HostsTarget(file, machine / "state").read_node(spec).drift == ()


def test_unreachable_machine_is_named(machine: Path) -> None:
    """A machine that does not answer is drift when looked at, and stands in the way of everything else."""
    target = HostsTarget(_write(machine, port=2222), machine / "state")
    assert "cannot be reached" in target.read_node(SPEC).drift[0]
    assert target.running() == ()
    with pytest.raises(LabNotRunning, match=rf"{DEVICE} \(root@10.98.0.2:2222\) cannot be reached"):
        target.run(DEVICE, ["true"])


def test_unknown_host_key_is_never_taken_on_trust(machine: Path) -> None:
    """A machine whose key is not known is not entered."""
    (machine / "nobody").touch()
    target = HostsTarget(_write(machine, known_hosts="nobody"), machine / "state")
    assert "Host key verification failed" in target.read_node(SPEC).drift[0]


def test_run_passes_input_output_and_exit_code(target: HostsTarget) -> None:
    """A command's words, input, output and end are its own."""
    done = target.run(DEVICE, ["sh", "-c", 'cat; echo "$1"; exit 7', "sh", "two words; $HOME"], stdin="in\n")
    assert (done.returncode, done.stdout) == (7, "in\ntwo words; $HOME\n")


def test_testinfra_and_ansible_reach_the_machine(target: HostsTarget, machine: Path) -> None:
    """The same machine answers to the checks and to the playbooks."""
    checked = testinfra.get_host(target.testinfra_uri(DEVICE))
    assert checked.file("/etc/debian_version").exists
    inventory = machine / "inventory.yaml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {DEVICE: target.connection_variables(DEVICE)}}}))
    ansible = [
        str(Path(sys.executable).with_name("ansible")),
        "-i",
        str(inventory),
        DEVICE,
        "-m",
        "ansible.builtin.ping",
    ]
    done = subprocess.run(ansible, capture_output=True, text=True, check=False)
    assert "pong" in done.stdout, done.stdout + done.stderr
