"""A year of days: weights, the representative days stand for all, sums of every day."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.day.ensemble import world_of
from simulation.demand.calendar import days_of
from simulation.errors import DayUnusable, TooFewSamples
from simulation.year.predict import predict
from simulation.year.representative import COUNT, representative_days


@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages"])
@pytest.mark.parametrize("year", [2018, 2019])
def test_representative_days_stand_for_the_year(name: str, year: int) -> None:
    """28 days with the weight of the year; what they ask is what the year asks, within 1.5 %."""
    world = world_of(load_estate(name))
    chosen = representative_days(world, year)
    assert len(chosen) == COUNT
    assert sum(weight for _, weight in chosen) == len(list(days_of(year)))
    expected = world.plant.arrivals.expected
    whole = sum(expected(day)[0].sum() for day in days_of(year))
    assert sum(expected(day)[0].sum() * weight for day, weight in chosen) == pytest.approx(whole, rel=0.015)


def test_busiest_day_and_heaviest_night_stand_for_themselves(deck: Estate) -> None:
    """No stratum hides what a planner looks for."""
    world = world_of(deck)
    alone = {day for day, weight in representative_days(world, 2018) if weight == 1}
    assert max(days_of(2018), key=lambda day: world.plant.arrivals.expected(day)[0].sum()) in alone
    assert max(days_of(2018), key=world.nights.sent_bytes) in alone


def test_every_day_adds_to_what_the_calendar_expects() -> None:
    """All 365 days of the villages, twice: within four errors of the expected sum."""
    estate = load_estate("tri-villages")
    answer = predict(estate, every_day=True, replications=4)
    arrivals = world_of(estate).plant.arrivals
    rows = [one.city == "kumosato" for one in arrivals.asking.streams]
    expected = sum(arrivals.expected(day)[0][rows].sum() for day in days_of(2018))
    assert answer["kumosato.asked"].value == pytest.approx(expected, rel=0.03)
    assert len(answer.details["days"]) == answer.details["days_of_the_year"] == 365


def test_same_seed_gives_the_same_document_on_any_workers(deck: Estate) -> None:
    """Also in two processes."""
    plain = json.dumps(predict(deck, replications=2).document(), allow_nan=False)
    with ProcessPoolExecutor(2) as executor:
        assert json.dumps(predict(deck, replications=2, executor=executor).document(), allow_nan=False) == plain


def test_progress_is_told_up_to_the_end(deck: Estate) -> None:
    """Every day played is told once."""
    told: list[tuple[int, int]] = []
    predict(deck, replications=2, progress=lambda done, total: told.append((done, total)))
    assert told == [(number, 2 * COUNT) for number in range(1, 2 * COUNT + 1)]


def test_full_hours_are_counted_when_servers_are_short() -> None:
    """With seven times the transactions Fuji's register is full in some hours of the year, and users wait."""
    estate = load_estate("fuji-fujinomiya", {"load.transactions_per_user_day": "420"})
    answer = predict(estate, replications=2)
    assert (answer["hours.full"].value or 0) > 0
    assert answer["station.utilisation"].value == pytest.approx(1, abs=0.05)
    assert (answer["fuji.slowest"].value or 0) > 3
    assert np.isfinite(answer["fuji.response"].value or 0.0)


def test_years_out_of_range_are_refused(deck: Estate) -> None:
    """And a single replication, which has no interval."""
    with pytest.raises(DayUnusable):
        predict(deck, 2051)
    with pytest.raises(TooFewSamples):
        predict(deck, replications=1)
