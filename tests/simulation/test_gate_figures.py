"""Promises on figures: bounds in any unit, the less favourable end of the interval, and questions that mean nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from bad_estates import GOOD

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.errors import PromiseUnusable
from simulation.gate import evaluate
from simulation.questions import ask

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "gate.schema.json"
DECK = Path(__file__).parents[2] / "inventory" / "estates" / "fuji-fujinomiya"
QUESTION = {"kind": "failover", "scenario": "fuji-one-cut"}


def _promising(tmp_path: Path, **promise: Any) -> Estate:
    folder = tmp_path / "estate"
    folder.mkdir()
    for file in DECK.glob("*.yaml"):
        (folder / file.name).write_bytes(file.read_bytes())
    policy = yaml.safe_load((folder / "policy.yaml").read_text(encoding="utf-8"))
    named = {"name": "a bound", "name_ja": "上限", "requirements": ["2.13"], "question": QUESTION}
    policy["figure_promises"] = {"a-bound": {**named, **promise}}
    (folder / "policy.yaml").write_text(yaml.safe_dump(policy, allow_unicode=True), encoding="utf-8")
    return load_estate(str(folder))


@pytest.mark.parametrize(
    ("bound", "holds"),
    [({"at_most": "3 s"}, True), ({"at_most": "500 ms"}, False), ({"at_most": 0.5}, False), ({"at_least": 0.1}, True)],
)
def test_bound_is_held_against_the_less_favourable_end(tmp_path: Path, bound: dict[str, Any], holds: bool) -> None:
    """The row says the end of the interval that decides, and its promise's line; bounds are in the figure's unit."""
    estate = _promising(tmp_path, figures="fuji.outage", **bound)
    result = evaluate(estate, replications=10)
    row = next(row for row in result.rows if row.promise == "a-bound")
    figure = ask(estate, QUESTION, result.seed)["fuji.outage"]
    assert row.holds == holds
    assert row.predicted == (figure.high if "at_most" in bound else figure.low)
    assert (row.city, row.file, row.entry) == ("fuji", "policy.yaml", "figure_promises.a-bound")
    assert row.limit == {"3 s": 3.0, "500 ms": 0.5}.get(*[next(iter(bound.values()))] * 2)
    jsonschema.validate(result.document(), json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert ("at least" in row.sentence()) == ("at_least" in bound)
    assert result.holds == holds


def test_pattern_covers_every_city(tmp_path: Path) -> None:
    """A `*` stands for any part of the id."""
    rows = evaluate(_promising(tmp_path, figures="*.outage", at_most="3 s"), replications=10).rows
    assert {row.city for row in rows if row.promise == "a-bound"} == {"fuji", "fujinomiya"}


@pytest.mark.parametrize(
    ("promise", "message"),
    [
        ({"figures": "*.slack", "at_most": 1}, "no figure is called `*.slack`; there are fuji.outage"),
        ({"figures": "*.outage", "at_most": "80 %"}, "`80 %` is no bound for `fuji.outage`, which is in s"),
        ({"figures": "*", "at_most": 1, "question": {"kind": "bach"}}, "kind: 'bach' is unknown"),
        ({"figures": "*", "at_most": 1, "question": {"kind": "failover", "scenario": "none"}}, "no scenario `none`"),
    ],
)
def test_promise_that_means_nothing_is_told_with_its_line(
    tmp_path: Path, promise: dict[str, Any], message: str
) -> None:
    """The gate refuses to judge; the message names file, line and what there is."""
    with pytest.raises(PromiseUnusable) as caught:
        evaluate(_promising(tmp_path, **promise), replications=5)
    assert message in str(caught.value)
    assert str(caught.value).startswith("policy.yaml:")


def test_estate_without_promises_on_figures_has_no_such_row() -> None:
    """They are optional."""
    assert not load_estate(str(GOOD)).records.figure_promises
