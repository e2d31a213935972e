"""Declared and observed facts meet item by item, and each difference has its kind."""

from __future__ import annotations

import pytest

from topology.as_built import Compared, Fact, Item, compare, differences


def _item(name: str) -> Item:
    return Item("address-plan", "devices.a", "eth0", name)


def _fact(name: str, value: str) -> Fact:
    return Fact(_item(name), value, "devices.a")


def test_each_kind_of_difference() -> None:
    """Only declared is missing, only observed is extra, another value is changed, the same value is none."""
    compared = compare(
        [_fact("same", "1"), _fact("gone", "1"), _fact("other", "1")],
        [_fact("other", "2"), _fact("new", "1"), _fact("same", "1")],
    )
    assert [(one.item.name, one.kind) for one in compared] == [
        ("same", None), ("gone", "missing"), ("other", "changed"), ("new", "extra"),
    ]  # fmt: skip
    assert [one.item.name for one in differences(compared)] == ["gone", "other", "new"]
    assert compared[2] == Compared(_item("other"), "1", "2", "devices.a")


def test_what_nobody_could_look_at_is_no_difference() -> None:
    """An item that a place cannot show is neither missing nor alike."""
    (one,) = compare([_fact("hidden", "1")], [], [_item("hidden")])
    assert not one.seen
    assert one.kind is None


def test_two_values_of_one_item_are_refused() -> None:
    """Of two values one would be lost, whichever side has them."""
    twice = [_fact("x", "1"), _fact("x", "2")]
    with pytest.raises(ValueError, match="two values of"):
        compare(twice, [])
    with pytest.raises(ValueError, match="two values of"):
        compare([], twice)


def test_order_does_not_depend_on_what_was_seen_first() -> None:
    """Declared items stand in their order and extra ones by name, so that two runs write the same."""
    declared = [_fact("b", "1"), _fact("a", "1")]
    seen = [_fact("z", "1"), _fact("y", "1")]
    assert compare(declared, seen) == compare(declared, seen[::-1])
