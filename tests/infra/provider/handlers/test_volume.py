"""A data volume outlives everything but the flag that says otherwise."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from memory_place import MemoryPlace

from infra.plan import Plan
from infra.provider.handler import Call
from infra.provider.place import Place, Settings
from infra.provider.registry import handler_for

HANDLER = handler_for("twin:storage:Volume")


def _willing(call: Call) -> Call:
    """The same operation with the flag set."""
    place = Place(Settings(target="memory", remove_data=True), root=call.place.state.parent)
    place._target = call.place.target
    return Call(place, call.steps)


def test_delete_without_the_flag_keeps_the_data_and_says_so(
    deck_plan: Plan, call: Call, memory: MemoryPlace, spoken: Any
) -> None:
    """Destroying a stack leaves the volume, with the command that would remove it."""
    volume = next(iter(deck_plan.volumes.values()))
    outputs = HANDLER.create(volume, call)
    HANDLER.delete(volume, outputs, call)
    assert memory.read_volume(volume.id) is not None
    assert any("pulumi config set twin:removeData true" in text for passing, text in spoken.lines if not passing)


def test_delete_with_the_flag_removes_it(deck_plan: Plan, call: Call, memory: MemoryPlace) -> None:
    """With `twin:removeData` the data goes."""
    volume = next(iter(deck_plan.volumes.values()))
    willing = _willing(call)
    HANDLER.delete(volume, HANDLER.create(volume, willing), willing)
    assert memory.read_volume(volume.id) is None


def test_flag_is_read_from_the_stack_or_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """`twin:removeData` of the stack and the variable of `make down` both count; anything else keeps the data."""
    monkeypatch.delenv("MUNICIPAL_TWIN_REMOVE_DATA", raising=False)
    assert Settings.from_values({}, {}).remove_data is False
    assert Settings.from_values({}, {"removeData": "false"}).remove_data is False
    assert Settings.from_values({}, {"removeData": "true"}).remove_data is True
    monkeypatch.setenv("MUNICIPAL_TWIN_REMOVE_DATA", "1")
    assert Settings.from_values({}, {}).remove_data is True


def test_kept_volume_is_taken_back(deck_plan: Plan, call: Call, spoken: Any) -> None:
    """A create where a volume was kept adopts it and says that its data is kept."""
    volume = next(iter(deck_plan.volumes.values()))
    HANDLER.create(volume, call)
    HANDLER.create(volume, call)
    assert any("its data is kept" in text for _, text in spoken.lines)


def test_no_change_replaces_a_volume(deck_plan: Plan) -> None:
    """Not one input of a volume means replacement."""
    assert HANDLER.replaced_by == frozenset()
    assert not HANDLER.problems(next(iter(deck_plan.volumes.values())))


def test_folder_must_be_absolute(deck_plan: Plan) -> None:
    """A relative folder is a finding."""
    volume = dataclasses.replace(next(iter(deck_plan.volumes.values())), folder="data")
    assert "expected an absolute path" in dict(HANDLER.problems(volume))["folder"]
