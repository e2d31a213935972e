"""Rate (and delay, where the kernel can) of one direction of a circuit, as a queueing discipline.

The token bucket counts Ethernet frames without checksum and gap (measured: TCP gets 1448/1514 of the rate), also where
the kernel hands it a bundle of frames at once. Both limits grow with the rate, so that timers of the routing protocols
meet the same queue at every scale.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

ETHERNET_HEADER_BYTES = 14
# Enough for a timer that a busy host serves late, little enough that a test of seconds measures the rate within 1 %.
_BURST_S = 0.01
# What a carrier's access switch buffers; a full queue adds this much to a packet's way.
_QUEUE_S = 0.05
_LEAST_FRAMES = 4


@dataclasses.dataclass(frozen=True)
class Shape:
    """What one direction is shaped to."""

    rate_bps: int
    delay_s: float
    mtu: int

    @property
    def burst_bytes(self) -> int:
        """The token bucket's depth."""
        frame = self.mtu + ETHERNET_HEADER_BYTES
        return max(_LEAST_FRAMES * frame, round(self.rate_bps / 8 * _BURST_S))

    def commands(self, link: str) -> list[str]:
        """Return the `tc` commands that shape what leaves `link`; with a delay the kernel must have netem."""
        bucket = f"tbf rate {self.rate_bps}bit burst {self.burst_bytes} latency {_QUEUE_S * 1000:g}ms"
        if not self.delay_s:
            return [f"qdisc replace dev {link} root handle 1: {bucket}"]
        frames = max(1000, round(self.rate_bps * self.delay_s / 8 / (self.mtu + ETHERNET_HEADER_BYTES)) * 2)
        return [
            f"qdisc replace dev {link} root handle 1: netem delay {self.delay_s * 1e6:.0f}us limit {frames}",
            f"qdisc replace dev {link} parent 1:1 handle 10: {bucket}",
        ]


def found_rate_bps(queues: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the rate that the disciplines of one link realise, None where nothing is shaped."""
    for queue in queues:
        if queue["kind"] == "tbf":
            return float(queue["options"]["rate"]) * 8
    return None


def found_delay_s(queues: Sequence[Mapping[str, Any]]) -> float:
    """Return the delay that the disciplines of one link realise."""
    for queue in queues:
        if queue["kind"] == "netem":
            return float(queue["options"].get("delay", {}).get("delay", 0.0))
    return 0.0


def differences(shape: Shape, queues: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what differs between the shape asked for and the disciplines found, in plain words."""
    rate_bps, delay_s = found_rate_bps(queues), found_delay_s(queues)
    found = []
    if rate_bps is None:
        found.append(f"is not shaped, asked {_rate(shape.rate_bps)}")
    elif abs(rate_bps - shape.rate_bps) > 8:
        found.append(f"is shaped to {_rate(rate_bps)}, asked {_rate(shape.rate_bps)}")
    else:
        bucket = next(queue for queue in queues if queue["kind"] == "tbf")
        # tc keeps the depth as a time of its own clock, so a few bytes may be lost.
        if abs(bucket["options"]["burst"] - shape.burst_bytes) > shape.burst_bytes / 100:
            found.append(f"has a burst of {bucket['options']['burst']} bytes, asked {shape.burst_bytes}")
    if abs(delay_s - shape.delay_s) > 1e-5:
        found.append(f"is delayed by {delay_s:g} s, asked {shape.delay_s:g} s")
    return found


def _rate(rate_bps: float) -> str:
    return f"{rate_bps / 1e6:g} Mbit/s"
