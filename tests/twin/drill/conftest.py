"""Probe logs made up for tests, in the form that `twin.probe` writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from twin.drill.analysis import Stream, read_stream

SECOND_NS = 10**9


def _logs(
    lost: dict[int, list[tuple[int, int]]],
    flows: int = 4,
    count: int = 3000,
    interval_s: float = 0.01,
    start_s: float = 100.0,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what sender and receiver note when the probes `[first, end)` of each flow are lost.

    Numbers count from 0; a flow in which all probes are lost is absent from the receiver's log.
    """
    start_ns, step_ns = round(start_s * SECOND_NS), round(interval_s * SECOND_NS)

    def at(number: int) -> int:
        return start_ns + number * step_ns

    received = {}
    for flow in range(flows):
        gaps, last = [], count - 1
        for first, end in lost.get(flow, []):
            if end >= count:
                last = first - 1
            else:
                gaps.append([first, end - first, at(first - 1) if first else 0, at(end)])
        if last >= 0:
            got = last + 1 - sum(gap[1] for gap in gaps)
            received[str(flow)] = {
                "received": got, "next_number": last + 1, "last_sent_ns": at(last), "late": 0, "duplicates": 0,
                "gaps": gaps,
            }  # fmt: skip
    sent = {
        "run_id": 1, "flows": flows, "interval_s": interval_s, "sent_per_flow": count, "first_sent_ns": at(0),
        "last_sent_ns": at(count - 1), "latest_s": 0.001, "send_errors": 0, "cpu_s": 0.1,
    }  # fmt: skip
    return sent, {"run_id": 1, "flows": received, "cpu_s": 0.1}


@pytest.fixture
def stream() -> Callable[..., Stream]:
    """Return what makes a stream of 3,000 probes from 100 s on, of which each flow loses those in `[first, end)`."""

    def make(lost: dict[int, list[tuple[int, int]]], *, city: str = "fuji", direction: str = "to_dc") -> Stream:
        return read_stream(city, direction, *_logs(lost))  # type: ignore[arg-type]

    return make
