"""Circuits carry the scaled commit rate, measured in frames at the far end."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Literal

from testinfra.host import Host

from inventory.models.estate import Estate
from topology.model import Interface, Network, Segment

Hosts = Callable[[str], Host]

# A little more than the rate, so that the shaper is always full and control packets still get through.
_OVERLOAD = 1.15
_WINDOW_S = 0.4
_SENDER = """
import socket, time
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b'{port}')
payload, gap, due = b'x' * {payload}, {gap}, time.monotonic()
end = due + 3.0
while due < end:
    sender.sendto(payload, ('{address}', 40255))
    due += gap
    wait = due - time.monotonic()
    if wait > 0.002: time.sleep(wait)
"""
_COUNTER = """
import json, time
found, end = [], time.monotonic() + 2.0
while time.monotonic() < end:
    found.append((time.monotonic(), int(open('/sys/class/net/{port}/statistics/rx_bytes').read())))
    time.sleep(0.02)
print(json.dumps(found))
"""


def test_circuit_carries_its_scaled_rate(
    each_shaped: tuple[Segment, Literal["a-to-z", "z-to-a"]], estate: Estate, network: Network, hosts: Hosts
) -> None:
    """The far end receives the commit rate divided by the lab's scale, within 3 %, while the circuit is full.

    The fullest window of 0.4 s counts: on a busy host the sender may pause, which empties the circuit, but no window
    can hold more than the shaper lets through (its bucket adds at most 1.3 %).
    """
    segment, direction = each_shaped
    rate_bps = segment.rate_bps / estate.records.lab.rate_divisor
    source = next(port for port in network.members(segment.id) if port.end == direction[0])
    far = next(port for port in network.members(segment.id) if port.end == direction[-1])
    way = _way(network, segment, source, far)
    code = _SENDER.format(gap=way.frame * 8 / (rate_bps * _OVERLOAD), **dataclasses.asdict(way))
    hosts(source.node).check_output("sh -c %s", f'nohup python3 -c "{code}" >/dev/null 2>&1 &')
    samples = json.loads(hosts(far.node).check_output("python3 -c %s", _COUNTER.format(port=far.name)))
    assert abs(_fullest(samples) / rate_bps - 1) < 0.03


@dataclasses.dataclass(frozen=True)
class _Way:
    """By which port and to which address a circuit is filled, with which payload and frame (bytes)."""

    port: str
    address: str
    payload: int
    frame: int


def _way(network: Network, segment: Segment, source: Interface, far: Interface) -> _Way:
    """Return the way over a circuit; where that is encrypted nothing but its tunnel passes."""
    ends = {source.node, far.node}
    for tunnel in network.tunnels.values():
        if tunnel.underlay == segment.id and {tunnel.a.node, tunnel.z.node} == ends:
            own, other = (tunnel.a, tunnel.z) if tunnel.a.node == source.node else (tunnel.z, tunnel.a)
            return _Way(own.interface, str(other.address.ip), tunnel.mtu - 28, tunnel.mtu + 14)
    return _Way(source.name, str(far.address.ip), far.mtu - 28, far.mtu + 14)


def _fullest(samples: list[tuple[float, int]]) -> float:
    """Return the highest rate (bit/s) over windows of at least `_WINDOW_S` seconds."""
    best = 0.0
    for index, (begin, before) in enumerate(samples):
        window = next(((at, count) for at, count in samples[index:] if at - begin >= _WINDOW_S), None)
        if window:
            best = max(best, (window[1] - before) * 8 / (window[0] - begin))
    return best
