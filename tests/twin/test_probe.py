"""Probes count what is lost and nothing else: not what comes late, twice, in another order or from another run."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from twin import probe
from twin.drill.analysis import read_stream

SCRIPT = str(Path(probe.__file__))
SPACING_NS = 10_000_000
START_NS = 5_000_000_000


def _losses(order: list[int], count: int) -> list[tuple[float, float, int]]:
    """Return `(begin, until, probes)` of one flow whose probes arrive in `order`, of `count` sent."""
    flow = probe._Flow()
    for number in order:
        sent_ns = START_NS + number * SPACING_NS
        if number == flow.expected:
            flow.expected, flow.last_sent_ns = number + 1, sent_ns
            flow.received += 1
        else:
            flow.out_of_turn(number, sent_ns)
    sent = {
        "flows": 1, "interval_s": 0.01, "sent_per_flow": count, "first_sent_ns": START_NS,
        "last_sent_ns": START_NS + (count - 1) * SPACING_NS, "latest_s": 0.0, "send_errors": 0,
    }  # fmt: skip
    stream = read_stream("x", "to_dc", sent, {"flows": {"0": flow.summary()} if order else {}})
    return [(round(loss.from_s, 6), round(loss.until_s, 6), loss.probes) for loss in stream.flows[0]]


def test_everything_in_order_is_no_loss() -> None:
    """Nothing lost, nothing counted."""
    assert _losses(list(range(100)), 100) == []


def test_hole_is_one_loss_from_its_first_probe_to_the_next_arrival() -> None:
    """Probes 20 to 29 lost: from 5.20 s to 5.30 s."""
    assert _losses([*range(20), *range(30, 100)], 100) == [(5.2, 5.3, 10)]


def test_any_order_and_repetition_is_no_loss() -> None:
    """Shuffled within a window and partly doubled, all probes still count as arrived."""
    draw = random.Random(3)
    order = [number for start in range(0, 200, 8) for number in draw.sample(range(start, start + 8), 8)]
    doubled = [number for number in order for _ in range(draw.choice((1, 1, 2)))]
    assert _losses(doubled, 200) == []


def test_late_probes_shrink_their_gap_only() -> None:
    """A probe that comes after the gap splits it; the rest stays lost."""
    assert _losses([*range(20), *range(30, 100), 25], 100) == [(5.2, 5.25, 5), (5.26, 5.3, 4)]
    assert _losses([*range(20), *range(30, 100), *range(20, 30)], 100) == []


def test_nothing_from_the_start_and_nothing_to_the_end() -> None:
    """What never came counts from the first probe; what stopped coming has no end."""
    assert _losses(list(range(10, 100)), 100) == [(5.0, 5.1, 10)]
    assert _losses(list(range(90)), 100) == [(5.9, float("inf"), 10)]
    assert _losses([], 100) == [(5.0, float("inf"), 100)]


def test_random_losses_are_all_counted() -> None:
    """Whatever arrives in whatever order, lost probes add up to those that never came."""
    draw = random.Random(11)
    for _ in range(50):
        kept = [number for number in range(300) if draw.random() > 0.2]
        order = [
            number
            for start in range(0, len(kept), 5)
            for number in draw.sample(kept[start : start + 5], len(kept[start : start + 5]))
        ]
        assert sum(loss[2] for loss in _losses(order, 300)) == 300 - len(kept)


@pytest.fixture
def port() -> int:
    """Return a UDP port that is free on this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _receive(port: int, folder: Path, *more: str) -> subprocess.Popen[bytes]:
    ready, output = folder / "ready", folder / "received.json"
    command = [sys.executable, SCRIPT, "receive", "--port", str(port), "--ready", str(ready), "--output", str(output)]
    process = subprocess.Popen([*command, *more])
    until = time.monotonic() + 10
    while not ready.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    return process


def _send(port: int, folder: Path, *more: str) -> dict[str, Any]:
    output = folder / "sent.json"
    command = [sys.executable, SCRIPT, "send", "--to", "127.0.0.1", "--port", str(port), "--output", str(output), *more]
    subprocess.run(command, check=True, timeout=30)
    return json.loads(output.read_bytes())


def test_sender_and_receiver_agree_on_a_path_without_loss(port: int, tmp_path: Path) -> None:
    """Over this machine's own loopback every probe of every flow arrives, at the spacing asked for."""
    receiver = _receive(port, tmp_path, "--run-id", "7")
    sent = _send(port, tmp_path, "--flows", "32", "--duration-s", "1", "--run-id", "7")
    time.sleep(0.3)
    receiver.terminate()
    assert receiver.wait(10) == 0
    stream = read_stream("x", "to_dc", sent, json.loads((tmp_path / "received.json").read_bytes()))
    assert sent["sent_per_flow"] == 100
    assert len(stream.flows) == 32
    assert all(stream.heard)
    assert all(not losses for losses in stream.flows)
    assert stream.sent_until_s - stream.sent_from_s == pytest.approx(1.0, abs=0.2)


def test_probes_of_another_run_are_not_counted(port: int, tmp_path: Path) -> None:
    """A sender that an earlier run left behind does not fill this run's gaps."""
    receiver = _receive(port, tmp_path, "--run-id", "7")
    _send(port, tmp_path, "--flows", "2", "--duration-s", "0.2", "--run-id", "8")
    receiver.terminate()
    assert receiver.wait(10) == 0
    assert json.loads((tmp_path / "received.json").read_bytes())["flows"] == {}


def test_receiver_that_starts_late_shows_what_was_lost(port: int, tmp_path: Path) -> None:
    """A refused path loses probes without stopping the sender, and loses none after the refusal ends."""
    command = [sys.executable, SCRIPT, "send", "--to", "127.0.0.1", "--port", str(port), "--flows", "4"]
    sender = subprocess.Popen([*command, "--duration-s", "4", "--output", str(tmp_path / "sent.json")])
    time.sleep(2.0)
    receiver = _receive(port, tmp_path)
    assert sender.wait(20) == 0
    receiver.terminate()
    assert receiver.wait(10) == 0
    sent = json.loads((tmp_path / "sent.json").read_bytes())
    stream = read_stream("x", "to_dc", sent, json.loads((tmp_path / "received.json").read_bytes()))
    assert sent["send_errors"] > 0
    for losses in stream.flows:
        assert len(losses) == 1
        assert losses[0].from_s == pytest.approx(stream.sent_from_s)
        assert 0 < losses[0].outage_s < 4
