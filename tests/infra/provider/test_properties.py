"""Property values become typed inputs and back without loss; what is wrong is named by property and inventory line."""

from __future__ import annotations

import pytest
from pulumi.provider.experimental.property_value import PropertyValue

from infra.errors import InputsInvalid
from infra.inputs import inputs_of
from infra.plan import Plan
from infra.provider.properties import UNKNOWN, parse_inputs, to_plain, to_properties
from infra.specs import NodeSpec, SegmentSpec


def test_every_spec_survives_the_way_through_property_values(deck_plan: Plan) -> None:
    """A spec turned into property values, over the wire and parsed is the same spec, whole numbers included."""
    for spec in (*deck_plan.segments.values(), *deck_plan.nodes.values(), *deck_plan.carrier_networks.values()):
        wire = PropertyValue.marshal_map(to_properties(inputs_of(spec)))
        assert parse_inputs(type(spec), to_plain(PropertyValue.unmarshal_map(wire))) == spec


def test_numbers_are_floats_on_the_wire() -> None:
    """Whole numbers are written as floats, truth values are not mistaken for numbers."""
    found = to_properties({"count": 3, "holds": True, "list": [1]})
    assert found["count"].value == 3.0 and isinstance(found["count"].value, float)
    assert found["holds"].value is True
    assert found["list"].value[0].value == 1.0


def test_named_secrets_are_secret_and_nothing_else_is() -> None:
    """Only the outputs that a handler names are secret property values."""
    found = to_properties({"value": "x", "name": "y"}, {"value"})
    assert found["value"].is_secret and not found["name"].is_secret


def test_missing_and_null_are_the_same() -> None:
    """None is never written, and an absent optional property reads as None."""
    assert "gateway" not in to_properties({"gateway": None})


@pytest.mark.parametrize(
    ("change", "property_", "words"),
    [
        ({"rate_bps": "fast"}, "rate_bps", "is 'fast', expected a number"),
        ({"mtu": 1500.5}, "mtu", "is 1500.5, expected a whole number"),
        ({"kind": "wan"}, "kind", "is 'wan', expected one of lan, transit, circuit, access"),
        ({"ends": "dc"}, "ends", "is 'dc', expected a group of values"),
        ({"rate": 5.0}, "rate", "no such property"),
        ({"rate_bp": 5.0}, "rate_bp", "did you mean `rate_bps`?"),
        ({"mtu": True}, "mtu", "expected a whole number"),
        ({"delay_s": None}, "delay_s", "is missing"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(change: dict, property_: str, words: str, deck_plan: Plan) -> None:
    """Every finding names the property, what it is, what was expected, and the inventory line that it came from."""
    values = {**inputs_of(deck_plan.segments["fuji-wan-1"]), **change}
    with pytest.raises(InputsInvalid) as caught:
        parse_inputs(SegmentSpec, {key: value for key, value in values.items() if value is not None})
    found = dict(caught.value.findings)
    assert words in found[property_]
    assert "circuits.yaml:" in found[property_]


def test_all_findings_come_at_once_with_their_paths(deck_plan: Plan) -> None:
    """Two wrong properties are two findings, and a nested one has its path."""
    values = inputs_of(deck_plan.nodes["dc-rt-1"])
    values["cpus"] = "many"
    values["ports"][1]["mtu"] = "large"
    with pytest.raises(InputsInvalid) as caught:
        parse_inputs(NodeSpec, values)
    assert {name for name, _ in caught.value.findings} == {"cpus", "ports[1].mtu"}


def test_unknown_values_pass_in_a_preview(deck_plan: Plan) -> None:
    """What is known only later is no finding."""
    values = {**inputs_of(deck_plan.segments["fuji-wan-1"]), "mtu": UNKNOWN}
    assert parse_inputs(SegmentSpec, values).mtu == UNKNOWN
