"""Segments, carrier networks and nodes: made, adopted, looked at, mended and removed at a place."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from memory_place import MemoryPlace

from infra import configs
from infra.errors import InfraError, Interrupted
from infra.inputs import inputs_of
from infra.plan import Plan
from infra.provider.handler import Call
from infra.provider.registry import handler_for
from infra.targets.target import Observed, Progress


def _cases(plan: Plan) -> dict[str, Any]:
    return {
        "twin:network:Segment": plan.segments["fuji-wan-1"],
        "twin:network:CarrierNetwork": configs.carrier_networks(plan)[0],
        "twin:compute:Node": configs.node_inputs(plan, plan.nodes["dc-fuji-db"]),
    }


TOKENS = ("twin:network:Segment", "twin:network:CarrierNetwork", "twin:compute:Node")
KINDS = {"twin:network:Segment": "segment", "twin:network:CarrierNetwork": "carrier", "twin:compute:Node": "node"}


@pytest.mark.parametrize("token", TOKENS)
def test_what_was_made_is_found_without_drift(token: str, deck_plan: Plan, call: Call) -> None:
    """After create a read finds no drift and no other values, and the diff to the same inputs is empty."""
    handler, inputs = handler_for(token), _cases(deck_plan)[token]
    outputs = handler.create(inputs, call)
    found = handler.read(inputs, outputs, call)
    assert found is not None and found.drift == () and found.values == {}
    assert handler.diff(outputs, inputs_of(inputs)).changes is False


@pytest.mark.parametrize("token", TOKENS)
def test_what_is_gone_is_read_as_gone(token: str, deck_plan: Plan, call: Call, memory: MemoryPlace) -> None:
    """Something removed behind the engine's back is None, so that a preview shows it as to be made."""
    handler, inputs = handler_for(token), _cases(deck_plan)[token]
    outputs = handler.create(inputs, call)
    memory.file(KINDS[token], inputs.id).unlink()
    assert handler.read(inputs, outputs, call) is None


@pytest.mark.parametrize("token", TOKENS)
def test_create_takes_over_what_is_there(token: str, deck_plan: Plan, call: Call, memory: MemoryPlace) -> None:
    """A create after one whose result was lost ends like the first; a delete of what is gone is no error."""
    handler, inputs = handler_for(token), _cases(deck_plan)[token]
    first = handler.create(inputs, call)
    second = handler.create(inputs, call)
    assert {**first, "revision": ""} == {**second, "revision": ""}
    assert first["revision"] != second["revision"]
    handler.delete(inputs, second, call)
    handler.delete(inputs, second, call)
    assert not memory.file(KINDS[token], inputs.id).exists()


@pytest.mark.parametrize("token", TOKENS)
def test_a_read_changes_nothing(token: str, deck_plan: Plan, call: Call, memory: MemoryPlace) -> None:
    """Looking makes no call that ensures or removes."""
    handler, inputs = handler_for(token), _cases(deck_plan)[token]
    handler.read(inputs, {}, call)
    assert not [entry for entry in memory.calls() if not entry.startswith("read ")]


def test_drift_brings_the_values_found(deck_plan: Plan, call: Call, memory: MemoryPlace) -> None:
    """A shaper changed by hand is read with its own rate, and the diff names the rate and the way back."""
    handler, inputs = handler_for("twin:network:Segment"), deck_plan.segments["fuji-wan-1"]
    outputs = handler.create(inputs, call)
    path = memory.file("segment", inputs.id)
    path.write_text(json.dumps({**json.loads(path.read_text()), "rate_bps": 3e7}))
    found = handler.read(inputs, outputs, call)
    assert found is not None and found.values["rate_bps"] == 3e7
    assert "3" in found.drift[0] and "rate_bps" in found.drift[0]
    state = {**outputs, **found.values, "drift": list(found.drift)}
    answer = handler.diff(state, inputs_of(inputs))
    assert {"rate_bps", "drift"} == set(answer.detailed_diff) and not answer.replaces
    mended = handler.update(state, inputs, call)
    again = handler.read(inputs, mended, call)
    assert again is not None and again.drift == ()


def test_removing_a_node_leaves_its_volumes(deck_plan: Plan, call: Call, memory: MemoryPlace) -> None:
    """Replacement deletes and creates the node; the data volume is not touched by either."""
    handler, inputs = handler_for("twin:compute:Node"), _cases(deck_plan)["twin:compute:Node"]
    memory.ensure_volume(next(iter(inputs.volumes)), lambda _: None)
    outputs = handler.create(inputs, call)
    handler.delete(inputs, outputs, call)
    assert not any(entry.startswith("remove volume") for entry in memory.calls())
    assert memory.read_volume(next(iter(inputs.volumes))) is not None


def test_a_place_that_keeps_differing_is_an_error(deck_plan: Plan, call: Call, memory: MemoryPlace) -> None:
    """Create does not report as made what the place itself says differs."""

    def unfaithful(spec: Any, progress: Progress) -> Observed:
        del progress
        return Observed(spec.id, {}, ("its shaper is missing",))

    memory.ensure_segment = unfaithful
    with pytest.raises(InfraError, match="fuji-wan-1: still differs after it was made: its shaper is missing"):
        handler_for("twin:network:Segment").create(deck_plan.segments["fuji-wan-1"], call)


def test_cancel_stops_between_steps(deck_plan: Plan, call: Call, memory: MemoryPlace) -> None:
    """After a cancel the next step is not begun, and the words say that a new run goes on from there."""
    call.steps._stopping.set()
    with pytest.raises(Interrupted, match=r"before: segment fuji-wan-1: step 1/2; run again"):
        handler_for("twin:network:Segment").create(deck_plan.segments["fuji-wan-1"], call)
    assert memory.calls() == []


@pytest.mark.parametrize(
    ("token", "change", "name", "words"),
    [
        ("twin:network:Segment", {"ends": ("dc",)}, "ends", "names 1 ends, expected two"),
        ("twin:network:Segment", {"rate_bps": 0.0}, "rate_bps", "expected a rate above zero"),
        ("twin:network:Segment", {"delay_s": -1.0}, "delay_s", "expected zero or more seconds"),
        ("twin:network:Segment", {"mtu": 100}, "mtu", "expected 576 to 9216 bytes"),
        ("twin:network:CarrierNetwork", {"ports": {}}, "ports", "expected two or more"),
        ("twin:compute:Node", {"memory_bytes": 1}, "memory_bytes", "expected at least"),
    ],
)
def test_problems_beyond_types_are_named(
    token: str, change: dict[str, Any], name: str, words: str, deck_plan: Plan
) -> None:
    """What types cannot say is said by property."""
    handler, inputs = handler_for(token), dataclasses.replace(_cases(deck_plan)[token], **change)
    assert words in dict(handler.problems(inputs))[name]


def test_ports_need_their_own_names_and_prefix_lengths(deck_plan: Plan) -> None:
    """Two ports of one name, and an address without its prefix length, are findings at their index."""
    node = _cases(deck_plan)["twin:compute:Node"]
    port = node.ports[0]
    wrong = dataclasses.replace(node, ports=(port, dataclasses.replace(port, address="10.0.0.1")))
    found = dict(handler_for("twin:compute:Node").problems(wrong))
    assert "another port has already" in found["ports[1].name"]
    assert "expected a prefix length" in found["ports[1].address"]
