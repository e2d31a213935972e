"""Request by request: the kernel walks the plain form's path, and the hour's formulas lie in its interval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.day.conditions import Conditions
from simulation.day.hour import integrate
from simulation.day.plain_requests import plain_play
from simulation.day.plant import Plant, build_plant
from simulation.day.played_hour import PlayedHour, played_hour
from simulation.day.requests import Class, Visited, draw_rounds, play
from simulation.day.tables import Fixed, Now, Totals, empty_totals, fixed_of, now_of
from simulation.intervals import Interval, of_independent
from simulation.queues.terminals import Station, product_form

DAY = dt.date(2019, 3, 25)


@pytest.mark.parametrize("scv", [0.0, 1.0, 4.0])
def test_kernel_walks_the_plain_path(scv: float) -> None:
    """Shared stations, jobs beside, disks in order of arrival, classes that go different ways."""
    stations = [Visited(2), Visited(1, jobs=1.0), Visited(2, shared=False)]
    classes = [Class(0.7, ((0, 0.3), (1, 0.05), (2, 0.02), (2, 0.02))), Class(0.3, ((0, 0.6), (1, 0.1)))]
    rounds = draw_rounds(np.random.default_rng(5), 12, 40, 3.0, classes, scv)
    for ours, plain in zip(play(stations, classes, rounds), plain_play(stations, classes, rounds), strict=True):
        assert np.allclose(ours, plain, rtol=0, atol=1e-9)


def test_terminals_are_mean_value_analysis() -> None:
    """The mean response of a long run holds the exact value, with uneven service on shared cores."""
    stations, classes = [Visited(2), Visited(1)], [Class(1.0, ((0, 0.9), (1, 0.2)))]
    exact = product_form(15, 10.0, [Station("cores", 0.9, 2), Station("line", 0.2)]).response_s
    assert exact in _mean(stations, classes, 15, think_s=10.0, scv=4.0, requests=200_000)[0]


@pytest.mark.parametrize("times", [1.0, 3.5, 8.0])
def test_hour_lies_in_the_interval_of_its_requests(deck: Estate, times: float) -> None:
    """Fuji's register from idle to twice what its server can do: users wait, nobody is refused."""
    plant = build_plant(deck)
    fixed = fixed_of(plant)
    fixed.at_once[:] = 100_000
    wanted = [one.city == "fuji" and one.application == "resident-register" for one in plant.streams]
    _agrees(plant, fixed, _now(plant, times, wanted), wanted)


def test_hour_on_a_short_circuit_lies_in_the_interval(deck: Estate) -> None:
    """Fujinomiya's main circuit with 3 Mbit/s, four fifths in use: what waits there is the line."""
    plant = build_plant(deck)
    fixed = fixed_of(plant)
    wanted = [one.city == "fujinomiya" and one.application == "groupware" for one in plant.streams]
    now = _now(plant, 1.0, wanted)
    now.capacities[:] = 1e12
    now.capacities[plant.line("fujinomiya-main", "a")] = 1.9e6
    _agrees(plant, fixed, now, wanted)


def test_other_estate_agrees_as_well() -> None:
    """A village at ten times its load."""
    plant = build_plant(load_estate("tri-villages"))
    wanted = [one.city == "kumosato" for one in plant.streams]
    _agrees(plant, fixed_of(plant), _now(plant, 20.0, wanted), wanted)


def _now(plant: Plant, times: float, wanted: list[bool]) -> Now:
    """Return the busiest hour of a Monday in March, for the streams wanted."""
    now = now_of(plant, Conditions(plant).of())
    requests, _ = plant.arrivals.expected(DAY)
    now.rates[:] = requests[:, 10] / 3600 * times * np.array(wanted)
    return now


def _agrees(plant: Plant, fixed: Fixed, now: Now, wanted: list[bool]) -> None:
    """Hold the mean response by formula, without the constant delay of circuits, in the interval of a run."""
    totals: Totals = empty_totals(plant)
    integrate(10, 3600.0, fixed, now, totals)
    hour: PlayedHour = played_hour(plant, fixed, now)
    interval, shares = _mean(
        hour.stations, hour.classes, hour.users, think_s=fixed.think_s, scv=fixed.scv, requests=150_000
    )
    formula = delay = 0.0
    for number, share in shares.items():
        stream = hour.streams[number]
        formula += share * float(totals.response[:, stream, 10].sum() / totals.served[stream, 10])
        for direction in range(2):
            rows = slice(now.first[stream, direction], now.after[stream, direction])
            delay += share * fixed.round_trips * float((now.way_shares[rows] * now.delays[rows]).sum())
    assert sum(wanted) == len({hour.streams[number] for number in shares})
    assert formula - delay in interval


def _mean(
    stations: Sequence[Visited], classes: Sequence[Class], users: int, *, think_s: float, scv: float, requests: int
) -> tuple[Interval, dict[int, float]]:
    """Return the mean response over ten independent runs at 99.9 %, and each class's share of the requests."""
    means, counts = [], np.zeros(len(classes))
    for run in range(10):
        count = max(20, requests // 10 // users)
        rounds = draw_rounds(np.random.default_rng(run), users, count, think_s, classes, scv)
        sent, answered = play(stations, classes, rounds)
        end_s = answered[:, -1].min()
        inside = (sent > 0.15 * end_s) & (answered < 0.95 * end_s)
        means.append(float((answered - sent)[inside].mean()))
        counts += np.bincount(rounds.kind[inside], minlength=len(counts))
    return of_independent(means, 0.999), dict(enumerate((counts / counts.sum()).tolist()))
