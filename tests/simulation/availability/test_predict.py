"""Availability of whole estates: limits, exact against lives, budgets that add up, promises, the same answer again."""

from __future__ import annotations

import dataclasses
import functools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.availability.counter_hours import COUNTER, counter_hours
from simulation.availability.hours import ALL_HOURS
from simulation.availability.kept import chance, holds
from simulation.availability.model import model_of
from simulation.availability.monte_carlo import simulate
from simulation.availability.predict import predict
from simulation.availability.weekly import Weekly
from simulation.errors import MechanismInvalid

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "simulate-availability.schema.json"
ONE = ("resident-registry",)


@functools.cache
def answer(name: str, hours: str = "all", **given: str) -> Answer:
    """Return a quick answer about one service of an estate; values are given as `section__id__field`."""
    overrides = {key.replace("__", ".").replace("_h_", "-"): value for key, value in given.items()}
    return predict(load_estate(name, overrides), ONE, hours, replications=10)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages"])
@pytest.mark.parametrize("hours", ["all", "counter"])
def test_budgets_add_up(name: str, hours: str) -> None:
    """Kinds add up to the minutes of a service, components to its independent part, ties to the rest."""
    found = answer(name, hours)
    for one in found.details["services"]:
        assert math.fsum(row["minutes"] for row in one["by_kind"]) == pytest.approx(one["minutes"])
        assert math.fsum(row["minutes"] for row in one["by_component"]) == pytest.approx(one["independent_minutes"])
        drawn = [row for row in one["by_kind"] if row["kind"] in {"common-cause", "crews", "maintenance"}]
        ties = math.fsum(row["minutes"] for row in drawn)
        assert one["independent_minutes"] + ties == pytest.approx(one["minutes"])
        assert one["minutes"] / found.details["minutes_per_year"] == pytest.approx(1 - one["availability"])


