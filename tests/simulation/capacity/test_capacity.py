"""Capacity: the search finds what arithmetic finds, limits, headroom after failures, mean value analysis beside."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math

import numpy as np
import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.answer import Answer
from simulation.capacity.busiest import busiest_hour, core_work
from simulation.capacity.headroom import headroom, single_failures
from simulation.capacity.load_point import BusiestHour, Point
from simulation.capacity.predict import predict
from simulation.capacity.terminals import compared
from simulation.day.ensemble import world_of
from simulation.demand.calendar import days_of
from simulation.errors import DayUnusable, EstateLacks

DAY = dt.date(2019, 3, 22)


@pytest.fixture(scope="module")
def hour(deck: Estate) -> BusiestHour:
    """The deck's busiest hour."""
    world = world_of(deck)
    requests = world.plant.arrivals.expected(DAY)[0][:, 10]
    return BusiestHour(world.plant, world.conditions, requests, np.zeros(len(world.plant.machines)))


@pytest.fixture(scope="module")
def answer(deck: Estate) -> Answer:
    """The deck's answer."""
    return predict(deck, replications=3)


def test_busiest_hour_is_the_one_of_most_core_work(deck: Estate) -> None:
    """No other day of the year asks more of any station in any hour."""
    world = world_of(deck)
    condition = world.conditions.of()
    day, at = busiest_hour(world.plant, condition, days_of(2018))
    work = core_work(world.plant, condition)
    most = (work @ (world.plant.arrivals.expected(day)[0] / 3600)).max(axis=0)
    assert int(most.argmax()) == at
    for other in days_of(2018):
        assert (work @ (world.plant.arrivals.expected(other)[0] / 3600)).max() <= most.max() * (1 + 1e-9)


def test_growth_until_full_is_the_limit_over_the_share(hour: BusiestHour) -> None:
    """Use is in proportion to load below the limit, but for the requests that users put off while they wait."""
    growth = hour.growth_until(lambda point: point.fullest().share >= 0.5)
    assert growth == pytest.approx(0.5 / hour.at(1.0).fullest().share, rel=0.01)
    assert hour.at(growth).fullest().share == pytest.approx(0.5, rel=1e-5)


def test_search_ends_where_nothing_or_everything_breaks(hour: BusiestHour) -> None:
    """What breaks at once gives 0, what never breaks gives no bound."""
    assert hour.growth_until(lambda _point: True) == 0
    assert hour.growth_until(lambda _point: False) == math.inf


def test_half_the_cores_fill_at_half_the_growth() -> None:
    """One core for two on Fuji's application server; the estate of one value replaced."""
    growths = []
    for cores in ("2", "1"):
        estate = load_estate("fuji-fujinomiya", {"demand.stations.register-application.cores": cores})
        growths.append(predict(estate, replications=2)["growth.normal"].value or 0.0)
    assert growths[1] == pytest.approx(growths[0] / 2, rel=0.02)


def test_pair_without_its_other_half_does_the_work_of_both(hour: BusiestHour) -> None:
    """The application server that is left is twice as full, and nothing is lost."""
    names = [machine.id for machine in hour.plant.machines]
    left = names.index("fuji-citizens-ap-2")
    before = next(use for use in hour.at(1.0).uses if (use.kind, use.number) == ("cores", left))
    point: Point = hour.at(1.0, ("virtual_machines.fuji-citizens-ap-1",))
    after = next(use for use in point.uses if (use.kind, use.number) == ("cores", left))
    assert after.share == pytest.approx(2 * before.share, rel=1e-3)
    assert point.unserved == 0


def test_headroom_names_the_failure_that_fills_a_backup_line(hour: BusiestHour) -> None:
    """The access line is idle until the main circuit or a router of its path fails."""
    rows = headroom(hour, single_failures(hour))
    (row,) = [one for one in rows if one["id"] == "fujinomiya-flets" and one["from"] == "regional-ip-network"]
    assert (row["share"], row["headroom"]) == (0, None)
    assert row["worst_failure"] in {"circuits.fujinomiya-main", "devices.dc-rt-1", "devices.fm-rt-main"}
    assert row["worst_share_at_least_rate"] == pytest.approx(3 * row["worst_share"])
    assert [one["worst_share"] for one in rows] == sorted((one["worst_share"] for one in rows), reverse=True)


@pytest.mark.parametrize("growth", [1.0, 3.0, 4.0])
def test_stations_agree_with_mean_value_analysis(hour: BusiestHour, growth: float) -> None:
    """The register's servers serve nobody else, so their network is closed: within a hundredth of what is exact."""
    names = [machine.id for machine in hour.plant.machines]
    found = compared(hour, names.index("dc-fuji-ap"), growth)
    assert found is not None
    assert found["response_s"] == pytest.approx(found["exact_response_s"], rel=0.01)
    assert compared(hour, names.index("fuji-exchange-1"), growth) is None


def test_thin_circuit_is_first_when_it_is_thin(deck: Estate) -> None:
    """With 12 Mbit/s on Fuji's campus link, more than half in use, it is full before any server."""
    thin = load_estate("fuji-fujinomiya", {"circuits.fuji-campus.rate": "12 Mbps"})
    found = predict(thin, replications=2)
    assert found.details["first_full"]["id"] == "fuji-campus"
    assert (found["growth.normal"].value or 0) < (predict(deck, replications=2)["growth.normal"].value or 0)


def test_years_follow_from_the_growth_stated(answer: Answer) -> None:
    """So many years of 3 % multiply the load as stated; without growth there is no year."""
    growth, years = answer["growth.normal"].value, answer["years.normal"].value
    assert growth is not None
    assert years is not None
    assert 1.03**years == pytest.approx(growth)
    still = predict(load_estate("fuji-fujinomiya", {"demand.growth": "0"}), replications=2)
    assert still["years.normal"].value is None


@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages"])
def test_same_seed_gives_the_same_document(name: str) -> None:
    """To the letter, on both estates."""
    texts = [json.dumps(predict(load_estate(name), replications=2).document(), allow_nan=False) for _ in range(2)]
    assert texts[0] == texts[1]


def test_years_out_of_range_and_estates_without_demand_are_refused(deck: Estate) -> None:
    """Clear errors, no search."""
    with pytest.raises(DayUnusable, match="out of range"):
        predict(deck, 1900)
    bare = dataclasses.replace(deck, digest="1" * 64, records=deck.records.model_copy(update={"demand": None}))
    with pytest.raises(EstateLacks):
        predict(bare)
