"""The declared side can be made of any estate, and says each thing once, of an entry that stands in a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_estates import GOOD

from infra.plan import digest_of
from inventory.load import load_estate
from topology.as_built import Fact, compare, differences
from topology.build import build_network
from twin.as_built import circuits, gather
from twin.as_built.answer import Answer
from twin.as_built.design import Design, NodeDesign, make_design

SAID = {"container": True, "backend": "userspace", "logged_in": {}, "release": "", "memory_bytes": 2**28}


@pytest.fixture(
    scope="module", params=["fuji-fujinomiya", "tri-villages", str(GOOD)], ids=["deck", "villages", "small"]
)
def design(request: pytest.FixtureRequest) -> Design:
    """Return the declared side of an estate."""
    estate = load_estate(request.param)
    return make_design(estate, build_network(estate), Path("/nowhere"))


def _declared(design: Design) -> list[Fact]:
    nodes = [NodeDesign(design, node) for _, node in sorted(design.network.nodes.items())]
    facts = [fact for node in nodes for fact in gather._declared(node, Answer(node.node.id, SAID), {})]
    return [*facts, *circuits.declared(design, set(design.network.nodes))]


def test_every_item_is_declared_once_and_stands_in_a_file(design: Design) -> None:
    """No item has two values, every entry can be cited, and what runs as declared has no difference."""
    facts = _declared(design)
    compared = compare(facts, facts)
    assert len(compared) == len(facts) > 40 * len(design.network.nodes)
    assert differences(compared) == ()
    cited = {design.estate.cite(fact.entry) for fact in facts}
    assert all(place.rpartition(":")[2].isdigit() for place in cited)


def test_declared_side_is_the_same_each_time(design: Design) -> None:
    """Nothing of this machine or of the hour gets into it."""
    first, second = ([[*vars(fact.item).values(), fact.value] for fact in _declared(design)] for _ in range(2))
    assert digest_of(first) == digest_of(second)
