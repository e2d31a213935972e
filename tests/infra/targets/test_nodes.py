"""Nodes stand as asked, show what was changed, are mended, crash and come back."""

from __future__ import annotations

import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lab_parts import EMPTY_PREFIX, PREFIX, ROUTER, TERMINAL, circuit, host, in_node, lan, node, port, silent

from infra.specs import NodeSpec
from infra.targets.lab.capabilities import BY_ROLE, capabilities
from infra.targets.lab.kernel_settings import kernel_settings
from infra.targets.lab.names import far_end
from infra.targets.lab.target import LabTarget
from infra.targets.target import LabNotRunning, TargetError

pytestmark = pytest.mark.lab
SPACE = f"{PREFIX}-n-terminal"

NETWORK_CHANGES = {
    "address removed": (
        f"ip -n {SPACE} address delete 10.90.0.2/24 dev eth0",
        "address 10.90.0.2/24 is gone from eth0",
    ),
    "address added": (
        f"ip -n {SPACE} address add 10.90.0.7/24 dev eth0",
        "address 10.90.0.7/24 on eth0 was not asked for",
    ),
    "MTU changed": (f"ip -n {SPACE} link set dev eth0 mtu 1300", "port eth0 has an MTU of 1300, asked 1500"),
    "port down": (f"ip -n {SPACE} link set dev eth0 down", "port eth0 is down"),
    "port gone": (f"ip -n {SPACE} link delete dev eth0", "port eth0 is gone"),
    "far end down": (
        f"ip -n {PREFIX}-s-wan link set dev {far_end('terminal/eth0')} down",
        "port eth0 has no carrier",
    ),
    "route removed": (f"ip -n {SPACE} route delete default", "the default route is by nothing, asked 10.90.0.1"),
    "route changed": (f"ip -n {SPACE} route replace default via 10.90.0.9", "by 10.90.0.9, asked 10.90.0.1"),
    "loopback added": (f"ip -n {SPACE} address add 10.9.9.9/32 dev lo", "address 10.9.9.9/32 on lo was not asked for"),
    "setting changed": (
        f"nsenter --net=/run/netns/{SPACE} sysctl -qw net.ipv4.ip_forward=1",
        "ip_forward is 1, asked 0",
    ),
    "network gone": (f"ip netns delete {SPACE}", "its network namespace is gone"),
}
SYSTEM_CHANGES = {
    "container gone": (f"podman rm --force --time 0 {PREFIX}-terminal", f"container {PREFIX}-terminal is gone"),
    "container stopped": (f"podman stop --time 0 {PREFIX}-terminal", "is not running"),
    "container killed": (f"podman kill {PREFIX}-terminal", "is not running"),
}


def test_made_twice_changes_nothing(pair: LabTarget) -> None:
    """A second `ensure` says nothing, keeps the same system and every link, and finds all as asked."""
    said: list[str] = []
    links = in_node("router", "ip -j link show")
    first = pair.read_node(ROUTER)
    again = pair.ensure_node(ROUTER, said.append)
    assert first
    assert (said, again.drift, again.values["instance"]) == ([], (), first.values["instance"])
    assert in_node("router", "ip -j link show") == links


@pytest.mark.parametrize("change", NETWORK_CHANGES)
def test_network_change_is_seen_and_mended(pair: LabTarget, change: str) -> None:
    """Whatever was changed by hand is named in plain words, and `ensure` puts it back."""
    command, words = NETWORK_CHANGES[change]
    host(command)
    observed = pair.read_node(TERMINAL)
    assert observed
    assert any(words in problem for problem in observed.drift), observed.drift
    pair.ensure_segment(circuit(), silent)
    assert pair.ensure_node(TERMINAL, silent).drift == ()
    assert pair.run("terminal", ["ping", "-c", "1", "-W", "2", "10.90.0.1"]).returncode == 0


