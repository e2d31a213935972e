"""The place's own view: where ports are plugged in, and what circuits carry."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from inventory.models.estate import Estate
from topology.as_built import compare, differences
from topology.model import Network
from twin.as_built import circuits
from twin.as_built.circuits import SegmentSeen
from twin.as_built.design import Design, make_design

Seen = dict[str, SegmentSeen | None]
Found = tuple[str | None, str, str, str, str | None]


@pytest.fixture(scope="module")
def design(estate: Estate, network: Network) -> Design:
    """Return the declared side."""
    return make_design(estate, network, Path("/nowhere"))


def _seen(design: Design) -> Seen:
    """Return a place where everything is as asked."""
    plugged: dict[str, dict[str, str]] = {id_: {} for id_ in design.plan.segments}
    for node in design.plan.nodes.values():
        for port in node.ports:
            plugged[port.segment][f"{node.id}/{port.name}"] = port.end
    return {
        id_: SegmentSeen(spec.rate_bps, spec.mtu, plugged[id_])
        if len(spec.ends) == 2
        else SegmentSeen(None, None, plugged[id_])
        for id_, spec in design.plan.segments.items()
    }


def _differences(design: Design, seen: Seen) -> list[Found]:
    here = set(design.network.nodes)
    compared = compare(circuits.declared(design, here), circuits.observed(design, here, seen))
    return [(one.kind, one.item.owner, one.item.on, one.item.name, one.observed) for one in differences(compared)]


def test_place_as_asked_has_no_difference(design: Design) -> None:
    """Every port of the estate is held against its segment, every circuit against its rate and MTU."""
    assert _differences(design, _seen(design)) == []
    declared = list(circuits.declared(design, set(design.network.nodes)))
    assert sum(fact.item.name == "plugged into" for fact in declared) == len(design.network.interfaces)
    assert {fact.item.owner for fact in declared} >= {f"circuits.{id_}" for id_ in design.estate.records.circuits}


def test_moved_port_slow_circuit_and_gone_segment(design: Design) -> None:
    """Each is found by name; a port that is plugged in nowhere is missing."""
    seen = _seen(design)
    core, other, wan = seen["dc-fujinomiya-core"], seen["dc-fuji-core"], seen["fuji-wan-1"]
    assert core and other and wan and wan.rate_bps
    other.plugged["dc-fujinomiya-db/eth0"] = core.plugged.pop("dc-fujinomiya-db/eth0")
    del core.plugged["dc-fujinomiya-ap/eth0"]
    seen["fuji-wan-1"] = dataclasses.replace(wan, rate_bps=wan.rate_bps / 2)
    slower = f"{wan.rate_bps / 2e6:g} Mbps"
    assert set(_differences(design, seen)) == {
        ("changed", "devices.dc-fujinomiya-db", "eth0", "plugged into", "dc-fuji-core a"),
        ("missing", "devices.dc-fujinomiya-ap", "eth0", "plugged into", None),
        ("changed", "circuits.fuji-wan-1", "fuji-wan-1", "rate", slower),
    }
    gone = {**_seen(design), "fuji-wan-1": None}
    assert {(kind, name) for kind, _, _, name, _ in _differences(design, gone)} == {
        ("missing", "rate"), ("missing", "MTU"), ("missing", "plugged into"),
    }  # fmt: skip


def test_what_stands_elsewhere_is_not_asked_for(design: Design) -> None:
    """Where only some nodes stand the ports of others are neither declared nor reported."""
    here = {"dc-fuji-ap"}
    seen = _seen(design)
    ports = [f for f in circuits.observed(design, here, seen) if f.item.name == "plugged into"]
    assert {fact.item.owner for fact in ports} == {"devices.dc-fuji-ap"}
