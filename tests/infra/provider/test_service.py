"""The provider as the engine sees it: parallel work, previews that touch nothing, words for what went wrong."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from memory_place import MemoryPlace
from pulumi.provider.experimental import provider as engine
from pulumi.provider.experimental.property_value import PropertyValue

from infra import configs
from infra.errors import ConfigInvalid, InfraError
from infra.inputs import inputs_of
from infra.plan import Plan
from infra.provider.place import Place
from infra.provider.properties import UNKNOWN, to_plain, to_properties
from infra.provider.service import TwinProvider
from infra.targets.target import LabHeldByOther
from inventory.models.estate import Estate


def _urn(token: str, name: str) -> str:
    return f"urn:pulumi:s::p::twin:estate:Site${token}::{name}"


@pytest.fixture
def provider(place: Place, spoken: Any) -> TwinProvider:
    """A provider on the place that is only a folder."""
    return TwinProvider(spoken, place)


def _segment(plan: Plan, id_: str) -> dict[str, PropertyValue]:
    return to_properties(inputs_of(plan.segments[id_]))


def _create(id_: str, properties: dict[str, PropertyValue], *, preview: bool = False) -> engine.CreateRequest:
    return engine.CreateRequest(_urn("twin:network:Segment", id_), properties, 0, preview)


def test_independent_resources_are_made_at_the_same_time(
    provider: TwinProvider, memory: MemoryPlace, deck_plan: Plan
) -> None:
    """Three creates are inside the place at once: each waits there for the other two."""
    meeting = threading.Barrier(3, timeout=20)
    memory.gate = lambda _: meeting.wait() and None
    ids = ("fuji-wan-1", "fuji-wan-2", "fujinomiya-main")

    async def make() -> list[engine.CreateResponse]:
        return list(await asyncio.gather(*(provider.create(_create(id_, _segment(deck_plan, id_))) for id_ in ids)))

    assert sorted(str(made.resource_id) for made in asyncio.run(make())) == sorted(ids)
    assert not meeting.broken


def test_preview_touches_nothing(
    provider: TwinProvider, memory: MemoryPlace, place: Place, deck: Estate, deck_plan: Plan
) -> None:
    """Previews of create and update make no call to the place, write no file, and leave what is to come unknown."""
    properties = _segment(deck_plan, "fuji-wan-1")
    made = asyncio.run(provider.create(_create("fuji-wan-1", properties, preview=True)))
    assert to_plain(made.properties)["revision"] == UNKNOWN
    changed = engine.UpdateRequest(
        _urn("twin:network:Segment", "x"), "x", made.properties, properties, 0, [], preview=True
    )
    assert to_plain(asyncio.run(provider.update(changed)).properties)["revision"] == UNKNOWN
    secret = to_properties(inputs_of(configs.secrets(deck, deck_plan)[0]))
    request = engine.CreateRequest(_urn("twin:security:Secret", "x"), secret, 0, preview=True)
    assert to_plain(asyncio.run(provider.create(request)).properties)["value"] == UNKNOWN
    assert memory.calls() == []
    assert not place.state.exists()


def test_check_names_property_and_inventory_line(provider: TwinProvider, deck_plan: Plan) -> None:
    """A wrong and an unknown property are both refused, each by its name and the line that it came from."""
    wrong = {**_segment(deck_plan, "fuji-wan-1"), "rate_bps": PropertyValue(-1.0)}
    request = engine.CheckRequest(_urn("twin:network:Segment", "x"), {}, wrong, b"")
    failures = asyncio.run(provider.check(request)).failures or []
    assert [(item.property, "circuits.yaml:" in item.reason) for item in failures] == [("rate_bps", True)]
    unknown = {**_segment(deck_plan, "fuji-wan-1"), "speed": PropertyValue(1.0)}
    request = engine.CheckRequest(_urn("twin:network:Segment", "x"), {}, unknown, b"")
    failures = asyncio.run(provider.check(request)).failures or []
    assert [item.property for item in failures] == ["speed"]
    assert "no such property" in failures[0].reason and "circuits.yaml:" in failures[0].reason


def test_gone_thing_is_an_empty_answer_with_words(provider: TwinProvider, spoken: Any, deck_plan: Plan) -> None:
    """Refresh of something that vanished answers empty, so the engine plans to make it again, and people are told."""
    properties = _segment(deck_plan, "fuji-wan-1")
    request = engine.ReadRequest(_urn("twin:network:Segment", "fuji-wan-1"), "fuji-wan-1", properties, properties)
    answer = asyncio.run(provider.read(request))
    assert answer.resource_id is None and answer.properties == {} and answer.inputs == {}
    assert (False, "drift: fuji-wan-1 is gone; `up` makes it again") in spoken.lines


def test_secret_outputs_are_secret_values(provider: TwinProvider, deck: Estate, deck_plan: Plan) -> None:
    """What a handler declares as secret leaves the provider marked so, after create and after read."""
    inputs = to_properties(inputs_of(configs.secrets(deck, deck_plan)[0]))
    made = asyncio.run(
        provider.create(engine.CreateRequest(_urn("twin:security:Secret", "s"), inputs, 0, preview=False))
    )
    assert made.properties["value"].is_secret and not made.properties["fingerprint"].is_secret
    again = asyncio.run(
        provider.read(engine.ReadRequest(_urn("twin:security:Secret", "s"), "s", made.properties, inputs))
    )
    assert again.properties["value"].is_secret
    assert again.properties["value"].value == made.properties["value"].value


def test_place_held_by_another_clone_is_refused_before_any_change(
    provider: TwinProvider, memory: MemoryPlace, deck_plan: Plan
) -> None:
    """The first change claims the place; where another holds it nothing is ensured."""
    (memory.folder / "held-by").write_text("the other clone")
    with pytest.raises(LabHeldByOther, match="the other clone"):
        asyncio.run(provider.create(_create("fuji-wan-1", _segment(deck_plan, "fuji-wan-1"))))
    assert not any(entry.startswith("ensure") for entry in memory.calls())


def test_target_of_a_stack_stays(provider: TwinProvider) -> None:
    """Moving a stack from the lab to machines that exist is refused with the command for a stack of its own."""
    old, new = to_properties({"target": "lab"}), to_properties({"target": "hosts"})
    failures = asyncio.run(provider.check_config(engine.CheckRequest("urn", old, new, b""))).failures or []
    assert "pulumi stack init hosts" in failures[0].reason
    assert not asyncio.run(provider.check_config(engine.CheckRequest("urn", old, old, b""))).failures


def test_unknown_type_names_the_known_ones(provider: TwinProvider) -> None:
    """A type that the provider lacks is answered with those that it has."""
    request = engine.CheckRequest(_urn("twin:network:Router", "x"), {}, {}, b"")
    with pytest.raises(InfraError, match="twin:network:Segment"):
        asyncio.run(provider.check(request))


def test_import_is_refused_in_plain_words(provider: TwinProvider) -> None:
    """Import is no way in: `pulumi up` adopts what is there."""
    with pytest.raises(ConfigInvalid, match="`pulumi up` adopts it"):
        asyncio.run(provider.read(engine.ReadRequest(_urn("twin:network:Segment", "x"), "x", {}, {})))


def test_cancel_reaches_what_comes_after(provider: TwinProvider, deck_plan: Plan) -> None:
    """After a cancel no operation begins its first step."""
    asyncio.run(provider.cancel())
    with pytest.raises(InfraError, match="stopped as asked"):
        asyncio.run(provider.create(_create("fuji-wan-1", _segment(deck_plan, "fuji-wan-1"))))