@pytest.mark.parametrize("change", SYSTEM_CHANGES)
def test_system_change_is_seen_and_mended(pair: LabTarget, change: str) -> None:
    """A system that was stopped or removed is seen, and stands again after `ensure`."""
    command, words = SYSTEM_CHANGES[change]
    host(command)
    pair.place.podman.forget()
    observed = pair.read_node(TERMINAL)
    assert observed
    assert any(words in problem for problem in observed.drift), observed.drift
    said: list[str] = []
    assert pair.ensure_node(TERMINAL, said.append).drift == ()
    assert pair.run("terminal", ["systemctl", "is-system-running"]).stdout.strip() == "running", said


def test_other_size_means_a_new_system_with_the_same_network(pair: LabTarget) -> None:
    """More memory is drift of the old system; the new one has it, and ports stay plugged."""
    larger = dataclasses.replace(TERMINAL, memory_bytes=192 * 2**20)
    before = pair.read_node(TERMINAL)
    seen = pair.read_node(larger)
    assert before
    assert seen
    assert "was made with other memory" in seen.drift[0]
    after = pair.ensure_node(larger, silent)
    assert after.values["instance"] != before.values["instance"]
    assert host(f"podman inspect --format '{{{{.HostConfig.Memory}}}}' {PREFIX}-terminal").strip() == str(192 * 2**20)
    pair.ensure_node(TERMINAL, silent)


def test_port_moves_to_another_segment_in_place(pair: LabTarget) -> None:
    """A port asked for elsewhere is plugged there; the system stays the same."""
    pair.ensure_segment(lan("elsewhere"), silent)
    moved = dataclasses.replace(TERMINAL, ports=(port("elsewhere", "10.95.0.2/24"),), gateway=None)
    before = pair.read_node(TERMINAL)
    seen = pair.read_node(moved)
    assert before
    assert seen
    assert "is plugged into terminal/eth0 in wan z, asked elsewhere a" in seen.drift[0]
    assert pair.ensure_node(moved, silent).values["instance"] == before.values["instance"]
    assert pair.ensure_node(TERMINAL, silent).drift == ()


def test_what_routing_software_adds_is_no_drift(pair: LabTarget) -> None:
    """The shared gateway address, tunnels and routes come and go with the node's own software."""
    space = f"{PREFIX}-n-router"
    host(f"ip -n {space} address add 10.90.0.254/24 dev eth0")
    host(f"ip -n {space} link add dev vx0 type vxlan id 7 local 10.91.0.1 remote 10.91.0.2 dstport 4789")
    host(f"ip -n {space} link set dev vx0 up; ip -n {space} route add 10.99.0.0/24 dev vx0 proto ospf")
    observed = pair.read_node(ROUTER)
    assert observed
    assert observed.drift == ()
    host(f"ip -n {space} address delete 10.90.0.254/24 dev eth0; ip -n {space} link delete dev vx0")


def test_crash_takes_links_down_and_leaves_nothing_in_the_kernel(pair: LabTarget) -> None:
    """A crashed node has no carrier to offer, no addresses, tunnels, filters or routes, and stays down."""
    in_node("router", "ip link add dev vx0 type vxlan id 7 dstport 4789; nft add table ip t")
    pair.crash_node("router")
    time.sleep(1.0)
    pair.place.podman.forget()
    assert "router" not in pair.running()
    assert "vx0" not in in_node("router", "ip link show")
    remembered = "nft list ruleset; ip route show; ip -4 -o address show | grep -v 127.0.0.1 || true"
    assert in_node("router", remembered).strip() == ""
    assert "NO-CARRIER" in host(f"ip -n {PREFIX}-s-wan link show master a")
    assert pair.run("terminal", ["ping", "-c", "1", "-W", "1", "10.90.0.1"]).returncode != 0
    with pytest.raises(LabNotRunning, match="node router is not up"):
        pair.run("router", ["true"])
    seen = pair.read_node(ROUTER)
    assert seen
    assert any("not running" in problem for problem in seen.drift)
    pair.restore_node("router")
    assert pair.read_node(ROUTER).drift == ()
    assert pair.run("terminal", ["ping", "-c", "1", "-W", "2", "10.90.0.1"]).returncode == 0


