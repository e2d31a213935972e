"""Hours of service: when a repair ends, what is away at which hour of the week, and the same in lives."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.availability.components import Component, System
from simulation.availability.hours import ALL_HOURS, weekly
from simulation.availability.monte_carlo import WARM_UP_H, simulate
from simulation.availability.plain_life import PlainLife
from simulation.availability.presence import away, calendar_mean_h, still_at_work
from simulation.availability.service_hours import WEEK_BEGINS_H, WEEK_H, ServiceHours, service_end
from simulation.availability.structure import works
from simulation.errors import MechanismInvalid

OFFICE = ServiceHours(8.5, 17.25)
COUNTERS = weekly("counter hours", 8.5, 17.25)
FRIDAY = 4 * 24.0


def end(hour: float, work: float, service: ServiceHours = OFFICE) -> float:
    """Return when work called for at an hour of the week ends, by the hour of the week."""
    begun = WEEK_BEGINS_H + hour
    return service_end(begun, work, service.opens_h, service.closes_h, service.days) - WEEK_BEGINS_H


@pytest.mark.parametrize(
    ("called", "work", "done"),
    [
        (10.0, 2.0, 12.0),  # Monday, within the day
        (10.0, 7.25, 17.25),  # ends as the crew closes
        (10.0, 8.0, 24 + 8.5 + 0.75),  # goes on on Tuesday
        (2.0, 1.0, 9.5),  # called at night
        (FRIDAY + 18, 1.0, WEEK_H + 9.5),  # called on Friday evening
        (FRIDAY + 17, 1.0, WEEK_H + 8.5 + 0.75),
        (WEEK_H + FRIDAY + 30, 8.75, 2 * WEEK_H + 17.25),  # called on Saturday, a whole Monday
        (10.0, 43.75, WEEK_H + 10.0),  # a week's work
        (-5.0, 1.0, 9.5),  # before the first week
    ],
)
def test_work_goes_on_in_hours_of_service_alone(called: float, work: float, done: float) -> None:
    """Nights and weekends count for nothing."""
    assert end(called, work) == pytest.approx(done)


def test_around_the_clock_is_plain_addition() -> None:
    """No days of service: nobody keeps hours; every day from 0 to 24 is the same."""
    assert service_end(7.0, 30.0, 0.0, 0.0, 0) == 37.0
    assert end(7.0, 30.0, ServiceHours(0, 24, 7)) == pytest.approx(37.0)


def test_a_life_begins_where_the_week_does() -> None:
    """Lives count from the end of the warm-up, and so does Monday."""
    assert WARM_UP_H % WEEK_H == WEEK_BEGINS_H


def test_working_time_between_is_the_work() -> None:
    """Whatever is called for when, the hours of service until its end are the work."""
    rng = np.random.default_rng(5)
    for _ in range(300):
        called, work = rng.uniform(0, 600), rng.exponential(12.0)
        done = end(called, work)
        assert OFFICE.before(done) - OFFICE.before(called) == pytest.approx(work)


@pytest.mark.parametrize("hours", [(9.0, 9.0, 5), (9.0, 25.0, 5), (9.0, 17.0, 0)])
def test_hours_that_are_none_are_refused(hours: tuple[float, float, int]) -> None:
    """Hours of a day rise, on one to seven days."""
    with pytest.raises(MechanismInvalid, match="hours of service"):
        ServiceHours(*hours)


@pytest.mark.parametrize("scv", [0.0, 1.0, 2.5])
def test_lives_see_the_same_chance_by_hour(scv: float) -> None:
    """Share of all hours and of counter hours, exactly through the week and in lives."""
    component = Component("a", 400.0, 9.0, scv, service=OFFICE)
    system = System((component,), {"s": works("a")})
    found = simulate(system, 4000, 10.0, seed=1, hours=(ALL_HOURS, COUNTERS))
    hours = np.arange(0, WEEK_H, 0.125) + 0.0625
    chances = np.array(away(component, hours))
    counted = (hours % 24 > 8.5) & (hours % 24 < 17.25) & (hours < 120)
    # Exact to the square of the chance, which is some 0.1 here: the rate falls while it is away.
    assert found.unavailability("s").mean == pytest.approx(chances.mean(), rel=0.01)
    ratio = found.unavailability("s", COUNTERS.name).mean / found.unavailability("s").mean
    assert ratio == pytest.approx(chances[counted].mean() / chances.mean(), rel=0.02)
    assert chances.mean() > 1.5 * 9.0 / 409.0


@pytest.mark.parametrize(("scv", "works_h", "within"), [(0.0, [5.0], 2e-3), (1.0, None, 2e-3)])
def test_calendar_mean_is_that_of_calls_at_any_hour(scv: float, works_h: list[float] | None, within: float) -> None:
    """The mean over calls at any hour of the week, for work of five hours exactly, and for exponential work."""
    component = Component("a", 1e6, 5.0, scv, service=OFFICE)
    at = (np.arange(400) + 0.5) / 400
    works_h = (-5.0 * np.log1p(-at)).tolist() if works_h is None else works_h
    lengths = [end(call, work) - call for call in np.arange(0.05, WEEK_H, 0.1).tolist() for work in works_h]
    assert calendar_mean_h(component) == pytest.approx(float(np.mean(lengths)), rel=within)


def test_chance_to_be_at_work_has_the_mean() -> None:
    """The integral of the chance that work goes on is its mean, whatever its law."""
    at = np.arange(0, 4000, 0.05) + 0.025
    for scv in (0.0, 1.0, 4.0):
        assert 0.05 * sum(still_at_work(8.0, scv, float(t)) for t in at) == pytest.approx(8.0, rel=1e-3)


def test_kernel_equals_the_plain_form() -> None:
    """With hours of service and a crew that is shared: the same outages and hours away, to rounding."""
    parts = tuple(Component(name, 150.0, 6.0, scv, "day", OFFICE) for name, scv in (("a", 1.0), ("b", 0.0), ("c", 3.0)))
    system = System(parts, {"s": works("a") & (works("b") | works("c"))}, crews={"day": 1})
    hours = (ALL_HOURS, COUNTERS)
    fast = simulate(system, 8, 2.0, seed=7, hours=hours)
    for number in range(8):
        slow = PlainLife(system, hours, 7, number, WARM_UP_H)
        slow.run(2.0 * 8760)
        assert fast.outages[number].tolist() == slow.outages.tolist()
        counted_h = np.array([one.within(2.0 * 8760) for one in hours])
        assert fast.away[number] == pytest.approx(slow.away / counted_h, rel=1e-9, abs=1e-15)
    assert fast.outages.min() > 5
