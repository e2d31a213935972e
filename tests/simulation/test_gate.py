"""The gate: what is promised holds or is broken, and the entry to change is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.errors import PromiseUnusable
from simulation.gate import evaluate
from simulation.single_failures import longest_reaction_s, single_failures

ROOT = Path(__file__).parents[2]
DECK = ROOT / "inventory" / "estates" / "fuji-fujinomiya"
SCHEMA = ROOT / "docs" / "schemas" / "gate.schema.json"
Change = Callable[[str], Estate]


@pytest.fixture
def promising(tmp_path: Path) -> Change:
    """Copy the deck's estate with a promise that names scenarios one by one."""

    def change(scenarios: str) -> Estate:
        folder = tmp_path / "estate"
        shutil.copytree(DECK, folder)
        policy = folder / "policy.yaml"
        text, _, _ = policy.read_text("utf-8").partition("    except:")
        assert text.count("after: any-single-failure") == 1
        policy.write_text(text.replace("after: any-single-failure", f"after: [{scenarios}]"), "utf-8")
        return load_estate(str(folder))

    return change


def test_deck_keeps_its_promise(deck: Estate) -> None:
    """After every single failure but the excepted one both cities are back in time."""
    result = evaluate(deck, replications=30)
    assert result.holds
    assert not result.broken
    outages = [row for row in result.rows if row.entry.startswith("promises.")]
    covered = set(single_failures(deck)) - set(result.excepted)
    assert {row.scenario.rpartition("-")[0] for row in outages} == covered
    assert {row.city for row in outages} == {"fuji", "fujinomiya"}
    kinds = {row.scenario.split()[0].rstrip(":") for row in result.rows if row not in outages}
    assert kinds == {"batch", "capacity", "availability"}
    assert all(row.file == "policy.yaml" for row in result.rows)


def test_passing_gate_shows_the_closest_row_and_what_is_excepted(deck: Estate) -> None:
    """A preview shows how near the limit is, with seed and number of replications, and what nobody promised."""
    result = evaluate(deck, seed=3, replications=10)
    shown, count = result.summary(), len(result.rows)
    assert f"{count} of {count} rows hold (seed 3, 10 replications each)" in shown[0]
    assert shown[1].startswith("holds: terminals-back-in-3s")
    assert len(shown) == 2 + len(deck.records.promises) + len(deck.records.figure_promises)
    assert shown[-1].startswith("not promised: after fuji-campus:")


@pytest.mark.parametrize(
    ("override", "scenario", "entry"),
    [
        (("timers.bfd.interval", "1500 ms"), "fujinomiya-main-cut", "timers.bfd.interval"),
        (("timers.bfd.enabled", "false"), "fuji-wan-1-cut", "timers.bfd.enabled"),
        (("timers.vrrp.advertisement", "1 s"), "fm-rt-main-crash", "timers.vrrp.advertisement"),
        (("timers.ospf.spf_delay", "4 s"), "fujinomiya-main-cut", "timers.ospf.spf_delay"),
    ],
)
def test_broken_promise_names_the_timer_to_change(override: tuple[str, str], scenario: str, entry: str) -> None:
    """Of all timers that one is named, with file and line, whose change shortens the outage most."""
    estate = load_estate("fuji-fujinomiya", dict([override]))
    result = evaluate(estate, replications=12)
    assert not result.holds
    row = next(row for row in result.broken if row.scenario == scenario)
    assert (row.entry, row.file, row.line) == (entry, *estate.where(entry))
    assert row.predicted is not None
    assert row.predicted > row.limit
    assert f"change behaviour.yaml:{row.line} ({entry})" in row.sentence()


def test_outage_without_end_breaks_the_promise_and_names_what_has_no_second(small: Estate) -> None:
    """A single router, or a single campus link, leaves nothing to switch to: null, whatever the limit."""
    result = evaluate(small, replications=10)
    broken = {row.scenario: row for row in result.broken if row.predicted is None and row.city == "hamabe"}
    assert broken["hamabe-campus-cut"].entry == "circuits.hamabe-campus"
    assert broken["centre-rt-crash"].entry == "devices.centre-rt"
    assert broken["centre-rt-crash"].file == "devices.yaml"
    assert "never back" in broken["centre-rt-crash"].sentence()


def test_document_has_the_published_shape(small: Estate) -> None:
    """Rows follow their schema, null and broken ones included."""
    document = evaluate(small, replications=5).document()
    jsonschema.validate(json.loads(json.dumps(document, allow_nan=False)), json.loads(SCHEMA.read_text("utf-8")))


def test_promise_may_name_scenarios(promising: Change) -> None:
    """A promise about named scenarios is held against just these."""
    estate = promising("fujinomiya-main-cut, fujinomiya-both-cut")
    result = evaluate(estate, replications=20)
    verdicts = {(row.scenario, row.city): row.holds for row in result.rows}
    assert verdicts == {
        ("fujinomiya-main-cut", "fuji"): True,
        ("fujinomiya-main-cut", "fujinomiya"): True,
        ("fujinomiya-both-cut", "fuji"): True,
        ("fujinomiya-both-cut", "fujinomiya"): False,
    }


def test_unknown_scenario_in_a_promise_is_refused(promising: Change) -> None:
    """The message names the line of the promise and the nearest scenario."""
    estate = promising("fujinomiya-main-cuts")
    with pytest.raises(PromiseUnusable, match=r"policy\.yaml:\d+: promises\..*did you mean `fujinomiya-main-cut`"):
        evaluate(estate)


def test_same_seed_gives_the_same_rows(deck: Estate) -> None:
    """A gate that is run again says the same."""
    assert evaluate(deck, seed=9, replications=6) == evaluate(deck, seed=9, replications=6)


def test_horizon_outlasts_every_timer(deck: Estate) -> None:
    """No single failure is called endless because the look was too short."""
    for scenario in single_failures(deck).values():
        fault = scenario.faults[0]
        assert scenario.horizon_s > fault.at_s + longest_reaction_s(deck.records.timers)
        assert fault.repaired_s is None
