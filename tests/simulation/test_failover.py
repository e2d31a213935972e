"""Whole predictions: closed forms at the level of a city, limits, and what must hold for any seed and scenario."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.control_plane.bfd import age_exceeds, detection_time_s
from simulation.control_plane.layout import Layout
from simulation.draws import Draws, Streams
from simulation.ensemble import replicate
from simulation.failover import Prediction, predict
from simulation.intervals import quantile
from simulation.records import OutageRecord
from simulation.scenario import Scenario, load_scenario, scenario_names, targets

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "simulate-failover.schema.json"
MakeScenario = Callable[..., Scenario]
N = 400


def _instant(layout: Layout, **timers: dict[str, Any]) -> Layout:
    """Return the layout without reaction times, and with other timers by group."""
    changed = {group: getattr(layout.timers, group).model_copy(update=update) for group, update in timers.items()}
    return dataclasses.replace(layout, timers=layout.timers.model_copy(update={"reactions": {}, **changed}))


def _records(layout: Layout, scenario: Scenario, city: str, direction: str, count: int = N) -> list[OutageRecord]:
    found = replicate(layout, scenario, Streams(17, count), range(count))
    return [record for record in found if (record.city, record.direction) == (city, direction)]


def _outages_s(layout: Layout, scenario: Scenario, city: str, direction: str = "to_dc") -> np.ndarray:
    return np.array([record.outage_s for record in _records(layout, scenario, city, direction)])


def _half_width(values: np.ndarray) -> float:
    """Return half of the 99.9 % confidence interval of the mean, and a probe spacing for what probes cannot see."""
    return 3.29 * values.std(ddof=1) / math.sqrt(len(values)) + 0.01


def test_cut_circuit_is_left_when_the_first_end_notices(deck_layout: Layout, scenario: MakeScenario) -> None:
    """Without reaction times the outage is the earlier of two BFD detections: within 600–900 ms, mean as integrated."""
    outages_s = _outages_s(_instant(deck_layout), scenario((5, "circuit-cut", "fujinomiya-main", None)), "fujinomiya")
    timers = deck_layout.timers.bfd
    assert outages_s.min() >= 0.59
    assert outages_s.max() <= 0.91
    grid = np.linspace(0, timers.interval_s, 3001)
    both_older = np.array([1 - (1 - age_exceeds(timers, age)) ** 2 for age in grid])
    mean_s = detection_time_s(timers) - np.trapezoid(both_older, grid)
    assert outages_s.mean() == pytest.approx(mean_s, abs=_half_width(outages_s))


def test_without_bfd_the_dead_interval_rules(deck_layout: Layout, scenario: MakeScenario) -> None:
    """Hello 1 s, dead 4 s: each end notices after 3–4 s, the earlier of two on average after 4 − 2/3 s."""
    layout = _instant(deck_layout, bfd={"enabled": False}, ospf={"hello_s": 1.0, "dead_s": 4.0})
    outages_s = _outages_s(layout, scenario((5, "circuit-cut", "fujinomiya-main", None)), "fujinomiya")
    assert outages_s.min() >= 2.99
    assert outages_s.max() <= 4.01
    assert outages_s.mean() == pytest.approx(4 - 2 / 3, abs=_half_width(outages_s))


def test_crashed_gateway_is_replaced_by_vrrp(deck_layout: Layout, scenario: MakeScenario) -> None:
    """Terminals whose router crashes wait for the backup: master-down minus up to one advertisement, evenly spread."""
    outages_s = _outages_s(_instant(deck_layout), scenario((5, "node-crash", "fm-rt-main", None)), "fujinomiya")
    master_down_s = 3 * 0.3 + (256 - 100) / 256 * 0.3
    # What BFD finds later than VRRP is not hidden by it: the way back may be the longer one.
    assert outages_s.min() >= master_down_s - 0.3 - 0.01
    assert outages_s.max() <= master_down_s + 0.01
    assert outages_s.mean() == pytest.approx(master_down_s - 0.15, abs=_half_width(outages_s) + 0.01)


def test_half_of_the_flows_are_on_a_cut_circuit_of_two(deck_layout: Layout, scenario: MakeScenario) -> None:
    """Equal-cost paths share the flows evenly: a cut of one of two circuits hits half of them."""
    records = _records(deck_layout, scenario((5, "circuit-cut", "fuji-wan-1", None)), "fuji", "to_dc")
    share = np.mean([record.flows_hit for record in records])
    assert share == pytest.approx(0.5, abs=3.29 * math.sqrt(0.25 / (N * 32)) + 0.005)
    assert {record.during for record in records} == {(("fuji-wan-2",), 1e9)}


def test_port_that_goes_down_is_left_without_any_timer(deck_layout: Layout, scenario: MakeScenario) -> None:
    """Without reaction times the router that sees its link go loses nothing at all."""
    cut = scenario((5, "port-down", "fm-rt-main/main", None))
    assert _outages_s(_instant(deck_layout), cut, "fujinomiya").max() == 0.0


def test_detection_without_delay_is_an_outage_of_nothing(deck_layout: Layout, scenario: MakeScenario) -> None:
    """With all timers and reactions at zero the switch-over takes no time."""
    layout = _instant(deck_layout, bfd={"interval_s": 0.0})
    assert _outages_s(layout, scenario((5, "circuit-cut", "fujinomiya-main", None)), "fujinomiya").max() == 0.0


def test_outage_without_a_backup_lasts(deck: Estate, scenario: MakeScenario) -> None:
    """With main and backup cut and never repaired the outage is null, at no capacity."""
    both = scenario((5, "circuit-cut", "fujinomiya-main", None), (5, "circuit-cut", "fujinomiya-flets", None))
    city = predict(deck, both, replications=20).document()["cities"]["fujinomiya"]
    assert city["outage_s"] == {"median": None, "low": None, "high": None}
    assert (city["outage_mean_s"], city["ended_by_repair"]) == (None, False)
    assert (city["path"]["after"], city["capacity_bps"]["after"]) == ([], 0.0)


@pytest.mark.parametrize("name", ["fuji-both-cut", "fujinomiya-both-cut", "backup-fails-while-main-down"])
def test_outage_that_only_the_repair_ends_says_so(deck: Estate, name: str) -> None:
    """Where nothing is left to switch to the outage outlasts the repair, and the fault's phase never ends by itself."""
    city = "fuji" if name.startswith("fuji-") else "fujinomiya"
    found = predict(deck, load_scenario(name, deck), replications=20).document()["cities"][city]
    assert found["ended_by_repair"]
    assert found["switch_over_s"]["low"] is None
    assert found["recovery_s"]["median"] > 0


