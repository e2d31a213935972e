"""The answer for a day: both estates, the same seed the same document, every demand movable, limits."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.day.predict import predict
from simulation.day.scenario import load_day_scenario
from simulation.errors import EstateLacks, TooFewSamples

SUNDAY = dt.date(2018, 5, 13)


def _document(estate: Estate, **arguments: int) -> str:
    return json.dumps(predict(estate, replications=4, **arguments).document(), allow_nan=False)


@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages"])
def test_same_seed_gives_the_same_document(name: str) -> None:
    """To the letter, on both estates; another seed gives other figures."""
    estate = load_estate(name)
    assert _document(estate, seed=7) == _document(load_estate(name), seed=7)
    assert _document(estate, seed=7) != _document(estate, seed=8)


def test_day_is_the_estates_own_unless_said(small: Estate) -> None:
    """The default day is stated data."""
    assert predict(small, replications=2).question == {"date": "2018-04-02", "scenario": None}


def test_closed_day_is_nearly_idle(deck: Estate) -> None:
    """A Sunday asks two hundredths of a business day."""
    monday, sunday = predict(deck, replications=4), predict(deck, SUNDAY, replications=4)
    before, after = monday["fuji.asked"].value, sunday["fuji.asked"].value
    assert before is not None
    assert after is not None
    assert after < 0.03 * before
    assert sunday.details["day"]["open"] is False


def test_load_above_capacity_is_told_and_ends() -> None:
    """A hundred times the requests: stations are full, users wait too long, the refused and the held are counted."""
    answer = predict(load_estate("fuji-fujinomiya", {"load.transactions_per_user_day": "6000"}), replications=2)
    assert answer["station.utilisation"].value == pytest.approx(1)
    assert (answer["fuji.unserved"].value or 0) > 0
    assert (answer["fuji.held"].value or 0) > 0
    assert (answer["fuji.response"].value or 0) > 3


def test_failure_shows_in_the_figures() -> None:
    """Three lost hours of Aowatari; the others serve all."""
    estate = load_estate("tri-villages")
    answer = predict(estate, scenario=load_day_scenario("aowatari-cut-at-nine", estate), replications=4)
    assert (answer["aowatari.unserved"].value or 0) > 300
    assert answer["kumosato.unserved"].value == 0


@pytest.mark.parametrize(
    ("path", "value", "figure"),
    [
        ("demand.applications.resident-register.asks.transactions.application_cpu", "900 ms", "fuji.response"),
        ("demand.stations.register-application.cores", "1", "station.utilisation"),
        ("demand.stations.register-database.disk_operation", "9 ms", "fuji.response"),
        ("demand.helpdesk.agents", "1", "helpdesk.wait"),
        ("demand.profiles.counters.11:00", "99", "fuji.response"),
        ("load.monday_factor", "2", "fuji.response"),
        ("load.transactions_per_user_day", "600", "station.utilisation"),
        ("circuits.fuji-campus.rate", "20 Mbps", "circuit.utilisation"),
        ("demand.seasons.new-fiscal-year.factor", "2.4", "fuji.asked"),
    ],
)
def test_every_value_moves_what_hangs_on_it(deck: Estate, path: str, value: str, figure: str) -> None:
    """One value of the estate replaced, one figure moved."""
    moved = predict(load_estate("fuji-fujinomiya", {path: value}), replications=2)
    assert moved[figure].value != predict(deck, replications=2)[figure].value


def test_assumed_values_are_named_with_their_lines(deck: Estate) -> None:
    """Demands, load and rates that nobody printed."""
    paths = {one.path for one in predict(deck, replications=2).assumed}
    assert {"load.users", "demand.think", "circuits.fuji-campus.rate"} <= paths
    assert "circuits.fuji-wan-1.rate" not in paths


def test_too_few_replications_and_too_little_said_are_refused(deck: Estate) -> None:
    """One run has no interval; an estate without demand has no day."""
    import dataclasses

    with pytest.raises(TooFewSamples):
        predict(deck, replications=1)
    bare = dataclasses.replace(deck, digest="0" * 64, records=deck.records.model_copy(update={"demand": None}))
    with pytest.raises(EstateLacks, match="section `demand`"):
        predict(bare)