def test_software_does_not_see_its_own_crash(pair: LabTarget) -> None:
    """Nothing on a crashed node lives to see its links go: it could still say farewell, as no dead machine does."""
    watch = "ip monitor link > /var/tmp/seen 2>&1 < /dev/null & sleep 1; kill -0 $! && touch /var/tmp/watched"
    assert pair.run("router", ["sh", "-c", watch]).returncode == 0
    pair.crash_node("router")
    pair.restore_node("router")
    assert pair.run("router", ["test", "-e", "/var/tmp/watched"]).returncode == 0
    assert pair.run("router", ["cat", "/var/tmp/seen"]).stdout == ""


def test_crash_cuts_traffic_before_the_system_is_gone(pair: LabTarget, tmp_path: Path) -> None:
    """A crashed node falls silent at once, however long Podman takes to end its system."""
    log = tmp_path / "ping"
    ping = pair.start("terminal", ["ping", "-n", "-D", "-i", "0.01", "-W", "1", "10.90.0.1"], str(log))
    time.sleep(0.5)
    pair.crash_node("router")
    ping.stop()
    ended = host(f"podman inspect --format '{{{{.State.FinishedAt.UnixNano}}}}' {PREFIX}-router")
    answers = [float(line[1:].split("]")[0]) for line in log.read_text().splitlines() if "bytes from" in line]
    assert len(answers) > 20
    assert max(answers) < float(ended) / 1e9
    pair.restore_node("router")


def test_links_survive_the_restart_of_every_container(pair: LabTarget) -> None:
    """A restarted system finds its ports, addresses and routes as they were."""
    host(f"podman restart --time 0 {PREFIX}-router {PREFIX}-terminal")
    pair.place.podman.forget()
    for spec in (ROUTER, TERMINAL):
        observed = pair.ensure_node(spec, silent)
        assert observed.drift == ()
    assert pair.run("terminal", ["ping", "-c", "1", "-W", "2", "10.90.0.1"]).returncode == 0


def test_system_whose_first_process_dies_comes_back_by_itself(pair: LabTarget) -> None:
    """What nobody asked to stop is restarted by Podman."""
    pid = host(f"podman inspect --format '{{{{.State.Pid}}}}' {PREFIX}-terminal").strip()
    host(f"kill -9 {pid}")
    time.sleep(2.0)
    pair.place.podman.forget()
    assert "terminal" in pair.running()
    assert pair.ensure_node(TERMINAL, silent).drift == ()


def test_port_down_and_up_brings_address_and_route_back(pair: LabTarget) -> None:
    """A port set down keeps its address; set up again it has its routes, the default one too."""
    routes = in_node("terminal", "ip route show")
    pair.port_down("terminal", "eth0")
    assert in_node("terminal", "ip route show").strip() == ""
    pair.port_up("terminal", "eth0")
    assert in_node("terminal", "ip route show") == routes
    with pytest.raises(TargetError, match="has no port eth9, only eth0"):
        pair.port_down("terminal", "eth9")


@pytest.mark.parametrize("spec", [ROUTER, TERMINAL], ids=lambda spec: spec.role)
def test_system_has_the_capabilities_of_its_role_and_no_more(pair: LabTarget, spec: NodeSpec) -> None:
    """The first process and every command run with exactly the role's capabilities; each of those has a reason."""
    shown = host(f"podman inspect --format '{{{{.EffectiveCaps}}}}' {PREFIX}-{spec.id}").strip("[]\n").split()
    assert shown == sorted(f"CAP_{name}" for name in capabilities(spec.role))
    status = pair.run(spec.id, ["cat", "/proc/1/status", "/proc/self/status"]).stdout
    assert len({line.split()[1] for line in status.splitlines() if line.startswith(("CapEff", "CapBnd"))}) == 1
    assert all(len(reason) > 20 for reason in BY_ROLE[spec.role].values())


def test_router_has_its_kernel_settings(pair: LabTarget) -> None:
    """A router forwards, spreads flows by ports and takes packets on any path; a terminal does not forward."""
    for key, value in kernel_settings("router").items():
        assert pair.run("router", ["sysctl", "-n", key]).stdout.strip() == value
    assert pair.run("terminal", ["sysctl", "-n", "net.ipv4.ip_forward"]).stdout.strip() == "0"