def test_recovery_of_the_main_circuit_loses_next_to_nothing(deck: Estate) -> None:
    """The way back is prepared before it is taken: at most a few probes between two routers' installations."""
    found = predict(deck, load_scenario("fujinomiya-main-returns", deck), replications=60).document()
    fujinomiya = found["cities"]["fujinomiya"]
    assert fujinomiya["outage_s"]["high"] <= 0.1
    assert fujinomiya["path"]["after"] == ["fujinomiya-main"]
    assert fujinomiya["capacity_bps"] == {"before": 1e9, "during": 3e8, "after": 1e9}


@pytest.mark.parametrize("name", scenario_names())
def test_other_city_is_not_touched(deck: Estate, name: str) -> None:
    """A failure of one city's circuits costs the other city nothing; only the shared router touches both."""
    if name == "dc-router-crash":
        return
    other = "fujinomiya" if name.startswith("fuji-") else "fuji"
    found = predict(deck, load_scenario(name, deck), replications=10).document()["cities"][other]
    assert found["outage_s"] == {"median": 0.0, "low": 0.0, "high": 0.0}
    assert found["flows_hit"] == 0.0


@pytest.mark.parametrize("name", scenario_names())
def test_document_has_the_published_shape(deck: Estate, name: str) -> None:
    """Every scenario's document follows its schema and survives JSON."""
    document = predict(deck, load_scenario(name, deck), replications=5).document()
    jsonschema.validate(json.loads(json.dumps(document, allow_nan=False)), json.loads(SCHEMA.read_text("utf-8")))
    assert document["estate_digest"] == deck.digest


def test_document_names_what_it_hangs_on(deck: Estate) -> None:
    """The assumed values used are listed with their places: the backup's planning rate, not the unused circuits'."""
    document = predict(deck, load_scenario("fujinomiya-main-cut", deck), replications=5).document()
    paths = {assumed["path"]: assumed for assumed in document["assumed"]}
    assert paths["circuits.fujinomiya-flets.planning_rate"]["trust"] == "L"
    assert paths["circuits.fujinomiya-flets.planning_rate"]["file"] == "circuits.yaml"
    assert not any(path.startswith("circuits.fuji-campus") for path in paths)


def test_order_and_company_of_replications_do_not_matter(deck: Estate, deck_layout: Layout) -> None:
    """Run in any order, in parts, on a fresh layout: each replication's record stays the same."""
    from simulation.control_plane.layout import compile_layout

    crash = load_scenario("dc-router-crash", deck)
    whole = replicate(deck_layout, crash, Streams(5, 6), range(6))
    parts = replicate(compile_layout(deck), crash, Streams(5, 8), [4, 1])
    parts += replicate(compile_layout(deck), crash, Streams(5, 6), [0, 5, 3, 2])
    key = lambda record: (record.replication, record.city, record.direction)  # noqa: E731 -- used twice below
    assert sorted(whole, key=key) == sorted(parts, key=key)


