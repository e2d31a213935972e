"""Scenarios: the eight that come with the project, and every way in which a file can be wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inventory.load import estate_names, load_estate
from inventory.models.estate import Estate
from simulation.errors import ScenarioInvalid, ScenarioNotFound
from simulation.scenario import load_scenario, scenario_names, targets

BAD = Path(__file__).parent / "bad_scenarios"
NAMES = (
    "backup-fails-while-main-down",
    "dc-router-crash",
    "fuji-both-cut",
    "fuji-one-cut",
    "fujinomiya-both-cut",
    "fujinomiya-main-cut",
    "fujinomiya-main-port-down",
    "fujinomiya-main-returns",
)


def test_the_eight_scenarios_come_with_the_project() -> None:
    """The names that others script are exactly these."""
    assert scenario_names() == scenario_names("fuji-fujinomiya") == NAMES


@pytest.mark.parametrize("name", estate_names())
def test_every_estate_has_scenarios_that_it_can_play(name: str) -> None:
    """What comes with the project for an estate names entries of that estate."""
    estate = load_estate(name)
    assert scenario_names(name)
    for scenario in scenario_names(name):
        assert load_scenario(scenario, estate).name == scenario


@pytest.mark.parametrize("name", NAMES)
def test_scenario_is_repaired_within_its_horizon(name: str, deck: Estate) -> None:
    """Every scenario leaves the estate whole, so that a drill ends where it began."""
    scenario = load_scenario(name, deck)
    repaired_s = [fault.repaired_s for fault in scenario.faults]
    assert all(instant_s is not None and instant_s < scenario.horizon_s for instant_s in repaired_s)


def test_way_back_is_judged_alone(deck: Estate) -> None:
    """A scenario about the way back says so, and its first repair is where it begins."""
    returns = load_scenario("fujinomiya-main-returns", deck)
    assert (returns.judge, returns.first_repair_s) == ("recovery", 15.0)
    assert load_scenario("fujinomiya-main-cut", deck).judge == "switch-over"


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_bad_scenario_is_reported_as_expected(path: Path, deck: Estate) -> None:
    """A bad file yields exactly the lines beside it: file, line, path, problem, expectation; all at once."""
    expected = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    with pytest.raises(ScenarioInvalid) as caught:
        load_scenario(str(path), deck)
    assert [_shortened(str(problem)) for problem in caught.value.problems] == expected


def _shortened(line: str) -> str:
    """Return a message with long lists of known ids cut after the first two."""
    return re.sub(r"(one of \S+ \S+),? .*", r"\1 …", line)


def test_unknown_scenario_names_the_nearest(deck: Estate) -> None:
    """A slip of the pen is answered with the name that was meant."""
    with pytest.raises(ScenarioNotFound, match="did you mean `fuji-one-cut`"):
        load_scenario("fuji-once-cut", deck)


def test_targets_follow_the_estate(small: Estate) -> None:
    """What may fail is what the estate has: circuits, ports, nodes."""
    assert targets(small, "circuit-cut")[0] == "centre-access"
    assert "yamate-rt-1/main" in targets(small, "port-down")
    assert "hamabe-pc" in targets(small, "node-crash")
    with pytest.raises(ScenarioInvalid, match="no circuit `fujinomiya-main` in the estate"):
        load_scenario("fujinomiya-main-cut", small)
