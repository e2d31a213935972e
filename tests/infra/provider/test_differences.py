"""Differences are found property by property; the table says which change means an update and which a replacement."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from infra import configs
from infra.inputs import inputs_of
from infra.plan import Plan
from infra.provider.differences import differences
from infra.provider.registry import handler_for, tokens
from inventory.models.estate import Estate


def _inputs(token: str, deck: Estate, plan: Plan) -> dict[str, Any]:
    server = next(item for item in configs.servers(deck, plan) if item.volumes)
    records = {
        "twin:network:Segment": plan.segments["fuji-wan-1"],
        "twin:network:CarrierNetwork": configs.carrier_networks(plan)[0],
        "twin:compute:Node": configs.node_inputs(plan, plan.nodes["dc-rt-1"]),
        "twin:storage:Volume": server.volumes[0],
        "twin:security:Secret": configs.secrets(deck, plan)[0],
        "twin:security:Certificate": server.certificate,
    }
    return inputs_of(records[token])


TABLE = [
    ("twin:network:Segment", "rate_bps", 1e6, "update"),
    ("twin:network:Segment", "delay_s", 0.01, "update"),
    ("twin:network:Segment", "mtu", 1400.0, "update"),
    ("twin:network:Segment", "cite", "circuits.yaml:999", "nothing"),
    ("twin:network:Segment", "kind", "access", "replace"),
    ("twin:network:Segment", "ends", ["dc", "fuji-hall"], "replace"),
    ("twin:network:CarrierNetwork", "ports", {}, "update"),
    ("twin:network:CarrierNetwork", "attachments", {}, "update"),
    ("twin:compute:Node", "image", "base", "replace"),
    ("twin:compute:Node", "memory_bytes", 1e9, "replace"),
    ("twin:compute:Node", "cpus", 2.0, "replace"),
    ("twin:compute:Node", "volumes", {"x": "/x"}, "replace"),
    ("twin:compute:Node", "ports", [], "update"),
    ("twin:compute:Node", "loopbacks", [], "update"),
    ("twin:compute:Node", "gateway", "10.0.0.1", "update"),
    ("twin:compute:Node", "attachments", {"wan1": "lan dc"}, "update"),
    ("twin:compute:Node", "cite", "devices.yaml:999", "nothing"),
    ("twin:storage:Volume", "folder", "/data", "update"),
    ("twin:storage:Volume", "node", "dc-rt-1", "update"),
    ("twin:security:Secret", "purpose", "other words", "update"),
    ("twin:security:Secret", "length", 64.0, "replace"),
    ("twin:security:Certificate", "names", ["other"], "update"),
    ("twin:security:Certificate", "issuer_digest", "other", "update"),
    ("twin:security:Certificate", "inventory_id", "other", "replace"),
]


@pytest.mark.parametrize("row", TABLE, ids=[f"{row[0]}.{row[1]}" for row in TABLE])
def test_what_a_change_means(row: tuple[str, str, Any, str], deck: Estate, deck_plan: Plan) -> None:
    """A change of the property means what the table says, and the answer names the property."""
    token, name, value, kind = row
    old = {**_inputs(token, deck, deck_plan), "drift": []}
    new = {key: item for key, item in copy.deepcopy(old).items() if key != "drift"}
    answer = handler_for(token).diff(old, {**new, name: value})
    assert answer.changes is (kind != "nothing")
    assert answer.replaces == ([name] if kind == "replace" else [])
    assert answer.delete_before_replace is (kind == "replace")
    assert all(path.startswith(name) for path in answer.detailed_diff)
    assert bool(answer.detailed_diff) is (kind != "nothing")


@pytest.mark.parametrize("token", sorted({row[0] for row in TABLE}))
def test_the_same_inputs_change_nothing(token: str, deck: Estate, deck_plan: Plan) -> None:
    """Outputs beside the inputs are no difference."""
    new = _inputs(token, deck, deck_plan)
    assert handler_for(token).diff({**new, "drift": [], "revision": "abc"}, new).changes is False


def test_drift_alone_is_a_change(deck: Estate, deck_plan: Plan) -> None:
    """Words of drift make an update even where every value compares equal."""
    new = _inputs("twin:compute:Node", deck, deck_plan)
    answer = handler_for("twin:compute:Node").diff({**new, "drift": ["container is stopped"]}, new)
    assert answer.changes and not answer.replaces and "drift" in answer.detailed_diff


def test_paths_are_in_the_engines_notation() -> None:
    """Lists are indexed, odd keys quoted, additions and removals told apart."""
    old = {"ports": [{"mtu": 1500.0}, {"mtu": 1500.0}], "volumes": {"a-b": "/x"}, "gone": 1.0}
    new = {"ports": [{"mtu": 1400.0}], "volumes": {"a-b": "/y"}, "come": 1.0}
    found = {item.path: item.change for item in differences(old, new)}
    assert found == {
        "ports[0].mtu": "update",
        "ports[1]": "delete",
        'volumes["a-b"]': "update",
        "gone": "delete",
        "come": "add",
    }


def test_every_type_has_a_handler_with_a_docstring_and_its_own_token() -> None:
    """The registry names exactly the types of the provider, each handler knows its token."""
    for token in tokens():
        assert handler_for(token).token == token
        assert type(handler_for(token)).__doc__
