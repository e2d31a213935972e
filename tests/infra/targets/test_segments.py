"""Segments stand as asked, show what was changed, are mended, and carry their rate."""

from __future__ import annotations

import time

import pytest
from lab_parts import PAIR, PREFIX, RATE_BPS, blast, circuit, host, in_node, lan, silent

from infra.targets.lab.names import far_end
from infra.targets.lab.target import LabTarget
from infra.targets.target import LabNotRunning, NotSupported

pytestmark = pytest.mark.lab
SPACE = f"{PREFIX}-s-wan"

CHANGES = {
    "shaper changed": (
        f"tc -n {SPACE} qdisc replace dev az root handle 1: tbf rate 9mbit burst 32kb latency 50ms",
        "9 Mbit/s",
    ),
    "shaper gone": (f"tc -n {SPACE} qdisc delete dev za root", "there to here is not shaped"),
    "burst changed": (
        f"tc -n {SPACE} qdisc replace dev az root handle 1: tbf rate 50mbit burst 90kb latency 50ms",
        "burst",
    ),
    "left cut": (f"ip -n {SPACE} link set dev az down", "left cut inside the carrier"),
    "inside gone": (f"ip -n {SPACE} link delete dev az", "the link between its two ends is gone"),
    "unplugged inside": (f"ip -n {SPACE} link set dev za nomaster", "za is not plugged into end z"),
    "MTU changed": (f"ip -n {SPACE} link set dev za mtu 1400", "MTU of 1400"),
    "bridge down": (f"ip -n {SPACE} link set dev a down", "bridge of end a is down"),
    "port unplugged": (
        f"ip -n {SPACE} link set dev {far_end('terminal/eth0')} nomaster",
        "port terminal/eth0 is unplugged inside",
    ),
}


def test_made_twice_changes_nothing(pair: LabTarget) -> None:
    """A second `ensure` says nothing, keeps every link and finds all as asked."""
    said: list[str] = []
    before = host(f"ip -n {SPACE} -j link show; tc -n {SPACE} qdisc show")
    observed = pair.ensure_segment(circuit(), said.append)
    assert (said, observed.drift) == ([], ())
    assert host(f"ip -n {SPACE} -j link show; tc -n {SPACE} qdisc show") == before


@pytest.mark.parametrize("change", CHANGES)
def test_change_is_seen_and_mended(pair: LabTarget, change: str) -> None:
    """Whatever was changed by hand is named in plain words, and `ensure` puts it back."""
    command, words = CHANGES[change]
    host(command)
    observed = pair.read_segment(circuit())
    assert observed
    assert len(observed.drift) == 1
    assert words in observed.drift[0]
    said: list[str] = []
    assert pair.ensure_segment(circuit(), said.append).drift == ()
    assert said
    assert in_node("router", "ping -c 1 -W 2 10.90.0.2")


def test_changed_rate_shows_the_rate_found(pair: LabTarget) -> None:
    """The values observed are those found, so that a preview shows from what to what."""
    host(CHANGES["shaper changed"][0])
    observed = pair.read_segment(circuit())
    assert observed
    assert observed.values["rate_bps"] == 9e6
    pair.ensure_segment(circuit(), silent)


def test_new_rate_is_taken_over_in_place(pair: LabTarget) -> None:
    """A segment asked for at another rate keeps its links and takes the rate."""
    slower = circuit(rate_bps=20e6)
    links = host(f"ip -n {SPACE} -o link show | cut -d: -f1,2")
    assert pair.ensure_segment(slower, silent).values["rate_bps"] == 20e6
    assert host(f"ip -n {SPACE} -o link show | cut -d: -f1,2") == links
    pair.ensure_segment(circuit(), silent)


def test_segment_that_is_not_there_reads_as_none(pair: LabTarget) -> None:
    """Looking at what does not exist finds nothing; removing it does nothing; its faults say that it does not stand."""
    assert pair.read_segment(circuit("nowhere")) is None
    pair.remove_segment("nowhere")
    with pytest.raises(LabNotRunning, match="segment nowhere does not stand"):
        pair.cut_segment("nowhere")


def test_cut_leaves_all_ports_up(pair: LabTarget) -> None:
    """A circuit cut inside the carrier passes nothing, and no port loses its carrier."""
    pair.cut_segment("wan")
    try:
        for spec in PAIR:
            assert "state UP" in in_node(spec.id, "ip link show dev eth0")
        assert pair.run("router", ["ping", "-c", "1", "-W", "1", "10.90.0.2"]).returncode != 0
    finally:
        pair.mend_segment("wan")
    assert pair.run("router", ["ping", "-c", "1", "-W", "2", "10.90.0.2"]).returncode == 0
    assert pair.read_segment(circuit()).drift == ()


def test_segment_within_a_place_cannot_be_cut(empty_lab: LabTarget) -> None:
    """There is no carrier inside a building."""
    empty_lab.ensure_segment(lan(), silent)
    with pytest.raises(NotSupported, match="lies within one place"):
        empty_lab.cut_segment("lan")


@pytest.mark.parametrize("direction", ["a-to-z", "z-to-a"])
@pytest.mark.parametrize("rate_bps", [15e6, RATE_BPS])
def test_rate_is_that_asked_for(pair: LabTarget, direction: str, rate_bps: float) -> None:
    """Frames arrive at the rate within 3 %, in both directions, and the segment counts what arrives."""
    pair.ensure_segment(circuit(rate_bps=rate_bps), silent)
    source, sink = PAIR if direction == "a-to-z" else PAIR[::-1]
    counted, arrived = pair.segment_traffic("wan")[direction].bytes, _received(sink.id)
    with blast(source.id, sink.ports[0].address.split("/")[0], 1.5 * rate_bps):
        time.sleep(0.3)
        begin_s, begin_bytes = time.monotonic(), _received(sink.id)
        time.sleep(1.5)
        end_s, end_bytes = time.monotonic(), _received(sink.id)
    time.sleep(0.2)
    assert (end_bytes - begin_bytes) * 8 / (end_s - begin_s) == pytest.approx(rate_bps, rel=0.03)
    counted = pair.segment_traffic("wan")[direction].bytes - counted
    assert counted == pytest.approx(_received(sink.id) - arrived, rel=0.001)
    pair.ensure_segment(circuit(), silent)


def _received(node_id: str) -> int:
    return int(in_node(node_id, "cat /proc/net/dev").split("eth0:")[1].split()[0])
