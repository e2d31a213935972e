"""Measure outages with UDP probes: one process sends numbered probes in many flows, one receives them and notes gaps.

Standard library only and imported by nothing at run time: it is started inside a node's network namespace. Sender and
receiver must share a clock (CLOCK_MONOTONIC of one host). What an outage means for a drill is decided elsewhere; here
are only the gaps, per flow, in the sender's time.

    probe.py receive --port 40000 --output received.json
    probe.py send --to 10.20.2.10 --port 40000 --flows 32 --interval-ms 10 --duration-s 20 --output sent.json
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from pathlib import Path

# run id, flow, sequence number, time sent: a probe is 42 bytes longer on the wire than this (Ethernet, IPv4, UDP).
PROBE = struct.Struct("!IHxxIxxxxQ")
RECEIVE_BUFFER_BYTES = 4 * 2**20
# asm-generic/socket.h: as SO_RCVBUF, but for root beyond net.core.rmem_max. Too small a buffer looks like an outage.
SO_RCVBUFFORCE = 33


def send(
    address: str, port: int, *, flows: int, interval_s: float, duration_s: float, source_port: int = 0, run_id: int = 0
) -> dict[str, object]:
    """Send one probe per flow every `interval_s` for `duration_s` and return what was sent.

    Flows differ in their source port: `source_port` and those after it, or any free ones where it is 0. An error of the
    network (no route, host unreachable) counts as a probe that was sent and lost.
    """
    sockets = []
    for flow in range(flows):
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.setblocking(False)
        opened.bind(("", source_port + flow if source_port else 0))
        opened.connect((address, port))
        sockets.append(opened.send)
    numbered = list(enumerate(sockets))
    start_ns = time.monotonic_ns()
    interval_ns = round(interval_s * 1e9)
    rounds = round(duration_s / interval_s)
    errors = 0
    latest_ns = 0
    stop = _stop_flag()
    sent = 0
    for number in range(rounds):
        due_ns = start_ns + number * interval_ns
        wait_ns = due_ns - time.monotonic_ns()
        if wait_ns > 0:
            time.sleep(wait_ns / 1e9)
        if stop:
            break
        now_ns = time.monotonic_ns()
        latest_ns = max(latest_ns, now_ns - due_ns)
        for flow, transmit in numbered:
            probe = PROBE.pack(run_id, flow, number, now_ns)
            try:
                transmit(probe)
            except OSError:
                errors += 1
                # What was reported may be an earlier probe's fate (ICMP); this one must not be lost for it.
                with contextlib.suppress(OSError):
                    transmit(probe)
        sent += 1
    return {
        "run_id": run_id,
        "flows": flows,
        "interval_s": interval_s,
        "sent_per_flow": sent,
        "first_sent_ns": start_ns,
        "last_sent_ns": now_ns if sent else start_ns,
        "latest_s": latest_ns / 1e9,
        "send_errors": errors,
        "cpu_s": time.process_time(),
    }


def receive(
    port: int, run_id: int = 0, duration_s: float | None = None, ready: Path | None = None
) -> dict[str, object]:
    """Receive probes of `run_id` until SIGTERM, SIGINT or `duration_s` and return each flow's gaps.

    A gap is `[first lost number, number lost, sent before it, sent after it]`, times in nanoseconds. A probe that comes
    late takes itself out of its gap and is counted as late. `ready` is created once the socket is open.
    """
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES)
    except PermissionError:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    opened.bind(("", port))
    opened.setblocking(False)
    if ready:
        ready.touch()
    records: dict[int, _Flow] = {}
    stop = _stop_flag()
    until = time.monotonic() + duration_s if duration_s else None
    buffer = bytearray(PROBE.size)
    while not stop and (until is None or time.monotonic() < until):
        if not select.select([opened], [], [], 0.2)[0]:
            continue
        # Half an interval of probes is read at once: a wake-up for each would cost more than the reading.
        time.sleep(0.004)
        _drain(opened, buffer, run_id, records)
    return {
        "run_id": run_id,
        "flows": {str(flow): record.summary() for flow, record in sorted(records.items())},
        "cpu_s": time.process_time(),
    }


def _drain(opened: socket.socket, buffer: bytearray, run_id: int, records: dict[int, _Flow]) -> None:
    """Read every probe that waits in the socket."""
    read = opened.recv_into
    unpack = PROBE.unpack_from
    while True:
        try:
            size = read(buffer)
        except BlockingIOError:
            return
        if size != PROBE.size:
            continue
        probe_run, flow, number, sent_ns = unpack(buffer)
        if probe_run != run_id:
            continue
        record = records.get(flow)
        if record is None:
            record = records[flow] = _Flow()
        if number == record.expected:
            record.expected = number + 1
            record.last_sent_ns = sent_ns
            record.received += 1
        else:
            record.out_of_turn(number, sent_ns)


class _Flow:
    """What has come of one flow."""

    __slots__ = ("duplicates", "expected", "gaps", "last_sent_ns", "late", "received")

    def __init__(self) -> None:
        self.expected = 0
        self.last_sent_ns = 0
        self.received = 0
        self.late = 0
        self.duplicates = 0
        self.gaps: list[list[int]] = []

    def out_of_turn(self, number: int, sent_ns: int) -> None:
        """Note a probe that is not the next one: a gap opens, or part of one closes."""
        if number > self.expected:
            self.gaps.append([self.expected, number - self.expected, self.last_sent_ns, sent_ns])
            self.expected = number + 1
            self.last_sent_ns = sent_ns
            self.received += 1
            return
        for index, (first, lost, before_ns, after_ns) in enumerate(self.gaps):
            if first <= number < first + lost:
                parts = [
                    [first, number - first, before_ns, sent_ns],
                    [number + 1, first + lost - number - 1, sent_ns, after_ns],
                ]
                self.gaps[index : index + 1] = [part for part in parts if part[1]]
                self.late += 1
                self.received += 1
                return
        self.duplicates += 1

    def summary(self) -> dict[str, object]:
        return {
            "received": self.received,
            "next_number": self.expected,
            "last_sent_ns": self.last_sent_ns,
            "late": self.late,
            "duplicates": self.duplicates,
            "gaps": self.gaps,
        }


def take_precedence() -> str:
    """Let this process run before ordinary ones, so that a busy host looks like no outage; return what it got."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        return "realtime"
    with contextlib.suppress(OSError):
        os.nice(-15)
        return "raised"
    return "ordinary"


