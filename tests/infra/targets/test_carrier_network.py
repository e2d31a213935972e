"""A carrier network forwards between its segments, counts what it sees by kind, and shows what was changed."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_parts import PREFIX, circuit, host, in_node, node, port, silent, swept

from infra.specs import CarrierNetworkSpec
from infra.targets.lab.target import LabTarget
from infra.targets.target import LabNotRunning

pytestmark = pytest.mark.lab
SPACE = f"{PREFIX}-c-ip"
CARRIER = CarrierNetworkSpec("ip", {"w1": ("z", "10.97.1.1/24"), "w2": ("a", "10.97.2.1/24")}, "x:1")
LEFT = node("left", port("w1", "10.97.1.2/24"), gateway="10.97.1.1")
RIGHT = node("right", port("w2", "10.97.2.2/24", "z"), gateway="10.97.2.1")
MTU = 1454

CHANGES = {
    "address removed": (f"ip -n {SPACE} address delete 10.97.1.1/24 dev $(DEV w1)", "address 10.97.1.1/24 is gone"),
    "address added": (
        f"ip -n {SPACE} address add 10.97.9.1/24 dev $(DEV w1)",
        "address 10.97.9.1/24 in w1 was not asked for",
    ),
    "port down": (f"ip -n {SPACE} link set dev $(DEV w2) down", "its port in w2 is down"),
    "port gone": (f"ip -n {SPACE} link delete dev $(DEV w2)", "its port in w2 is gone"),
    "does not forward": (
        f"nsenter --net=/run/netns/{SPACE} sysctl -qw net.ipv4.ip_forward=0",
        "ip_forward is 0, asked 1",
    ),
    "does not count": (f"nsenter --net=/run/netns/{SPACE} nft flush ruleset", "it does not count what it sees"),
}


@pytest.fixture(scope="module")
def lab(clone_root: Path) -> Iterator[LabTarget]:
    """Two terminals with a carrier network between them, on access lines with the MTU of PPPoE."""
    target = LabTarget(clone_root, prefix=PREFIX)
    for id_ in ("w1", "w2"):
        target.ensure_segment(circuit(id_, mtu=MTU), silent)
    target.ensure_carrier_network(CARRIER, silent)
    for spec in (LEFT, RIGHT):
        target.ensure_node(spec, silent)
    yield target
    swept(PREFIX)


def test_made_twice_changes_nothing(lab: LabTarget) -> None:
    """A second `ensure` says nothing and keeps links and counters."""
    said: list[str] = []
    links = host(f"ip -n {SPACE} -j link show; nsenter --net=/run/netns/{SPACE} nft list ruleset")
    assert lab.ensure_carrier_network(CARRIER, said.append).drift == ()
    assert said == []
    assert host(f"ip -n {SPACE} -j link show; nsenter --net=/run/netns/{SPACE} nft list ruleset") == links


@pytest.mark.parametrize("change", CHANGES)
def test_change_is_seen_and_mended(lab: LabTarget, change: str) -> None:
    """Whatever was changed by hand is named in plain words, and `ensure` puts it back."""
    command, words = CHANGES[change]
    find = "DEV() { ip -n " + SPACE + " -o link show | grep -B0 \"alias $1\" | sed 's/^[0-9]*: //; s/@.*//'; }; "
    host(find + command)
    observed = lab.read_carrier_network(CARRIER)
    assert observed
    assert any(words in problem for problem in observed.drift), observed.drift
    assert lab.ensure_carrier_network(CARRIER, silent).drift == ()
    assert lab.run("left", ["ping", "-c", "1", "-W", "2", "10.97.2.2"]).returncode == 0


def test_what_is_seen_is_counted_by_kind(lab: LabTarget) -> None:
    """IKE on both its ports, ESP alone and in UDP, and anything else are told apart, also what is meant for itself."""
    before = lab.carrier_counters("ip")
    for payload, destination in (
        (b"i" * 60, 500),
        (b"\0" * 4 + b"i" * 60, 4500),
        (b"esp1" + b"e" * 60, 4500),
        (b"x" * 60, 53),
    ):
        _send(payload, destination)
    _send_esp()
    in_node("left", "ping -c 1 -W 1 10.97.1.1")
    after = lab.carrier_counters("ip")
    assert {kind: after[kind] - before[kind] for kind in after} == {"ike": 2, "esp": 2, "other": 2}


def test_frames_beyond_the_access_lines_mtu_do_not_pass(lab: LabTarget) -> None:
    """What PPPoE leaves is what passes; more, beyond the slack that bridges give a VLAN tag, does not."""
    space = f"{PREFIX}-n-left"
    host(f"ip -n {space} link set dev eth0 mtu {MTU}")
    assert lab.run("left", ["ping", "-c", "1", "-W", "2", "-M", "do", "-s", str(MTU - 28), "10.97.1.1"]).returncode == 0
    host(f"ip -n {space} link set dev eth0 mtu 1500")
    done = lab.run("left", ["ping", "-c", "1", "-W", "1", "-M", "do", "-s", str(MTU + 4 + 1 - 28), "10.97.1.1"])
    assert done.returncode != 0


def test_segment_made_anew_is_plugged_in_again(lab: LabTarget) -> None:
    """A segment that was removed takes the network's port with it; both come back."""
    lab.remove_segment("w2")
    seen = lab.read_carrier_network(CARRIER)
    assert seen
    assert seen.drift == ("carrier network ip: its port in w2 is gone",)
    with pytest.raises(LabNotRunning, match="segment w2 does not stand"):
        lab.ensure_carrier_network(CARRIER, silent)
    lab.ensure_segment(circuit("w2", mtu=MTU), silent)
    lab.ensure_carrier_network(CARRIER, silent)
    lab.ensure_node(RIGHT, silent)
    assert lab.run("left", ["ping", "-c", "1", "-W", "2", "10.97.2.2"]).returncode == 0


def _in_left(code: str) -> None:
    command = ["nsenter", f"--net=/run/netns/{PREFIX}-n-left", "python3", "-c", code]
    subprocess.run(command, check=True)


def _send(payload: bytes, destination: int) -> None:
    """Send a datagram beyond the carrier network, to where nobody is to answer."""
    _in_left(
        "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('10.97.1.2', 40000)); "
        f"s.sendto({payload!r}, ('10.97.2.77', {destination}))"
    )


def _send_esp() -> None:
    _in_left(
        f"import socket; s = socket.socket(socket.AF_INET, socket.SOCK_RAW, {socket.IPPROTO_ESP}); "
        "s.sendto(b'e' * 60, ('10.97.2.77', 0))"
    )