@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages"])
def test_answer_holds_to_its_schema_and_names_its_denominator(name: str) -> None:
    """As published; every figure has its interval and what it is of."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    document = json.loads(json.dumps(answer(name, "counter").document(), allow_nan=False))
    Draft202012Validator(schema).validate(document)
    cities = load_estate(name).records.cities
    assert {figure["id"] for figure in document["figures"][: len(cities)]} == {
        f"{city}.resident-registry.availability" for city in cities
    }
    for figure in document["figures"][: len(cities)]:
        assert figure["low"] <= figure["value"] <= figure["high"]
        assert figure["per"].startswith(f"{COUNTER}: ")
        assert figure["better"] == "higher"
    assert document["assumed"]


@pytest.mark.parametrize("name", ["deck", "villages"])
def test_exact_figures_are_those_of_lives_without_ties(name: str, request: pytest.FixtureRequest) -> None:
    """The independent part of every service, switch-overs included, lies inside the interval of lives; both hours."""
    model = model_of(request.getfixturevalue(name))
    weekly = Weekly(model.ties.components, model.week)
    hours = (ALL_HOURS, model.counters.hours)
    found = simulate(model.ties.system(0), 600, 10.0, seed=11, hours=hours)
    for one in model.whole[:: max(1, len(model.whole) // 6)]:
        exact = weekly.shares(model.ties.needs[one.key])
        assert exact.all_hours in found.unavailability(one.key, confidence=0.9999)
        assert exact.counter in found.unavailability(one.key, COUNTER, confidence=0.9999)


def test_same_seed_same_answer_and_another_seed_another() -> None:
    """All of the answer, not only its figures; another seed moves what is drawn and nothing that is reckoned."""
    estate = load_estate("tri-villages")
    first, again = predict(estate, replications=5), predict(load_estate("tri-villages"), replications=5)
    assert first.document() == again.document()
    other = predict(estate, replications=5, seed=2)
    assert other.details["sensitivity"] == first.details["sensitivity"]
    assert other.figures != first.figures


def test_a_service_asked_for_alone_has_the_figures_that_it_has_among_all() -> None:
    """Draws go by name, so what else is simulated changes nothing."""
    estate = load_estate("fuji-fujinomiya")
    pair = ("resident-registry", "name-service")
    alone, among = (predict(estate, chosen, replications=3) for chosen in (ONE, pair))
    assert alone.figures[:2] == among.figures[:2]


def test_a_promise_about_other_services_is_left_open() -> None:
    """Asked about one service, a promise about another has no figure and no weakest."""
    estate = load_estate("fuji-fujinomiya")
    stated = estate.records.availability
    assert stated is not None
    promises = {id_: one.model_copy(update={"services": ("tax",)}) for id_, one in stated.promises.items()}
    availability = stated.model_copy(update={"promises": promises})
    found = predict(
        _with(estate, estate.records.model_copy(update={"availability": availability})), ONE, replications=2
    )
    assert found.details["promises"][0]["services"] == []
    assert found.details["weakest"] is None
    assert not any(figure.id.startswith("promises.") for figure in found.figures)


def test_nothing_fails_and_nothing_is_away() -> None:
    """Figures without failures, hazards, windows: availability is 1, every promise is kept as far as draws can say."""
    estate = load_estate("tri-villages")
    still = {id_: one.model_copy(update={"mtbf_s": 1e18}) for id_, one in estate.records.failure_figures.items()}
    records = estate.records.model_copy(update={"failure_figures": still, "hazards": {}, "maintenance_windows": {}})
    found = predict(_with(estate, records), replications=5)
    for one in found.details["services"]:
        assert one["availability"] == pytest.approx(1.0, abs=1e-9)
        assert one["outages_per_year"] == 0
    assert found["promises.counters-served.kept"].high == pytest.approx(1.0)


def test_everything_fails_and_nearly_all_is_away() -> None:
    """Repair takes ten times as long as what it repairs runs: hardly anything is ever there."""
    estate = load_estate("tri-villages")
    broken = {
        id_: one.model_copy(update={"mtbf_s": 3600.0, "mttr_s": 360_000.0, "crew": None, "common_cause": 0.0})
        for id_, one in estate.records.failure_figures.items()
    }
    records = estate.records.model_copy(update={"failure_figures": broken, "maintenance_windows": {}})
    found = predict(_with(estate, records), replications=5)
    assert all(one["availability"] < 1e-3 for one in found.details["services"])
    assert all(row["chance"] < 0.1 for row in found.details["promises"][0]["services"])


def test_values_given_for_a_run_move_the_answer() -> None:
    """A power supply that fails half as often, a crew around the clock: fewer minutes, by what the budget says."""
    before = answer("fuji-fujinomiya")
    after = answer("fuji-fujinomiya", failure_figures__ups__mtbf="80000 h")
    for old, new in zip(before.details["services"], after.details["services"], strict=True):
        caused = next(row["minutes"] for row in old["by_kind"] if row["kind"] == "ups")
        assert old["independent_minutes"] - new["independent_minutes"] == pytest.approx(caused / 2, rel=0.01)


def test_sensitivity_is_what_the_value_itself_does() -> None:
    """Twice as bad in the table is twice as bad in another run."""
    found = answer("fuji-fujinomiya")
    move = next(one for one in found.details["sensitivity"] if one["path"] == "failure_figures.ups.mtbf")
    after = answer("fuji-fujinomiya", failure_figures__ups__mtbf="20000 h")
    for one, then in zip(found.details["services"], after.details["services"], strict=True):
        key = f"{one['service']}@{one['city']}"
        assert then["independent_minutes"] - one["independent_minutes"] == pytest.approx(move["minutes"][key])
    most = [max(map(abs, one["minutes"].values())) for one in found.details["sensitivity"]]
    assert most == sorted(most, reverse=True)
    assert found.assumed[0].path in {one["path"] for one in found.details["sensitivity"]}


def test_maintenance_at_night_costs_no_counter_hours() -> None:
    """Windows lie outside counter hours: minutes of all hours, none of counter hours."""
    for hours, least, most in (("all", 900.0, 1000.0), ("counter", -5.0, 5.0)):
        for one in answer("fuji-fujinomiya", hours).details["services"]:
            cost = next(row["minutes"] for row in one["by_kind"] if row["kind"] == "maintenance")
            assert least < cost < most


def test_counter_hours_follow_the_calendar(deck: Estate) -> None:
    """52 weeks from a Monday; holidays and the turn of the year taken out; some 243 business days."""
    found = counter_hours(deck)
    assert found.begins.weekday() == 0
    assert 238 <= found.days <= 247
    assert found.by_weekday[5:] == (0, 0)
    assert found.by_weekday[0] < found.by_weekday[2]
    assert found.per_year_h == pytest.approx(found.days * (found.closes_h - found.opens_h))


def test_chance_is_wilsons() -> None:
    """Wilson 1927: 0 of 10 and 5 of 10 at 95 %; it never leaves 0 to 1."""
    assert (chance([False] * 10).low, chance([False] * 10).high) == pytest.approx((0.0, 0.2775), abs=5e-4)
    half = chance([True] * 5 + [False] * 5)
    assert (half.low, half.high) == pytest.approx((0.2366, 0.7634), abs=5e-4)
    assert chance([True] * 1000).high == pytest.approx(1.0)


def test_a_target_is_kept_to_rounding() -> None:
    """Just so much time away is kept; a little more is not."""
    assert holds(np.array([0.0, 0.005, 0.0051]), 0.995).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"services": ("resident-registri",)}, "no service `resident-registri`; expected .*`resident-registry`|one of"),
        ({"years": 0.0}, "lives of 0 years"),
        ({"years": math.inf}, "lives of inf years"),
        ({"replications": 1}, "1 replications"),
    ],
)
def test_bad_questions_are_refused(villages: Estate, changes: dict[str, object], message: str) -> None:
    """A service that is none, lives without length or without end, too few of them."""
    with pytest.raises(MechanismInvalid, match=message):
        predict(villages, **changes)  # type: ignore[arg-type]


def test_an_estate_without_what_it_takes_says_so(small: Estate) -> None:
    """The small estate states no year of counter hours."""
    with pytest.raises(MechanismInvalid, match="has no section `availability`"):
        predict(small)


def _with(estate: Estate, records: object) -> Estate:
    """Return an estate with other records."""
    return dataclasses.replace(estate, records=records)
