"""Circuits carry the scaled commit rate, measured in frames at the far end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Literal

from testinfra.host import Host

from inventory.models.estate import Estate
from topology.model import Network, Segment

Hosts = Callable[[str], Host]

# A little more than the rate, so that the shaper is full and control packets still get through.
_OVERLOAD = 1.08
_SECONDS = 2.0
_SENDER = """
import socket, time
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
payload, gap, end = b'x' * 1472, {gap}, time.monotonic() + {seconds}
due = time.monotonic()
while due < end:
    sender.sendto(payload, ('{address}', 40255))
    due += gap
    wait = due - time.monotonic()
    if wait > 0.002: time.sleep(wait)
"""


def test_circuit_carries_its_scaled_rate(
    each_shaped: tuple[Segment, Literal["a-to-z", "z-to-a"]], estate: Estate, network: Network, hosts: Hosts
) -> None:
    """Frames arrive at the far end at the commit rate divided by the lab's scale, within 3 %."""
    segment, direction = each_shaped
    rate_bps = segment.rate_bps / estate.records.lab.rate_divisor
    source_end, far_end = direction[0], direction[-1]
    source = next(port for port in network.members(segment.id) if port.end == source_end)
    far = next(port for port in network.members(segment.id) if port.end == far_end)
    gap = 1514 * 8 / (rate_bps * _OVERLOAD)
    code = _SENDER.format(gap=gap, seconds=_SECONDS + 1.0, address=far.address.ip)
    background = f'nohup python3 -c "{code}" >/dev/null 2>&1 &'
    counter = f"cat /sys/class/net/{far.name}/statistics/rx_bytes"
    hosts(source.node).check_output("sh -c %s", background)
    time.sleep(0.6)
    read = (
        f"a=$({counter}); t=$(date +%s%N); sleep {_SECONDS - 0.5}; b=$({counter}); u=$(date +%s%N); echo [$a,$b,$t,$u]"
    )
    before, after, begin_ns, end_ns = json.loads(hosts(far.node).check_output("sh -c %s", read))
    measured_bps = (after - before) * 8 / ((end_ns - begin_ns) / 1e9)
    assert abs(measured_bps / rate_bps - 1) < 0.03
