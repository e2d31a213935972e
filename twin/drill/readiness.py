"""Waiting until the lab is what a scenario begins with: up, converged, at rest, with the timers predicted with.

The time is bounded, what is waited for is said, and nothing is changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from twin.errors import NOT_RUNNING_LINE, LabDiffers, LabNotReady
from twin.observation import differences, observe_routers, timer_differences

if TYPE_CHECKING:
    from infra.targets.target import Target
    from inventory.models.estate import Estate
    from topology.model import Network

PATIENCE_S = 180.0
STEP_S = 3.0
MARGIN_S = 1.0


def await_ready(target: Target, estate: Estate, network: Network, say: Callable[[str], None]) -> None:
    """Return when every node is up, every router as the model expects it, and throttles have come to rest.

    Raises LabNotRunning where nodes are missing, LabDiffers where routers run with other timers, LabNotReady where the
    lab does not settle.
    """
    from infra.targets.target import LabNotRunning

    began_s = time.monotonic()
    told = ""
    while True:
        up = set(target.running())
        down = sorted(set(network.nodes) - up)
        if len(down) == len(network.nodes):
            raise LabNotRunning(NOT_RUNNING_LINE)
        states = observe_routers(target, network)
        if other := list(timer_differences(estate, states)):
            raise LabDiffers(
                f"the lab runs another estate than the one predicted: {other[0]}; `make up` with the same --set"
            )
        missing = [*(f"{node} is down" for node in down), *differences(estate, network, states)]
        if not missing:
            break
        waited_s = time.monotonic() - began_s
        if waited_s > PATIENCE_S:
            raise LabNotReady(f"the lab has not converged in {waited_s:.0f} s: {'; '.join(missing[:3])}")
        if missing[0] != told:
            told = missing[0]
            say(f"waiting: {told}" + (f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""))
        time.sleep(STEP_S)
    rest_s = rest_time_s(estate)
    say(f"converged after {time.monotonic() - began_s:.0f} s; {rest_s:.0f} s for throttles to come to rest")
    time.sleep(rest_s)


def rest_time_s(estate: Estate) -> float:
    """Return how long after the last change the throttles of the routing daemons are as if nothing had happened."""
    ospf = estate.records.timers.ospf
    return max(ospf.spf_max_hold_s, ospf.lsa_hold_s) + MARGIN_S
