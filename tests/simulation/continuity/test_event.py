"""Events in plays: outages of the grid as the quadrature has them, repairs in hours of service, what is no event."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
import pytest

from inventory.models.estate import Estate
from simulation.availability.counter_hours import counter_hours
from simulation.availability.power import Supply, blackout
from simulation.continuity.copies import copy_ages, nights_missed
from simulation.continuity.event import event_of, play_grid, spans
from simulation.continuity.open_clock import OpenClock
from simulation.draws import Streams
from simulation.errors import MechanismInvalid
from topology.business_days import BusinessDays

SUPPLY = Supply(1e-5, 10.0, 1.0, 0.5, 0.2, 0.01, 20.0, 15.0, 0.7, 5.0)
MONDAY = dt.datetime.fromisoformat("2018-04-02 10:00")
FRIDAY = dt.datetime.fromisoformat("2018-04-06 18:00")


@pytest.mark.parametrize("scv", [0.0, 1.0, 2.0])
def test_plays_of_the_grid_are_the_quadrature(scv: float) -> None:
    """Chance times mean of what is lost: 200,000 plays against the moments that availability is reckoned with."""
    supply = dataclasses.replace(SUPPLY, outage_scv=scv)
    begin, end = play_grid(supply, Streams(3, 200_000), "grid")
    lost = end - begin
    found = blackout(supply)
    assert found.chance * found.mean_h == pytest.approx(lost.mean(), abs=4 * lost.std() / math.sqrt(len(lost)))
    assert begin[lost > 0].min() >= supply.battery_h


def test_an_outage_within_the_battery_costs_nothing() -> None:
    """Shorter than the battery, whatever the generator does."""
    begin, end = play_grid(SUPPLY, Streams(1, 100), "grid", 0.4)
    assert np.array_equal(begin, end)


def test_without_generator_and_vehicle_the_rest_is_lost() -> None:
    """From the end of the battery to the end of the outage, in every play."""
    supply = dataclasses.replace(SUPPLY, start_fails=1.0, vehicle_comes=0.0)
    begin, end = play_grid(supply, Streams(1, 100), "grid", 6.0)
    assert set(begin) == {0.5}
    assert set(end) == {6.0}


def test_a_slow_generator_leaves_a_gap() -> None:
    """The battery ends before it carries the load."""
    supply = dataclasses.replace(SUPPLY, start_fails=0.0, starts_within_h=0.75, run_mtbf_h=math.inf, fuel_h=math.inf)
    begin, end = play_grid(supply, Streams(1, 50), "grid", 6.0)
    assert (set(begin), set(end)) == ({0.5}, {0.75})


def test_a_repair_in_office_hours_waits_for_monday(villages: Estate) -> None:
    """A router fails on Friday evening: nobody comes before Monday 8:30, which is 62.5 h away."""
    router = next(id_ for id_, one in villages.records.devices.items() if one.role == "router")
    first, last = spans(villages, event_of(villages, [router]), FRIDAY, None, Streams(1, 200))
    assert set(first) == {0.0}
    assert last.min() > 62.5
    assert spans(villages, event_of(villages, [router]), MONDAY, None, Streams(1, 200))[1].min() < 24


def test_a_site_is_lost_as_long_as_its_hazards_say(deck: Estate) -> None:
    """Exponential about the hazards that take it, each as often as it does."""
    site = deck.records.estate.data_centre
    hazards = [one for one in deck.records.hazards.values() if one.hits.get(site)]
    rates = [one.hits[site] / one.every_s for one in hazards]
    mean_h = sum(r * one.out_for_s for r, one in zip(rates, hazards, strict=True)) / sum(rates) / 3600
    _, last = spans(deck, event_of(deck, [site]), MONDAY, None, Streams(1, 20_000))
    assert last.mean() == pytest.approx(mean_h, rel=0.04)


def test_a_hazard_takes_all_its_sites_and_a_grid_its_supplies(deck: Estate) -> None:
    """What is down by an event, and whether data may be gone."""
    hazard = next(iter(deck.records.hazards))
    event = event_of(deck, [f"hazards.{hazard}"])
    assert set(event.entries) == {f"sites.{site}" for site in deck.records.hazards[hazard].hits}
    assert event.destroys
    grid = next(id_ for id_, one in deck.records.power_sources.items() if one.kind == "grid")
    dark = event_of(deck, [grid])
    assert dark.grids == (f"power_sources.{grid}",)
    assert not dark.destroys
    assert all(path.startswith("power_sources.") for path in dark.entries)


@pytest.mark.parametrize(("name", "message"), [("nobody", "nobody"), ("cities.fuji", "cannot fail")])
def test_what_is_no_event_is_refused(deck: Estate, name: str, message: str) -> None:
    """Unknown names, and entries that cannot fail."""
    with pytest.raises(MechanismInvalid, match=message):
        event_of(deck, [name])


def test_a_length_that_nobody_states_is_asked_for(deck: Estate) -> None:
    """A rack has no figure and no hazard of its hall: give a length."""
    racks = deck.records.racks
    rack = next(id_ for id_ in racks if not _hit(deck, deck.records.rooms[racks[id_].room].site))
    with pytest.raises(MechanismInvalid, match="or --lasts"):
        spans(deck, event_of(deck, [f"racks.{rack}"]), MONDAY, None, Streams(1, 2))
    assert set(spans(deck, event_of(deck, [f"racks.{rack}"]), MONDAY, 5.0, Streams(1, 2))[1]) == {5.0}


def _hit(estate: Estate, site: str) -> bool:
    return any(one.hits.get(site) for one in estate.records.hazards.values())


def test_a_copy_is_as_old_as_its_release(deck: Estate) -> None:
    """Monday 10:00: Sunday's copy; before the copy is made, that of the night before; a missing night adds a day."""
    job = next(one for one in deck.records.jobs.values() if one.fills)
    streams = Streams(1, 4)
    since = 10 - job.release_s / 3600 + 24
    assert set(copy_ages(job, 0.0, MONDAY, streams)) == {since}
    evening = dt.datetime.fromisoformat("2018-04-02") + dt.timedelta(seconds=job.release_s + job.takes_s / 2)
    assert copy_ages(job, 0.0, evening, streams) == pytest.approx(24 + job.takes_s / 7200)
    assert copy_ages(job, 1.0, MONDAY, streams).min() > 24 * 365


def test_nights_missed_are_geometric() -> None:
    """The chance of each further night is the chance of one: mean p / (1 - p)."""
    missed = nights_missed(np.random.default_rng(1).random(200_000), 0.2)
    assert missed.mean() == pytest.approx(0.25, rel=0.02)
    assert (missed >= 2).mean() == pytest.approx(0.04, rel=0.1)


def test_open_hours_leave_out_nights_weekends_and_holidays(deck: Estate) -> None:
    """From Friday 27 April 2018 over the holidays: Monday 30 April is one; the clock runs backwards as well."""
    counters = counter_hours(deck)
    clock = OpenClock(counters, BusinessDays(), dt.datetime.fromisoformat("2018-04-27 10:00"), 7, 14)
    open_h = counters.closes_h - counters.opens_h
    today = counters.closes_h - 10
    assert clock.between(0.0, 24.0 * 4) == pytest.approx(today + 1.5)  # Tuesday 1 May until 10:00
    assert clock.between(0.0, 14.0) == pytest.approx(today)
    assert clock.between(-24.0, 0.0) == pytest.approx(open_h)
    assert clock.between(5.0, 1.0) == 0