def test_node_knows_its_own_name_and_no_name_server_of_the_host(pair: LabTarget) -> None:
    """A node resolves its own name and `localhost`, and asks nobody else."""
    assert pair.run("terminal", ["getent", "hosts", "terminal"]).stdout.split() == ["127.0.1.1", "terminal"]
    assert pair.run("terminal", ["hostname"]).stdout.strip() == "terminal"
    assert "nameserver" not in pair.run("terminal", ["cat", "/etc/resolv.conf"]).stdout


def test_run_passes_input_output_and_exit_code(pair: LabTarget) -> None:
    """A command's input, output and end are its own; one that takes too long is ended."""
    done = pair.run("terminal", ["sh", "-c", "cat; echo no >&2; exit 7"], stdin="yes")
    assert (done.returncode, done.stdout, done.stderr) == (7, "yes", "no\n")
    with pytest.raises(TargetError, match=r"no end after 0\.5 s"):
        pair.run("terminal", ["sleep", "7654"], timeout_s=0.5)
    assert "7654" not in pair.run("terminal", ["ps", "-e", "-o", "args"]).stdout


def test_namespaces_whose_making_was_killed_are_completed(empty_lab: LabTarget) -> None:
    """A namespace that has its name but nothing else yet is taken over and gets all it needs."""
    spaces = [f"{EMPTY_PREFIX}-s-lan", f"{EMPTY_PREFIX}-n-n"]
    for space in spaces:
        host(f"ip netns add {space}")
    assert "interrupted" in empty_lab.read_segment(lan()).drift[0]
    empty_lab.ensure_segment(lan(), silent)
    empty_lab.ensure_node(node("n", port("lan", "10.96.0.1/24")), silent)
    for space in spaces:
        assert host(f"nsenter --net=/run/netns/{space} sysctl -n net.ipv6.conf.all.disable_ipv6").strip() == "1"


def test_port_needs_its_segment(empty_lab: LabTarget) -> None:
    """A node whose segment does not stand is refused with what to do first."""
    with pytest.raises(LabNotRunning, match="segment wan does not stand; make it first"):
        empty_lab.ensure_node(TERMINAL, silent)


def test_missing_image_says_what_builds_it(empty_lab: LabTarget) -> None:
    """Without its image a node is refused in one line."""
    with pytest.raises(TargetError, match=r"image localhost/municipal-twin/nothing:latest .* `make setup` builds it"):
        empty_lab.ensure_node(node("n", image="nothing"), silent)


def test_data_outlives_its_node(empty_lab: LabTarget) -> None:
    """A node that is removed and made anew finds the data on its volume; removing the volume is a step of its own."""
    spec = node("db", volumes={"db-data": "/var/lib/data"})
    empty_lab.ensure_node(spec, silent)
    empty_lab.run("db", ["sh", "-c", "echo kept > /var/lib/data/file"])
    empty_lab.remove_node("db")
    assert empty_lab.read_node(spec) is None
    empty_lab.ensure_node(spec, silent)
    assert empty_lab.run("db", ["cat", "/var/lib/data/file"]).stdout == "kept\n"
    with pytest.raises(TargetError):
        empty_lab.remove_volume("db-data")
    empty_lab.remove_node("db")
    assert empty_lab.read_volume("db-data")
    empty_lab.remove_volume("db-data")
    assert empty_lab.read_volume("db-data") is None


def test_six_nodes_at_once(empty_lab: LabTarget) -> None:
    """Nodes made by six threads all stand, each plugged in."""
    empty_lab.ensure_segment(lan(), silent)
    specs = [node(f"n{number}", port("lan", f"10.96.0.{number}/24")) for number in range(1, 7)]
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda spec: empty_lab.ensure_node(spec, silent), specs))
        assert [observed.drift for observed in made] == [()] * 6
        assert all(observed and not observed.drift for observed in pool.map(empty_lab.read_node, specs))
    assert empty_lab.running() == tuple(spec.id for spec in specs)
    assert host(f"ip -n {EMPTY_PREFIX}-s-lan -o link show master a | wc -l").strip() == "6"
