"""Interruptions of whole estates: figures by hand where nothing is drawn, limits, restores, the same answer again."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.continuity.predict import predict
from simulation.errors import MechanismInvalid
from topology.build import build_network
from topology.failures import Failures
from topology.load import figures

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "simulate-continuity.schema.json"
DECK = "fuji-fujinomiya"
TUESDAY = dt.datetime.fromisoformat("2018-04-03 10:00")


def given(**values: str) -> Estate:
    """Return the deck's estate with values of its plan for interruptions given for the run."""
    return load_estate(DECK, {f"continuity.{key}": value for key, value in values.items()})


def hall(answer: Answer, city: str) -> dict[str, dict[str, float]]:
    """Return what an answer says of a city's hall."""
    found: dict[str, dict[str, float]] = next(one for one in answer.details["halls"] if one["city"] == city)
    return found


def lost_share(estate: Estate, answer: Answer, city: str) -> float:
    """Return which part of a city's transactions is on lost services: those replaced, and others by their functions."""
    plan = estate.records.continuity
    assert plan is not None
    lost = {one["service"] for one in answer.details["services"] if one["city"] == city}
    functions = {
        id_: len(one.functions)
        for id_, one in estate.records.designed_services.items()
        if any(instance.city == city and instance.users for instance in one.instances.values())
    }
    gone = sum(count for id_, count in functions.items() if id_ in lost)
    return plan.replaced_share + (1 - plan.replaced_share) * gone / sum(functions.values())


def test_five_hours_without_the_data_centre_by_hand() -> None:
    """Tuesday 10:00 to 15:00, no copy ever missing: every figure follows from the estate's rates."""
    estate = given(copy_fails="0.0")
    plan = estate.records.continuity
    assert plan is not None
    answer = predict(estate, at=TUESDAY, lasts_h=5.0, replications=400)
    for city in estate.records.cities:
        load = {one.key: float(one.value) for one in figures(estate) if one.city == city}
        hour = load["transactions"] / 8.75
        found = hall(answer, city)
        assert found["age_h"]["p1"] == found["age_h"]["p99"] == pytest.approx(12.0 + plan.takes_over_s / 3600)
        assert found["oldest_h"]["mean"] == pytest.approx(12.0 + 5.0)
        served = 5.0 - plan.takes_over_s / 3600
        goes_on = served * (hour * plan.replaced_share * plan.inquiry_share + load["certificates"] / 8.75)
        assert found["goes_on"]["mean"] == pytest.approx(goes_on, rel=0.01)
        share = lost_share(estate, answer, city)
        asked = 5.0 * (hour * share * plan.inquiry_share + load["certificates"] / 8.75)
        assert found["goes_on"]["mean"] + found["refused"]["mean"] == pytest.approx(asked, rel=0.01)
        entered = 5.0 * hour * share * (1 - plan.inquiry_share)
        assert found["entered"]["mean"] == pytest.approx(entered, rel=0.01)
        days = entered * plan.entering_s / 3600 / (load["users-at-once"] * plan.entering_staff) / 8.75
        assert found["entering_d"]["mean"] == pytest.approx(days, rel=0.01)
    for one in answer.details["services"]:
        assert one["hours"]["p1"] == one["hours"]["p99"] == pytest.approx(5.0)
        assert one["counter_hours"]["mean"] == pytest.approx(5.0)


def test_who_loses_what_is_what_impact_says(deck: Estate) -> None:
    """The services of an event are those of `twin impact`, city by city."""
    site = f"sites.{deck.records.estate.data_centre}"
    impact = Failures(deck, build_network(deck)).impact([site])
    answer = predict(deck, replications=5)
    found = {(one["service"], one["city"]) for one in answer.details["services"]}
    assert found == {*impact.lost, *impact.designed_lost}
    assert answer.details["event"] == [site]


def test_a_long_loss_ends_with_the_restore_and_loses_data() -> None:
    """A year: the registry is back after the quickest backup kept elsewhere; what followed that is entered again."""
    estate = given(copy_fails="0.0")
    answer = predict(estate, at=TUESDAY, lasts_h=8760.0, replications=50)
    site = estate.records.estate.data_centre
    for one in answer.details["services"]:
        if one["realised"]:
            database = estate.records.services[one["service"]].instances[one["city"]].database
            backups = estate.records.backups.values()
            sets = [set_.rto_s / 3600 for set_ in backups if set_.kept_at != site and set_.of == database]
            assert one["hours"]["mean"] == pytest.approx(min(sets))
            assert one["restored_share"] == 1.0
    assert all(one["of_them_lost_with_data"]["mean"] > 0 for one in answer.details["halls"])


def test_a_cut_off_data_centre_loses_no_data_and_waits_for_its_repair(deck: Estate) -> None:
    """What is only out of reach is not restored elsewhere."""
    group = next(id_ for id_, one in deck.records.risk_groups.items() if one.kind == "tunnel")
    answer = predict(deck, [group], lasts_h=200.0, replications=5)
    assert answer.details["services"]
    for one in answer.details["services"]:
        assert one["restored_from"] is None
        assert one["hours"]["mean"] == pytest.approx(200.0)
    assert all(one["of_them_lost_with_data"]["mean"] == 0 for one in answer.details["halls"])


