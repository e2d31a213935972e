"""The file of machines: what it may say, and every problem at once where it says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.specs import NodeSpec, PortSpec
from infra.targets.hosts.machines import MachinesInvalid, load_machines
from infra.targets.open import open_target
from infra.targets.target import NotSupported, TargetError

GOOD = "machines:\n  ap: {address: 192.0.2.1, key: key, known_hosts: known}\n"
BAD = {
    "unknown key": (GOOD.replace("key: key", "key: key, kye: x"), "machines.ap.kye: Extra inputs are not permitted"),
    "wrong type": (
        GOOD.replace("key: key", "key: key, port: ssh"),
        "machines.ap.port: Input should be a valid integer",
    ),
    "no address": (GOOD.replace("address: 192.0.2.1, ", ""), "machines.ap.address: Field required"),
    "no prefix": (GOOD.replace("key: key", "key: key, addresses: {eth0: 192.0.2.1}"), "has no prefix length"),
    "no key": (GOOD.replace("key: key", "key: nothing"), "nothing does not exist"),
    "broken YAML": ("machines: [", "no valid YAML"),
    "empty": ("", "Input should be"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a key and known hosts."""
    for name in ("key", "known"):
        (tmp_path / name).touch(mode=0o600)
    return tmp_path


@pytest.mark.parametrize("case", BAD)
def test_wrong_file_is_refused_with_its_problem(folder: Path, case: str) -> None:
    """Each mistake is named with the file and the entry."""
    text, words = BAD[case]
    (folder / "hosts.yaml").write_text(text)
    with pytest.raises(MachinesInvalid) as caught:
        load_machines(folder / "hosts.yaml")
    assert words in str(caught.value)
    assert str(folder / "hosts.yaml") in str(caught.value)


def test_missing_file_is_named(folder: Path) -> None:
    """A file that is not there is named with what it is for."""
    with pytest.raises(MachinesInvalid, match=r"hosts.yaml: there is no such file; it says which machines"):
        load_machines(folder / "hosts.yaml")


def test_key_readable_by_others_is_named(folder: Path) -> None:
    """A private key that others can read is a lack of the surroundings, with what to do."""
    (folder / "hosts.yaml").write_text(GOOD)
    target = open_target("hosts", clone_root=folder, options={"file": folder / "hosts.yaml"})
    assert target.surroundings() == []
    (folder / "key").chmod(0o644)
    assert target.surroundings() == [f"{folder}/key can be read by others, ssh refuses it: chmod 600 {folder}/key"]


def test_network_and_power_of_machines_that_exist_are_not_ours(folder: Path) -> None:
    """What would change a machine's network, data or power is refused with the reason."""
    (folder / "hosts.yaml").write_text(GOOD)
    target = open_target("hosts", clone_root=folder, options={"file": folder / "hosts.yaml"})
    for attempt in (
        lambda: target.cut_segment("wan"),
        lambda: target.port_down("ap", "eth0"),
        lambda: target.crash_node("ap"),
        lambda: target.remove_volume("data"),
        lambda: target.carrier_counters("ip"),
        lambda: target.start("ap", ["true"], "/dev/null"),
    ):
        with pytest.raises(NotSupported, match="the estate stands on machines that exist"):
            attempt()
    target.remove_node("ap")


def test_unknown_device_and_target_are_named(folder: Path) -> None:
    """A device without a machine, and a target that there is not, are refused with what there is."""
    (folder / "hosts.yaml").write_text(GOOD)
    target = open_target("hosts", clone_root=folder, options={"file": folder / "hosts.yaml"})
    with pytest.raises(TargetError, match="names no machine for db, only for ap"):
        target.run("db", ["true"])
    with pytest.raises(TargetError, match="there is no target 'cloud'; there are lab and hosts"):
        open_target("cloud")


def test_ports_have_the_names_and_addresses_of_the_machine(folder: Path) -> None:
    """What the file maps is taken from it, in the order of the estate; into segments nobody can look from here."""
    mapped = "key: key, interfaces: {eth0: ens18}, addresses: {eth0: 192.0.2.1/24}"
    (folder / "hosts.yaml").write_text(GOOD.replace("key: key", mapped))
    target = open_target("hosts", clone_root=folder, options={"file": folder / "hosts.yaml"})
    ports = (PortSpec("eth0", "lan", "a", "10.0.0.1/24", 1500), PortSpec("eth1", "lan", "a", "10.0.0.2/24", 1500))
    spec = NodeSpec("ap", "application", "app", 1, 2**28, ports, (), None, {}, "devices.yaml:1")
    assert [(port.name, port.address) for port in target.ports_here(spec)] == [
        ("ens18", "192.0.2.1/24"), ("eth1", "10.0.0.2/24"),
    ]  # fmt: skip
    with pytest.raises(NotSupported, match="look which ports are plugged into segment lan"):
        target.plugged_into("lan")
