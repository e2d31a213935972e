"""A stack of target `hosts`: a plain Debian machine with sshd is checked, provisioned and verified, network untouched.

The machine is a container of the test's own behind a router that answers for the time; it is entered by SSH alone.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from lab_parts import ROOT, admit_by_ssh, host, silent, ssh_entry, swept
from pulumi_stack import Stack

from infra.plan import Plan
from infra.specs import NodeSpec, PortSpec
from infra.targets.lab.target import LabTarget
from inventory.models.estate import Estate

pytestmark = pytest.mark.lab
PREFIX = f"twt{os.getpid()}m"
DEVICE = "fuji-terminal"
TIME_SOURCE = r"printf 'local stratum 8\nallow all\n' > /run/time.conf && chronyd -x -f /run/time.conf"


@pytest.fixture(scope="module")
def machines(deck: Estate, deck_plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file that names the machine; the machine runs, and behind its gateway the time sources answer."""
    folder = tmp_path_factory.mktemp("machines")
    lab = LabTarget(ROOT, prefix=PREFIX)
    spec = deck_plan.nodes[DEVICE]
    (own,) = spec.ports
    address = own.address.split("/")[0]
    lab.ensure_segment(deck_plan.segments[own.segment], silent)
    sources = tuple(deck_plan.nodes[server].loopbacks[0] for server in deck.records.time_service.servers)
    gateway = NodeSpec(
        id="gw",
        role="router",
        image="router",
        cpus=1,
        memory_bytes=256 * 2**20,
        ports=(PortSpec("eth0", own.segment, "a", f"{spec.gateway}/{own.address.split('/')[1]}", own.mtu),),
        loopbacks=sources,
        gateway=None,
        volumes={},
        cite="devices.yaml:1",
    )
    lab.ensure_node(gateway, silent)
    lab.ensure_node(dataclasses.replace(spec, id="machine", image="host"), silent)
    assert lab.run("gw", ["sh", "-c", TIME_SOURCE]).returncode == 0
    admit_by_ssh(lab, "machine", address, folder)
    entry = ssh_entry(address, f"{PREFIX}-n-gw", folder)
    (folder / "machines.yaml").write_text(yaml.safe_dump({"machines": {DEVICE: entry}}))
    yield folder / "machines.yaml"
    swept(PREFIX)


def _network() -> str:
    return host(f"ip netns exec {PREFIX}-n-machine sh -c 'ip -br address show; ip route show'")


def test_machine_that_exists_is_checked_provisioned_and_verified(machines: Path, tmp_path: Path) -> None:
    """One `up` takes the machine as it is; a second has nothing to do; an edit by hand is seen; destroy leaves it."""
    stack = Stack(tmp_path)
    stack.run("config", "set", "target", "hosts")
    stack.run("config", "set", "hostsFile", str(machines))
    before = _network()
    said = stack.up()
    assert re.search(rf"twin:compute:Node {DEVICE} created", said)
    assert "twin:network:Segment" not in said and "twin:storage:Volume" not in said
    assert _network() == before
    verified = stack.resources()["verification"]["outputs"]
    assert re.match(r"[1-9]\d* checks passed, 0 failed", verified["summary"])
    assert any("No faults" in limit for limit in verified["limits"])
    stack.run("preview", "--expect-no-changes")
    LabTarget(ROOT, prefix=PREFIX).run("machine", ["sh", "-c", "echo '# by hand' >> /etc/motd"])
    assert f"drift: {DEVICE}: motd (/etc) edited" in stack.run("preview")
    stack.run("destroy", "--yes", "--skip-preview")
    assert _network() == before
    assert LabTarget(ROOT, prefix=PREFIX).run("machine", ["hostname"]).returncode == 0


def test_unknown_device_in_the_file_is_refused(machines: Path, tmp_path: Path) -> None:
    """A machine that the inventory does not know ends the run with the devices that it does."""
    found = yaml.safe_load(machines.read_text())["machines"][DEVICE]
    file = machines.parent / "other.yaml"
    file.write_text(yaml.safe_dump({"machines": {"nobody": found}}))
    stack = Stack(tmp_path)
    stack.run("config", "set", "target", "hosts")
    stack.run("config", "set", "hostsFile", str(file))
    assert re.search(
        r"machines\.nobody: no such device in the estate; expected one of .*dc-rt-1", stack.run("preview", expect=None)
    )


def test_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    """Without the file the key and the command are named."""
    stack = Stack(tmp_path)
    stack.run("config", "set", "target", "hosts")
    said = stack.run("preview", expect=None)
    assert "config hostsFile: is missing" in said and "pulumi config set hostsFile FILE" in said
