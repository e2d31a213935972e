"""Outages of the grid behind battery, generator and vehicle: closed forms, limits, and a plain play of the same."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from simulation.availability.power import Supply, blackout

GRID = Supply(outages_per_h=1 / 50_000, outage_h=4.0, outage_scv=1.0, battery_h=0.5)


def test_battery_alone_is_memoryless() -> None:
    """Exponential outages: the chance to outlast the battery, and what is left after it, in closed form."""
    found = blackout(GRID)
    assert found.chance == pytest.approx(math.exp(-0.5 / 4.0), rel=1e-3)
    assert found.mean_h == pytest.approx(4.0, rel=2e-3)
    assert found.scv == pytest.approx(1.0, rel=2e-2)


def test_without_a_battery_every_outage_is_a_blackout() -> None:
    """No battery, no generator, no vehicle: the outages themselves."""
    found = blackout(dataclasses.replace(GRID, battery_h=0.0))
    assert (found.chance, found.mean_h) == (pytest.approx(1.0), pytest.approx(4.0))


def test_a_generator_that_always_starts_and_never_fails_leaves_none() -> None:
    """Neither chance nor time."""
    assert blackout(dataclasses.replace(GRID, start_fails=0.0)).chance == 0


def test_a_generator_that_never_starts_is_none() -> None:
    """The same as without one."""
    assert blackout(dataclasses.replace(GRID, start_fails=1.0, run_mtbf_h=100.0)) == blackout(GRID)


def test_a_generator_too_slow_for_the_battery_leaves_a_gap() -> None:
    """It starts after the battery has ended: every outage that lasts long enough costs the difference."""
    found = blackout(dataclasses.replace(GRID, start_fails=0.0, starts_within_h=0.6))
    assert found.chance == pytest.approx(math.exp(-0.5 / 4.0), rel=1e-3)
    assert found.mean_h == pytest.approx(4.0 * (1 - math.exp(-0.1 / 4.0)), rel=1e-2)


def test_a_vehicle_that_is_there_at_once_ends_all() -> None:
    """Sure to come and in no time: nothing is left but the instant."""
    found = blackout(dataclasses.replace(GRID, vehicle_comes=1.0, vehicle_h=1e-6))
    assert found.chance * found.mean_h < 1e-6


def test_outage_without_any_length_does_nothing() -> None:
    """All outages of one length that the battery bridges."""
    assert blackout(dataclasses.replace(GRID, outage_h=0.4, outage_scv=0.0)).chance == 0


@pytest.mark.parametrize("scv", [0.0, 1.0, 4.0])
def test_a_plain_play_of_the_same_finds_the_same(scv: float) -> None:
    """400,000 outages played step by step with a generator that may fail, fuel that ends, a vehicle that may come."""
    supply = Supply(1e-5, 10.0, scv, 0.5, 0.2, 0.01, 20.0, 15.0, 0.7, 5.0)
    rng = np.random.default_rng(1)
    count = 400_000
    if scv == 0:
        lengths = np.full(count, 10.0)
    elif scv == 1:
        lengths = rng.exponential(10.0, count)
    else:
        spread = math.sqrt(math.log1p(scv))
        lengths = 10.0 * np.exp(spread * rng.standard_normal(count) - spread**2 / 2)
    starts = rng.random(count) >= supply.start_fails
    runs = np.where(starts, np.minimum(rng.exponential(supply.run_mtbf_h, count), supply.fuel_h), 0.0)
    comes = np.where(rng.random(count) < supply.vehicle_comes, rng.exponential(supply.vehicle_h, count), np.inf)
    rest = lengths - runs
    lost = np.where(rest > 0, np.maximum(np.minimum(rest, comes) - supply.battery_h, 0.0), 0.0)
    found = blackout(supply)
    # A vehicle that comes before the battery ends saves the outage: the chance counts those where something is lost.
    first, second = found.chance * found.mean_h, found.chance * found.mean_h**2 * (1 + found.scv)
    assert first == pytest.approx(lost.mean(), abs=4 * lost.std() / math.sqrt(count))
    assert second == pytest.approx((lost**2).mean(), abs=4 * (lost**2).std() / math.sqrt(count))
