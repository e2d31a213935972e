"""An hour: limits (nothing asked, nothing left), work that is kept, short places, bulk beside."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from inventory.models.estate import Estate
from simulation.day.conditions import Conditions
from simulation.day.hour import integrate
from simulation.day.plant import Plant, build_plant
from simulation.day.tables import Now, Totals, empty_totals, fixed_of, now_of

HOUR = 10


@pytest.fixture(scope="module")
def plant(deck: Estate) -> Plant:
    """The deck's plant."""
    return build_plant(deck)


def _now(plant: Plant, times: float = 1.0, failed: tuple[str, ...] = ()) -> Now:
    now = now_of(plant, Conditions(plant).of(failed))
    now.rates[:] = plant.arrivals.expected(dt.date(2019, 3, 25))[0][:, HOUR] / 3600 * times
    return now


def _play(plant: Plant, now: Now, seconds: float = 3600.0, **changes: float) -> Totals:
    fixed = fixed_of(plant)
    for name, value in changes.items():
        getattr(fixed, name)[:] = value
    totals = empty_totals(plant)
    integrate(HOUR, seconds, fixed, now, totals)
    return totals


def test_nothing_asked_is_nothing_done(plant: Plant) -> None:
    """No load: no requests, no use, and jobs alone on their cores."""
    now = _now(plant, 0.0)
    now.jobs[0] = 1.0
    totals = _play(plant, now)
    assert totals.asked.sum() == totals.served.sum() == totals.bits.sum() == totals.disk.sum() == 0
    assert totals.busy[0, HOUR] == pytest.approx(3600 / plant.machines[0].cores)
    assert totals.busy[1:].sum() == 0


def test_work_done_is_work_asked(plant: Plant) -> None:
    """Cores are in use for the demands of what was served; circuits carry its bytes over the goodput."""
    totals = _play(plant, _now(plant))
    fixed = fixed_of(plant)
    served = totals.served[:, HOUR]
    used_s = (totals.busy[:, HOUR] * fixed.cores).sum()
    assert used_s == pytest.approx(served @ (fixed.application_s + fixed.database_s), rel=1e-3)
    main = plant.line("fujinomiya-main", "a")
    crossing = [n for n, one in enumerate(plant.serving) if one.users_at == "fujinomiya-terminal"]
    payload = sum(served[n] * fixed.down_bits[n] for n in crossing)
    assert totals.bits[main, HOUR] * 1448 / 1538 == pytest.approx(payload, rel=1e-6)


def test_an_hour_is_the_sum_of_its_parts(plant: Plant) -> None:
    """Twenty minutes and forty are an hour."""
    now, fixed = _now(plant), fixed_of(plant)
    whole, parts = _play(plant, now), empty_totals(plant)
    for seconds in (1200.0, 2400.0):
        integrate(HOUR, seconds, fixed, now, parts)
    for one, other in zip(whole, parts, strict=True):
        assert np.allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize("times", [1.0, 10.0, 100.0, 1000.0])
def test_nothing_is_served_twice_and_nothing_used_beyond_itself(plant: Plant, times: float) -> None:
    """Whatever is asked: served, refused and lost are no more than asked, and use is at most all."""
    totals = _play(plant, _now(plant, times))
    assert (totals.served + totals.refused + totals.lost <= totals.asked * (1 + 1e-9)).all()
    for table in (totals.busy, totals.disk):
        assert table.max() <= 3600 * (1 + 1e-9)
    assert np.isfinite(totals.response).all()


def test_more_load_never_answers_sooner(plant: Plant) -> None:
    """The mean response grows with the load, up to many times what there is room for."""
    means = []
    for times in (1, 2, 4, 6, 8, 12, 20):
        totals = _play(plant, _now(plant, float(times)), at_once=100_000)
        means.append(float(totals.response[:, 0, HOUR].sum() / totals.served[0, HOUR]))
    assert means == sorted(means)
    assert means[-1] > 20 * means[0]


def test_users_wait_as_little_says(plant: Plant) -> None:
    """Far beyond capacity the server works all the time, and users, thoughts and waits balance."""
    totals = _play(plant, _now(plant, 20.0), at_once=100_000)
    fixed = fixed_of(plant)
    rate, served = totals.asked[0, HOUR] / 3600, totals.served[0, HOUR] / 3600
    response_s = float(totals.response[:, 0, HOUR].sum() / totals.served[0, HOUR])
    bare_s = float(
        _play(plant, _now(plant, 1e-6)).response[:, 0, HOUR].sum() / _play(plant, _now(plant, 1e-6)).served[0, HOUR]
    )
    assert served * (fixed.think_s + response_s) == pytest.approx(rate * (fixed.think_s + bare_s), rel=2e-2)
    assert totals.busy[0, HOUR] == pytest.approx(3600, rel=1e-6)


def test_everything_failed_loses_everything(plant: Plant) -> None:
    """With the data centre gone, what stands in Fujinomiya's hall is all that serves."""
    totals = _play(plant, _now(plant, failed=("sites.dc",)))
    kept = {plant.streams[n].application for n in np.flatnonzero(totals.served[:, HOUR])}
    assert kept <= {"accounting", "documents"}
    assert totals.lost.sum() + totals.served.sum() == pytest.approx(totals.asked.sum(), rel=1e-3)


def test_few_connections_make_requests_wait(plant: Plant) -> None:
    """One thread and one connection a machine: waits come, and nobody is served faster."""
    plenty, few = _play(plant, _now(plant)), _play(plant, _now(plant), at_once=1)
    assert plenty.response[1].sum() == pytest.approx(0, abs=1e-6)
    assert few.response[1].sum() > 0
    assert (few.places <= 3600 * (1 + 1e-6)).all()


def test_bulk_beside_slows_answers_on_its_circuit_alone(plant: Plant) -> None:
    """Three transfers on Fujinomiya's main circuit: a transfer takes four times as long there."""
    now = _now(plant)
    alone = _play(plant, now)
    now.bulk_flows[[plant.line("fujinomiya-main", end) for end in "az"]] = 3.0
    beside = _play(plant, now)
    for number, stream in enumerate(plant.streams):
        before, after = (float(one.response[0, number, HOUR] / one.served[number, HOUR]) for one in (alone, beside))
        if plant.serving[number].users_at == "fujinomiya-terminal":
            delay_s = 3 * 2 * 0.003
            assert after - delay_s == pytest.approx((before - delay_s) * 4, rel=0.15)
        else:
            assert after == pytest.approx(before, rel=1e-9), stream.name