@st.composite
def _faults(draw: st.DrawFn, estate: Estate) -> list[tuple[float, str, str, float | None]]:
    """Draw up to three faults of things of the estate."""
    kinds = st.sampled_from(["circuit-cut", "port-down", "node-crash"])
    chosen = {}
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(kinds)
        target = draw(st.sampled_from(targets(estate, kind)))
        repair = draw(st.one_of(st.none(), st.floats(0.5, 20)))
        chosen[kind, target] = (draw(st.floats(1, 10)), kind, target, repair)
    return list(chosen.values())


SMALL = load_estate(str(Path(__file__).parent.parent / "inventory" / "good"))
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(faults=_faults(SMALL), seed=st.integers(0, 2**32))
def test_same_seed_gives_the_same_records(
    faults: list[tuple[float, str, str, float | None]], seed: int, scenario: MakeScenario, small_layout: Layout
) -> None:
    """For any faults and seed two runs agree to the last digit, and what they show is possible."""
    made = scenario(*faults)
    one, two = (replicate(small_layout, made, Streams(seed, 2), range(2)) for _ in range(2))
    assert one == two
    for record in one:
        assert record.outage_s >= 0
        assert record.lost_probes >= 0
        assert 0 <= record.flows_hit <= 1
        assert (record.outage_s > 0) == (record.flows_hit > 0) == (record.lost_probes > 0)
        assert all(phase.outage_s >= 0 for phase in record.phases)


@quick
@given(faults=_faults(SMALL))
def test_more_that_works_never_reaches_less(
    faults: list[tuple[float, str, str, float | None]], scenario: MakeScenario, small_layout: Layout
) -> None:
    """What is reached in the end with some things broken is reached with fewer of them broken."""
    lasting = [(at_s, kind, target, None) for at_s, kind, target, _ in faults]

    def reached(broken: list[tuple[float, str, str, None]]) -> list[bool]:
        from simulation.control_plane.replication import Replication

        running = Replication(small_layout, Draws(Streams(1, 1), 0))
        return [bool(spans[-1].reach.certain) for spans in running.run(scenario(*broken, horizon_s=300))]

    fewer, more = reached(lasting[1:] or [(1.0, "node-crash", "hamabe-db", None)]), reached(lasting)
    if lasting[1:]:
        assert all(less or not much for less, much in zip(fewer, more, strict=True))


@quick
@given(faults=_faults(SMALL))
def test_everything_repaired_ends_as_it_began(
    faults: list[tuple[float, str, str, float | None]], scenario: MakeScenario, small_layout: Layout
) -> None:
    """Once all is repaired and quiet, every pair of hosts uses the paths it used at the start."""
    repaired = [(at_s, kind, target, 5.0) for at_s, kind, target, _ in faults]
    for record in replicate(small_layout, scenario(*repaired, horizon_s=300), Streams(2, 1), range(1)):
        assert record.after == record.before


def test_prediction_works_for_any_estate(small: Estate, scenario: MakeScenario) -> None:
    """Nothing is wired to the deck: another estate's cities, circuits and rates come out."""
    prediction: Prediction = predict(small, scenario((5, "circuit-cut", "yamate-main", 10)), replications=20)
    document = prediction.document()
    assert set(document["cities"]) == {"hamabe", "yamate"}
    yamate = document["cities"]["yamate"]
    assert yamate["path"]["during"] == ["centre-access", "yamate-access"]
    assert yamate["capacity_bps"] == {"before": 2e8, "during": 5e7, "after": 2e8}
    assert 0.5 < yamate["outage_s"]["median"] < 1.0


def test_encryption_of_all_circuits_changes_no_path() -> None:
    """Read the other way, every circuit carries tunnels: the same circuits are used, and a cut is found as before."""
    estate = load_estate("fuji-fujinomiya", {"readings.encryption-scope.choice": "all-circuits"})
    cities = predict(estate, load_scenario("fujinomiya-main-cut", estate), replications=20).document()["cities"]
    assert cities["fuji"]["path"]["before"] == ["fuji-wan-1", "fuji-wan-2"]
    assert cities["fujinomiya"]["path"]["during"] == ["dc-regional-access", "fujinomiya-flets"]
    assert 0.5 < cities["fujinomiya"]["outage_s"]["median"] < 1.0


def test_quantile_is_an_observed_value() -> None:
    """Quantiles are order statistics, so that infinite values need no arithmetic."""
    assert quantile([1.0, math.inf, 2.0, 3.0], 0.5) == 2.0
    assert quantile([1.0, math.inf], 0.975) == math.inf
    assert quantile([4.0], 0.025) == 4.0