def _stop_flag() -> list[bool]:
    """A list that is empty until SIGTERM or SIGINT comes."""
    stop: list[bool] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.append(True))
    return stop


def write(path: str, record: dict[str, object]) -> None:
    """Write a record whole or not at all, to the file or to standard output for `-`."""
    text = json.dumps(record, separators=(",", ":"))
    if path == "-":
        print(text)
        return
    partial = Path(f"{path}.part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Measure outages with UDP probes.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    sender = verbs.add_parser("send", help="send probes")
    sender.add_argument("--to", required=True, metavar="ADDRESS")
    sender.add_argument("--flows", type=int, default=32)
    sender.add_argument("--interval-ms", type=float, default=10)
    sender.add_argument("--duration-s", type=float, required=True)
    sender.add_argument("--source-port", type=int, default=0, help="first source port; any free ones by default")
    receiver = verbs.add_parser("receive", help="receive probes until SIGTERM or --duration-s")
    receiver.add_argument("--duration-s", type=float)
    receiver.add_argument("--ready", type=Path, help="file to create once listening")
    for verb in (sender, receiver):
        verb.add_argument("--port", type=int, required=True)
        verb.add_argument("--run-id", type=int, default=0)
        verb.add_argument("--output", default="-", metavar="FILE")
    chosen = parser.parse_args(arguments)
    precedence = take_precedence()
    if chosen.verb == "send":
        interval_s = chosen.interval_ms / 1000
        record = send(
            chosen.to, chosen.port, flows=chosen.flows, interval_s=interval_s, duration_s=chosen.duration_s,
            source_port=chosen.source_port, run_id=chosen.run_id,
        )  # fmt: skip
    else:
        record = receive(chosen.port, chosen.run_id, chosen.duration_s, chosen.ready)
    write(chosen.output, {**record, "precedence": precedence})
    return 0


if __name__ == "__main__":
    sys.exit(main())
