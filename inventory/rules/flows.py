"""Rules on permitted flows."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def ends_exist(scope: Scope) -> Iterator[Problem]:
    """A flow runs between segments and devices."""
    for id_, flow in scope.records.flows.items():
        for side, end in (("source", flow.source), ("destination", flow.destination)):
            yield from scope.unknown(f"flows.{id_}.{side}", "segment or device", end, "segments", "devices")


def ports_suit_the_protocol(scope: Scope) -> Iterator[Problem]:
    """TCP and UDP flows name their ports; ICMP has none."""
    for id_, flow in scope.records.flows.items():
        ports = bool(flow.ports) or flow.port_range is not None
        if flow.protocol == "icmp" and ports:
            yield scope.problem(f"flows.{id_}", "ICMP has no ports", "no `ports` and no `port_range`")
        if flow.protocol != "icmp" and not ports:
            found = f"every {flow.protocol} port would be open"
            yield scope.problem(f"flows.{id_}", found, "`ports` or `port_range`")


def port_ranges_rise(scope: Scope) -> Iterator[Problem]:
    """A range of ports begins at its lower end."""
    for id_, flow in scope.records.flows.items():
        if flow.port_range is not None and flow.port_range[0] > flow.port_range[1]:
            found = f"{flow.port_range[0]} to {flow.port_range[1]} is empty"
            yield scope.problem(f"flows.{id_}.port_range", found, "the lower port first")


def flows_cross_a_router(scope: Scope) -> Iterator[Problem]:
    """What stays on one segment passes no router, so no flow can permit or deny it."""
    for id_, flow in scope.records.flows.items():
        shared = segments_of(scope, flow.source) & segments_of(scope, flow.destination)
        if shared:
            found = f"`{flow.source}` and `{flow.destination}` are both on `{min(shared)}`"
            yield scope.problem(f"flows.{id_}", found, "a flow between segments")


def segments_of(scope: Scope, end: str) -> set[str]:
    """Return the segments of a flow's end: itself, or those on which a device has interfaces."""
    if end in scope.names("segments"):
        return {end}
    device = scope.records.devices.get(end)
    return {port.segment for port in device.interfaces.values() if port.segment} if device else set()