def test_a_hall_without_power_has_no_emergency_counter(deck: Estate) -> None:
    """Its grid fails together with the data centre: nothing goes on there."""
    counter = next(
        one
        for one in deck.records.emergency_counters.values()
        if any(source.site == one.site and source.kind == "grid" for source in deck.records.power_sources.values())
    )
    grid = next(
        id_ for id_, one in deck.records.power_sources.items() if one.site == counter.site and one.kind == "grid"
    )
    answer = predict(deck, ["sites.dc", grid], lasts_h=8.0, replications=5)
    assert hall(answer, counter.city)["usable"] is False
    assert hall(answer, counter.city)["goes_on"]["mean"] == 0
    with pytest.raises(KeyError):
        answer[f"{counter.city}.staleness"]


def test_shorter_than_the_take_over_nothing_goes_on(deck: Estate) -> None:
    """The loss ends before the hall has gone over."""
    answer = predict(deck, at=TUESDAY, lasts_h=0.25, replications=20)
    assert all(one["goes_on"]["mean"] == 0 for one in answer.details["halls"])


def test_at_night_nobody_waits(deck: Estate) -> None:
    """From 20:00 to 6:00 counters are closed: hours away, none of counter hours, nothing to enter but lost data."""
    answer = predict(deck, at=dt.datetime.fromisoformat("2018-04-03 20:00"), lasts_h=10.0, replications=5)
    assert answer.details["open_at_once"] is False
    for one in answer.details["services"]:
        assert one["hours"]["mean"] == pytest.approx(10.0)
        assert one["counter_hours"]["mean"] == 0


def test_what_costs_nobody_a_service_is_an_empty_answer(deck: Estate) -> None:
    """One of two feeds: no service is lost, no hall is troubled."""
    failures = Failures(deck, build_network(deck))
    feed = next(id_ for id_ in deck.records.power_feeds if not failures.impact([f"power_feeds.{id_}"]).lost)
    answer = predict(deck, [feed], replications=5)
    assert answer.details["services"] == []
    assert answer.details["halls"] == []
    assert answer.figures == ()


def test_a_generator_bridges_the_grid_and_one_that_never_starts_does_not() -> None:
    """The same outage of six hours: hardly ever a loss; without the generator nearly always."""
    values = {"power_reserves.dc-generator.start_fails": "0.0", "failure_figures.generator.mtbf": "1000000 h"}
    sure = predict(load_estate(DECK, values), ["dc-grid"], lasts_h=6.0, replications=200)
    never = load_estate(DECK, {"power_reserves.dc-generator.start_fails": "1.0"})
    lost = predict(never, ["dc-grid"], lasts_h=6.0, replications=200)
    assert sure.details["no_loss"]["chance"] > 0.97
    assert lost.details["no_loss"]["chance"] < 0.1
    assert any("vehicle" in step["what"] for step in lost.details["timeline"])


def test_shutdown_ends_with_what_all_need(deck: Estate) -> None:
    """Nothing is shut down before what needs it; every lost service and machine is in one step."""
    answer = predict(deck, ["dc-grid"], replications=5)
    steps = answer.details["shutdown"]
    place = {name: step["step"] for step in steps for name in step["entries"]}
    services = {one["service"] for one in answer.details["services"]}
    assert services <= set(place)
    for name in services:
        designed = deck.records.designed_services.get(name)
        for other in designed.needs if designed else ():
            if other in services:
                assert place[name] < place[other]
    servers = [place[id_] for id_, one in deck.records.hardware.items() if one.kind == "server" and id_ in place]
    switches = [place[id_] for id_, one in deck.records.hardware.items() if one.kind == "switch" and id_ in place]
    assert max(servers) < min(switches)
    plan = deck.records.continuity
    assert plan is not None
    fed = [id_ for id_, one in deck.records.power_sources.items() if "dc-grid" in one.fed_by]
    battery = max(deck.records.power_reserves[id_].autonomy_s or 0 for id_ in fed)
    assert answer["dc-grid.shutdown-spare"].value == pytest.approx((battery - len(steps) * plan.shutdown_step_s) / 60)


@pytest.mark.parametrize("name", [DECK, "tri-villages"])
def test_answer_holds_to_its_schema_and_is_the_same_again(name: str) -> None:
    """Both estates; the same seed gives the same document, another seed another."""
    answer = predict(load_estate(name), replications=50)
    document = json.loads(json.dumps(answer.document(), allow_nan=False))
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    assert predict(load_estate(name), replications=50).document() == answer.document()
    assert predict(load_estate(name), replications=50, seed=5).figures != answer.figures


@pytest.mark.parametrize(
    ("events", "lasts_h", "replications", "message"),
    [
        ((), 0.0, 10, "an event of 0 h"),
        ((), float("inf"), 10, "at most 87600 h"),
        ((), None, 1, "1 plays"),
        (("nowhere",), None, 10, "nowhere"),
    ],
)
def test_bad_questions_are_refused(
    deck: Estate, events: tuple[str, ...], lasts_h: float | None, replications: int, message: str
) -> None:
    """No length, no end, one play, no event."""
    with pytest.raises(MechanismInvalid, match=message):
        predict(deck, events, lasts_h=lasts_h, replications=replications)


def test_an_estate_without_a_plan_says_so(small: Estate) -> None:
    """The small estate has no section `continuity`."""
    with pytest.raises(MechanismInvalid, match="no section `continuity`"):
        predict(small)
