"""Streams add to the city's load, and drawn numbers have the mean and the variance that was stated."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.counted_draws import source_key, stream_key
from simulation.demand.arrivals import Arrivals, poisson
from simulation.demand.streams import asking
from topology.load import figures

DAY = dt.date(2018, 5, 8)


def test_transactions_of_weights_add_to_the_citys(deck: Estate) -> None:
    """What is shared out by weight is the load's figure; office systems come beside it."""
    value = {(one.city, one.key): float(one.value) for one in figures(deck)}
    for city in ("fuji", "fujinomiya"):
        own = [one for one in asking(deck).streams if one.city == city and one.asked.weight]
        for kind in ("transactions", "certificates"):
            total = math.fsum(one.daily for one in own if one.kind == kind)
            assert total == pytest.approx(value[city, kind])


def test_calls_add_to_what_the_users_make(deck: Estate) -> None:
    """Three calls in a hundred users and days, over all applications."""
    value = {(one.city, one.key): float(one.value) for one in figures(deck)}
    calls = asking(deck).calls
    assert math.fsum(calls.values()) == pytest.approx(0.03 * (value["fuji", "users"] + value["fujinomiya", "users"]))


def test_city_without_an_instance_is_named_and_asks_nothing(small: Estate) -> None:
    """Every application of the small estate serves both cities, so nothing is left out there."""
    assert asking(small).left_out == ()
    assert {one.city for one in asking(small).streams} == {"hamabe", "yamate"}


def test_expected_day_is_the_mean_of_drawn_days(deck: Estate) -> None:
    """Within five standard errors; the spread of whole days is what the estate states."""
    arrivals = Arrivals(deck, asking(deck))
    expected, calls = arrivals.expected(DAY)
    runs = [arrivals.drawn(DAY, 3, number) for number in range(400)]
    of_city = [one.city == "fuji" for one in arrivals.asking.streams]
    totals = np.array([table[of_city].sum() for table, _ in runs])
    assert abs(totals.mean() - expected[of_city].sum()) < 5 * totals.std() / 20
    assert totals.std() / totals.mean() == pytest.approx(0.08, rel=0.2)
    drawn_calls = np.array([found.sum() for _, found in runs])
    assert abs(drawn_calls.mean() - calls.sum()) < 5 * drawn_calls.std() / 20


def test_draws_of_a_stream_hang_on_nothing_else() -> None:
    """Leaving an application out changes no number of another; another seed or day does."""
    estates = [
        load_estate("fuji-fujinomiya", dict(change)) for change in ({}, {"demand.applications.groupware.calls": "9"})
    ]
    first, second = (Arrivals(estate, asking(estate)).drawn(DAY, 1, 0)[0] for estate in estates)
    assert np.array_equal(first, second)
    arrivals = Arrivals(estates[0], asking(estates[0]))
    assert not np.array_equal(first, arrivals.drawn(DAY, 2, 0)[0])
    assert not np.array_equal(first, arrivals.drawn(DAY, 1, 1)[0])


@pytest.mark.parametrize("mean", [0.0, 0.3, 7.0, 49.0, 51.0, 400.0])
def test_poisson_numbers_have_their_mean_and_variance(mean: float) -> None:
    """On both sides of the change from inversion to the corrected quantile."""
    key = source_key(1, "test")
    stream = np.uint64(stream_key(key, 0))
    found = np.array([poisson(mean, stream, number) for number in range(20000)])
    error = math.sqrt(mean / 20000)
    assert abs(found.mean() - mean) <= 4.5 * error
    assert found.var() == pytest.approx(mean, rel=0.05)
    assert found.min() >= 0
