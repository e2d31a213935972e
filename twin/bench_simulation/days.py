"""Days of the deck's estate with everything on, beside one SimPy process for each request, and held to the requests."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from inventory.load import load_estate
from simulation.day.conditions import Conditions
from simulation.day.ensemble import play, world_of
from simulation.day.hour import integrate
from simulation.day.plain_requests import plain_play
from simulation.day.played_hour import PlayedHour, played_hour
from simulation.day.requests import draw_rounds
from simulation.day.requests import play as play_requests
from simulation.day.scenario import load_day_scenario
from simulation.day.tables import Fixed, Now, empty_totals, fixed_of, now_of
from simulation.day.world import World
from simulation.intervals import Interval, of_independent

if TYPE_CHECKING:
    from twin.bench_simulation.__main__ import Page

ESTATE = "fuji-fujinomiya"
BUSY_DAY = dt.date(2019, 3, 25)
HOUR = 10
DAYS_PER_S = 80.0
RUNS = 10


def rows(page: Page, runs: int, part: int) -> None:
    """Add the rows: days a second, a day by SimPy alone, agreement with the requests of the busiest hour."""
    from twin.bench_simulation.__main__ import shown, timed

    world = world_of(load_estate(ESTATE))
    days = max(20, 365 // part)
    a_year(world, 5)
    seconds = [one / days for one in timed(lambda: a_year(world, days), runs)]
    rate = 1 / sorted(seconds)[len(seconds) // 2]
    requests = float(world.plant.arrivals.expected(BUSY_DAY)[0].sum())
    fewer = 200
    alone = timed(lambda: simpy_alone(world, round(requests / fewer)), min(runs, 2))
    peer = [one * fewer for one in alone]
    page.agree(
        f"days of the deck's estate, everything on, {days} days with a failure each; one SimPy process for each of "
        f"the {requests:,.0f} requests of its busiest day",
        f"{rate:.0f} a second ({shown(seconds)} each)",
        f"{shown(peer)} a day, of which 1/{fewer} was run",
        f"{sorted(peer)[len(peer) // 2] * rate:.3g}×", f"≥ {DAYS_PER_S:g} a second", holds=rate >= DAYS_PER_S,
    )  # fmt: skip
    interval, formula = agreement(world, 1_000_000 // part)
    found = (
        f"{formula * 1e3:.1f} ms by formula, {interval.mean * 1e3:.1f} ± {interval.half_width * 1e3:.1f} by requests"
    )
    page.bound(
        "the same: mean response of Fuji's register at 3.5 times its load", found, "inside 99 %",
        holds=formula in interval,
    )  # fmt: skip


def a_year(world: World, days: int) -> float:
    """Play the first days of a fiscal year, each with a failure, and return how many requests were served."""
    scenario = load_day_scenario("fujinomiya-main-cut-at-ten", world.plant.estate)
    first = dt.date(2018, 4, 1)
    served = 0.0
    for number in range(days):
        record = play(world, (first + dt.timedelta(days=number), number), 1, scenario)
        served += float(record.totals.served.sum())
    return served


def busiest(world: World, times: float, applications: tuple[str, ...] = ()) -> tuple[Fixed, Now, PlayedHour]:
    """Return the busiest hour at a multiple of its load, for some applications of the first city or for all."""
    plant = world.plant
    fixed, now = fixed_of(plant), now_of(plant, Conditions(plant).of())
    now.rates[:] = plant.arrivals.expected(BUSY_DAY)[0][:, HOUR] / 3600 * times
    if applications:
        first = plant.streams[0].city
        wanted = [one.city == first and one.application in applications for one in plant.streams]
        now.rates[:] *= np.array(wanted)
    return fixed, now, played_hour(plant, fixed, now)


def simpy_alone(world: World, requests: int) -> int:
    """Play some requests of the busiest hour, each user a SimPy process, and return how many."""
    fixed, _, hour = busiest(world, 1.0)
    users = min(hour.users, requests)
    rounds = draw_rounds(np.random.default_rng(1), users, -(-requests // users), fixed.think_s, hour.classes, fixed.scv)
    _, answered = plain_play(hour.stations, hour.classes, rounds)
    return answered.size


def agreement(world: World, requests: int) -> tuple[Interval, float]:
    """Return the mean response by requests, over independent runs at 99 %, and by the formulas of the hour."""
    plant = world.plant
    fixed, now, hour = busiest(world, 3.5, (plant.streams[0].application,))
    totals = empty_totals(plant)
    integrate(HOUR, 3600.0, fixed, now, totals)
    means, kinds = [], np.zeros(len(hour.classes))
    for run in range(RUNS):
        count = max(20, requests // RUNS // hour.users)
        rounds = draw_rounds(np.random.default_rng(run), hour.users, count, fixed.think_s, hour.classes, fixed.scv)
        sent, answered = play_requests(hour.stations, hour.classes, rounds)
        end_s = answered[:, -1].min()
        inside = (sent > 0.15 * end_s) & (answered < 0.95 * end_s)
        means.append(float((answered - sent)[inside].mean()))
        kinds += np.bincount(rounds.kind[inside], minlength=len(kinds))
    formula = 0.0
    for kind, stream in enumerate(hour.streams):
        response_s = float(totals.response[:, stream, HOUR].sum() / totals.served[stream, HOUR])
        for direction in range(2):
            ways = slice(now.first[stream, direction], now.after[stream, direction])
            response_s -= fixed.round_trips * float((now.way_shares[ways] * now.delays[ways]).sum())
        formula += kinds[kind] / kinds.sum() * response_s
    return of_independent(means, 0.99), formula
