"""Circuits and segments as the place itself sees them: rate, MTU, and which port is plugged in where."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from infra.specs import SegmentSpec
from infra.targets.target import NotSupported, Target
from topology.as_built import Fact, Item
from twin.as_built.design import Design
from twin.place import in_parallel


@dataclasses.dataclass(frozen=True)
class SegmentSeen:
    """A segment as the place sees it: rate in bit/s and MTU of one with two ends, and `port → end` plugged into it."""

    rate_bps: float | None
    mtu: int | None
    plugged: dict[str, str]


def look(place: Target, design: Design) -> dict[str, SegmentSeen | None] | None:
    """Return every segment, None for one that is gone; None for all where the place cannot look into segments."""

    def one(id_: str) -> SegmentSeen | None:
        spec = design.plan.segments[id_]
        found = place.read_segment(spec)
        if found is None:
            return None
        joined = len(spec.ends) == 2
        rate_bps = float(found.values["rate_bps"]) if joined else None
        return SegmentSeen(rate_bps, int(found.values["mtu"]) if joined else None, place.plugged_into(id_))

    try:
        return dict(in_parallel(one, design.plan.segments))
    except NotSupported:
        return None


def declared(design: Design, here: set[str]) -> Iterator[Fact]:
    """Yield where each port is plugged in, and rate and MTU of what has two ends (the rate at the place's scale)."""
    for id_ in sorted(here):
        for port in design.plan.nodes[id_].ports:
            entry = f"devices.{id_}.interfaces.{port.name}"
            yield Fact(_port(id_, port.name), f"{port.segment} {port.end}", entry)
    for spec in _joined(design):
        owner = _owner(design, spec.id)
        yield Fact(Item("connection-list", owner, spec.id, "rate"), _rate(spec.rate_bps), f"{owner}.rate")
        yield Fact(Item("connection-list", owner, spec.id, "MTU"), str(spec.mtu), f"{owner}.mtu")


def observed(design: Design, here: set[str], seen: dict[str, SegmentSeen | None]) -> Iterator[Fact]:
    """Yield what the place sees."""
    for id_, segment in seen.items():
        for port, end in segment.plugged.items() if segment else ():
            node, _, name = port.partition("/")
            if node in here:
                yield Fact(_port(node, name), f"{id_} {end}", f"devices.{node}")
    for spec in _joined(design):
        segment = seen[spec.id]
        owner = _owner(design, spec.id)
        if segment and segment.rate_bps is not None:
            yield Fact(Item("connection-list", owner, spec.id, "rate"), _rate(segment.rate_bps), owner)
            yield Fact(Item("connection-list", owner, spec.id, "MTU"), str(segment.mtu), owner)


def _port(node: str, name: str) -> Item:
    return Item("connection-list", f"devices.{node}", name, "plugged into")


def _joined(design: Design) -> Iterator[SegmentSpec]:
    return (spec for spec in design.plan.segments.values() if len(spec.ends) == 2)


def _owner(design: Design, segment: str) -> str:
    circuit = design.network.segments[segment].circuit
    return f"circuits.{circuit}" if circuit else f"segments.{segment}"


def _rate(rate_bps: float) -> str:
    return f"{round(rate_bps / 1e6, 3):g} Mbps"
