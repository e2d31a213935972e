"""Waiting until the lab is what a scenario begins with: up, converged, at rest, with the timers predicted with.

The time is bounded, what is waited for is said, and nothing is changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from twin.context import busy_share, cpu_times_s
from twin.errors import NOT_RUNNING_LINE, LabDiffers, LabNotReady
from twin.observation import differences, observe_routers, timer_differences
from twin.services import ask_services

if TYPE_CHECKING:
    from infra.targets.target import Target
    from inventory.models.estate import Estate
    from topology.model import Network

PATIENCE_S = 180.0
STEP_S = 3.0
MARGIN_S = 1.0
CALM_S = 1.0
MOST_BUSY = 0.7


def await_ready(
    target: Target, estate: Estate, network: Network, say: Callable[[str], None], lead_s: float = 0.0
) -> None:
    """Return when every node is up, every router as the model expects it, services answer, and throttles rest.

    Throttles have to rest when the first thing fails, which is `lead_s` later at the earliest.
    Raises LabNotRunning where nodes are missing, LabDiffers where routers run with other timers, LabNotReady where the
    lab does not settle or the host is too busy.
    """
    from infra.targets.target import LabNotRunning

    began_s = time.monotonic()
    told = ""
    while True:
        up = set(target.running())
        down = sorted(set(network.nodes) - up)
        if len(down) == len(network.nodes):
            raise LabNotRunning(NOT_RUNNING_LINE)
        states = observe_routers(target, [node.id for node in network.routers()], network)
        if other := list(timer_differences(estate, states)):
            raise LabDiffers(
                f"the lab runs another estate than the one predicted: {other[0]}; `make up` with the same --set"
            )
        missing = [*(f"{node} is down" for node in down), *differences(estate, network, states)]
        if not missing:
            asked = ask_services(target, estate, network, set(network.nodes), up)
            missing = [f"{one['service']} of {one['city']}: {one['problem']}" for one in asked if not one["answers"]]
        if not missing:
            break
        waited_s = time.monotonic() - began_s
        if waited_s > PATIENCE_S:
            raise LabNotReady(f"the lab has not converged in {waited_s:.0f} s: {'; '.join(missing[:3])}")
        if missing[0] != told:
            told = missing[0]
            say(f"waiting: {told}" + (f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""))
        time.sleep(STEP_S)
    rest_s = max(rest_time_s(estate) - lead_s, CALM_S)
    say(f"converged after {time.monotonic() - began_s:.0f} s; {rest_s:.0f} s more to come to rest")
    _await_calm(rest_s, say)


def _await_calm(rest_s: float, say: Callable[[str], None]) -> None:
    """Return after `rest_s`, or later: when the host has time to spare, for a starved router loses its neighbours."""
    began_s = time.monotonic()
    told = False
    while True:
        before = cpu_times_s()
        time.sleep(rest_s)
        busy = busy_share(before, cpu_times_s())
        if busy <= MOST_BUSY:
            return
        if time.monotonic() - began_s > PATIENCE_S:
            raise LabNotReady(f"this host is too busy ({busy:.0%} of its processors): an outage would be its own doing")
        if not told:
            say(f"waiting: the host is too busy ({busy:.0%}), {MOST_BUSY:.0%} at most")
        told = True


def rest_time_s(estate: Estate) -> float:
    """Return how long after the last change the throttles of the routing daemons are as if nothing had happened."""
    ospf = estate.records.timers.ospf
    return max(ospf.spf_max_hold_s, ospf.lsa_hold_s) + MARGIN_S
