"""Lives of systems: theory inside intervals, the spread of ten years, the plain form, and the same on any workers."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from simulation.availability.components import CommonCause, Component, Follows, Maintenance, System
from simulation.availability.crews import RepairedGroup
from simulation.availability.exact import exact_figures
from simulation.availability.hours import ALL_HOURS, Hours, weekly
from simulation.availability.monte_carlo import WARM_UP_H, Lives, simulate
from simulation.availability.plain_life import PlainLife
from simulation.availability.spread import markov_variance, renewal_variance, side_by_side, stationary
from simulation.availability.structure import AtLeast, all_of, any_of, works
from simulation.errors import MechanismInvalid
from simulation.intervals import Interval, of_independent

CONFIDENCE = 0.999
COUNTERS = weekly("counter hours", 8.5, 17.25)
TWO_STATES = np.array([[-1 / 900.0, 1 / 900.0], [1 / 100.0, -1 / 100.0]])
AWAY = np.array([False, True])


def holds(interval: Interval, exact: float, *, within: float) -> None:
    """Assert that the exact value is inside, and that the interval is narrow enough for that to matter."""
    assert exact in interval
    assert interval.half_width < within * exact


def tied() -> System:
    """Return a system with every tie there is: crews, causes, failures that follow, maintenance, all repair laws."""
    components = (
        Component("a", 300, 20, 1.0, "day"), Component("b", 300, 20, 0.0, "day"), Component("c", 500, 30, 4.0, "day"),
        Component("power", 2000, 8, 0.5), Component("switch-over of a", float("inf"), 2.0), Component("d", 800, 12),
    )  # fmt: skip
    services = {
        "main": works("power") & works("switch-over of a") & (works("a") | works("b")),
        "two of three": AtLeast(2, (works("a"), works("b"), works("c"))),
        "all": all_of(works("a"), works("d"), works("power")),
    }
    causes = (CommonCause("duct", 700, {"a": 0.5, "b": 0.9}), CommonCause("storm", 2500, {"power": 1.0, "c": 0.3}))
    follows = (Follows("a", "switch-over of a", 0.4), Follows("power", "d", 0.5), Follows("d", "c", 0.2))
    maintenance = (Maintenance("d", 10.0, 168.0, 3.0), Maintenance("power", 100.0, 2000.0, 6.0))
    return System(components, services, causes, follows, {"day": 1}, maintenance)


def test_kernel_equals_the_plain_form() -> None:
    """With every tie, over 12 lives of two years: the same outages and the same hours away, to rounding."""
    hours = (ALL_HOURS, COUNTERS)
    fast = simulate(tied(), 12, 2.0, seed=7, hours=hours)
    for number in range(12):
        slow = PlainLife(tied(), hours, 7, number, WARM_UP_H)
        slow.run(2.0 * 8760)
        assert fast.outages[number].tolist() == slow.outages.tolist()
        counted_h = np.array([one.within(2.0 * 8760) for one in hours])
        assert fast.away[number] == pytest.approx(slow.away / counted_h, rel=1e-9, abs=1e-15)
    assert fast.outages.min() > 10


def test_failures_that_nobody_notices_leave_the_course_as_it_is() -> None:
    """Pairs side by side, which the kernel passes over where nothing else happens: still the plain form's outages.

    Repairs long enough that much happens between, a window and a cause among them, all repair laws, and one component
    that nothing needs.
    """
    parts = [
        Component(f"{pair}{n}", 900.0, 120.0, scv) for pair, scv in zip("abc", (1, 0, 4), strict=True) for n in "12"
    ]
    needs = [works(f"{pair}1") | works(f"{pair}2") for pair in "abc"]
    system = System(
        (*parts, Component("spare", 50.0, 5.0)), {"line": all_of(*needs), "b": needs[1]},
        (CommonCause("duct", 3000, {"a1": 0.5, "c2": 1.0}),), maintenance=(Maintenance("b1", 10.0, 700.0, 30.0),),
    )  # fmt: skip
    fast = simulate(system, 10, 5.0, seed=5)
    for number in range(10):
        slow = PlainLife(system, (ALL_HOURS,), 5, number, WARM_UP_H)
        slow.run(5.0 * 8760)
        assert fast.outages[number].tolist() == slow.outages.tolist()
        assert fast.away[number] == pytest.approx(slow.away / (5.0 * 8760), rel=1e-9, abs=1e-15)
    assert fast.outages.min() > 2


def test_same_seed_gives_the_same_lives_in_any_portions() -> None:
    """Lives run before or after make no difference; another seed does. Workers: `test_workers`."""
    alone = simulate(tied(), 40, 1.0, seed=3)
    assert np.array_equal(alone.away[:9], simulate(tied(), 9, 1.0, seed=3).away)
    assert not np.array_equal(alone.away, simulate(tied(), 40, 1.0, seed=4).away)


def test_adding_a_component_changes_no_draw_of_another() -> None:
    """Services that do not hang on it are away at the same times."""
    one, two = Component("a", 100, 5), Component("b", 50, 5)
    small = simulate(System((one,), {"s": works("a")}), 20, 1.0, seed=1)
    large = simulate(System((two, one), {"t": works("b"), "s": works("a")}), 20, 1.0, seed=1)
    assert np.array_equal(small.shares("s"), large.shares("s"))


@functools.cache
def independent() -> Lives:
    """Return lives of a system whose exact figures are known."""
    parts = tuple(Component(name, 900.0, 100.0, scv) for name, scv in zip("abc", (1.0, 0.0, 4.0), strict=True))
    services = {"one": works("a"), "line": works("a") | works("b"), "vote": AtLeast(2, tuple(map(works, "abc")))}
    return simulate(System(parts, services), 20_000, 10.0, seed=1, hours=(ALL_HOURS, COUNTERS))


def test_independent_components_are_those_of_the_exact_part() -> None:
    """Unavailability and outages a year of three services, whatever the laws of repair."""
    found = independent()
    parts = tuple(Component(name, 900.0, 100.0) for name in "abc")
    services = {"one": works("a"), "line": works("a") | works("b"), "vote": AtLeast(2, tuple(map(works, "abc")))}
    for exact in exact_figures(System(parts, services)):
        share = found.unavailability(exact.service, confidence=CONFIDENCE)
        holds(share, exact.unavailability, within=0.02)
        holds(found.outages_per_year(exact.service, CONFIDENCE), exact.outages_per_year, within=0.02)


def test_counter_hours_have_the_same_share_where_failures_keep_no_hours() -> None:
    """Components fail and are repaired at any hour, so the share of counter hours is that of all hours."""
    found = independent()
    holds(found.unavailability("one", COUNTERS.name, CONFIDENCE), 0.1, within=0.01)


@pytest.mark.parametrize("people", [1, 2, 4])
def test_crews_are_birth_and_death(people: int) -> None:
    """Two of four needed, repaired by one, two or four people."""
    group = RepairedGroup(4, 2, 200.0, 40.0, people)
    parts = tuple(Component(str(n), 200.0, 40.0, crew="day") for n in range(4))
    need = AtLeast(2, tuple(works(str(n)) for n in range(4)))
    found = simulate(System(parts, {"s": need}, crews={"day": people}), 4000, 10.0, seed=1)
    holds(found.unavailability("s", confidence=CONFIDENCE), group.unavailability, within=0.03)
    holds(found.outages_per_year("s", CONFIDENCE), group.outages_per_h * 8760, within=0.03)


def test_common_cause_is_the_chain_of_four_states() -> None:
    """Two circuits, a duct that takes both with chances: the stationary shares of the chain, solved as it stands."""
    lam, mu, nu, p, q = 1 / 1000.0, 1 / 10.0, 1 / 5000.0, 1.0, 0.5
    rates = np.zeros((4, 4))  # states: both work, a down, b down, both down
    rates[0] = [0, lam + nu * p * (1 - q), lam + nu * (1 - p) * q, nu * p * q]
    rates[1] = [mu, 0, 0, lam + nu * q]
    rates[2] = [mu, 0, 0, lam + nu * p]
    rates[3] = [0, mu, mu, 0]
    np.fill_diagonal(rates, -rates.sum(axis=1))
    exact = stationary(rates)[3]
    parts = (Component("a", 1000, 10), Component("b", 1000, 10))
    system = System(parts, {"line": works("a") | works("b")}, (CommonCause("duct", 5000, {"a": p, "b": q}),))
    found = simulate(system, 20_000, 20.0, seed=1)
    holds(found.unavailability("line", confidence=CONFIDENCE), exact, within=0.04)
    assert exact > 5 * exact_figures(System(parts, {"line": works("a") | works("b")}))[0].unavailability


def test_failing_switch_over_is_failures_times_chance_times_time() -> None:
    """Each failure of the main circuit needs a switch-over, which one time in ten takes 2 h by hand."""
    parts = (Component("main", 990, 10, 0.0), Component("switch-over", float("inf"), 2.0))
    system = System(parts, {"line": works("switch-over")}, follows=(Follows("main", "switch-over", 0.1),))
    found = simulate(system, 4000, 20.0, seed=1)
    holds(found.unavailability("line", confidence=CONFIDENCE), 0.1 / 1000 * 2.0, within=0.04)


def test_maintenance_is_counted_exactly() -> None:
    """Nothing fails; 3 h each week from Monday 10:00: 3 of 168 h, 3 of 43.75 counter hours; none at night."""
    part = Component("a", float("inf"), 1.0)
    for begin_h, counters in ((10.0, 3 / 43.75), (1.0, 0.0)):
        # Denominators begin with the end of the warm-up, so the window is set from there.
        window = Maintenance("a", (WARM_UP_H + begin_h) % 168, 168.0, 3.0)
        found = simulate(System((part,), {"s": works("a")}, maintenance=(window,)), 2, 168 / 8760 * 50, seed=1,
                         hours=(ALL_HOURS, COUNTERS))  # fmt: skip
        assert found.shares("s").tolist() == pytest.approx([3 / 168] * 2)
        assert found.shares("s", COUNTERS.name).tolist() == pytest.approx([counters] * 2)
        assert found.outages.tolist() == [[50], [50]]


def test_spread_of_ten_years_is_that_of_the_chain() -> None:
    """Not only the mean: the variance over lives, with its own interval, for one circuit, two, and a shared crew."""
    found = independent_circuits()
    pair = side_by_side(TWO_STATES, TWO_STATES)
    rates, away = RepairedGroup(4, 2, 2000.0, 400.0, 1).generator()
    crewed = simulate(
        System(
            tuple(Component(str(n), 2000.0, 400.0, crew="day") for n in range(4)),
            {"s": AtLeast(2, tuple(works(str(n)) for n in range(4)))}, crews={"day": 1},
        ), 40_000, 10.0, seed=2,
    )  # fmt: skip
    for shares, exact in (
        (found.shares("one"), markov_variance(TWO_STATES, AWAY, 87_600)),
        (found.shares("line"), markov_variance(pair, np.array([False, False, False, True]), 87_600)),
        (crewed.shares("s"), markov_variance(rates, away, 87_600)),
    ):
        holds(of_independent((shares - shares.mean()) ** 2, CONFIDENCE), exact, within=0.05)


def independent_circuits() -> Lives:
    """Return 40,000 lives of ten years of two equal circuits."""
    parts = (Component("a", 900.0, 100.0), Component("b", 900.0, 100.0))
    return simulate(System(parts, {"one": works("a"), "line": any_of(works("a"), works("b"))}), 40_000, 10.0, seed=1)


def test_spread_with_constant_repair_is_that_of_renewals() -> None:
    """Repairs of always 100 h: about half the variance of exponential ones, as Takács says."""
    part = Component("a", 900.0, 100.0, 0.0)
    shares = simulate(System((part,), {"s": works("a")}), 30_000, 30.0, seed=1).shares("s")
    spread = of_independent((shares - shares.mean()) ** 2, CONFIDENCE)
    holds(spread, renewal_variance(900, 100, 1.0, 0.0, 262_800), within=0.04)


def test_variance_of_two_states_is_the_closed_form() -> None:
    """2 λ μ / (s³ T) × (1 - (1 - exp(-s T)) / (s T)), for short and long times; never above u (1 - u)."""
    lam, mu = 1 / 900.0, 1 / 100.0
    s = lam + mu
    for time_h in (0.01, 50.0, 87_600.0):
        closed = 2 * lam * mu / (s**3 * time_h) * (1 - (1 - np.exp(-s * time_h)) / (s * time_h))
        assert markov_variance(TWO_STATES, AWAY, time_h) == pytest.approx(closed, rel=1e-4 if time_h < 1 else 1e-9)
        assert markov_variance(TWO_STATES, AWAY, time_h) <= 0.09 * (1 + 1e-6)
    assert renewal_variance(900, 100, 1, 1, 1e9) == pytest.approx(markov_variance(TWO_STATES, AWAY, 1e9), rel=1e-5)


def test_limits() -> None:
    """Nothing fails: never away, no outage. Everything is down for good from the start of a life: always away."""
    never = simulate(System((Component("a", float("inf"), 1.0),), {"s": works("a")}), 5, 1.0, seed=1)
    assert never.away.max() == 0
    assert never.outages.max() == 0
    always = simulate(System((Component("a", 1e-9, 1e9, 0.0),), {"s": works("a")}), 5, 1.0, seed=1)
    assert always.shares("s").tolist() == pytest.approx([1.0] * 5)


def test_bad_runs_are_refused() -> None:
    """Counts, times, hours and names that mean nothing."""
    system = System((Component("a", 9, 1),), {"s": works("a")})
    with pytest.raises(
        MechanismInvalid, match=r"0 lives, expected at least 1\nlives of 0 years, .*\nhours of the same name"
    ):
        simulate(system, 0, 0, seed=1, hours=())
    with pytest.raises(
        MechanismInvalid, match="service `t` in hours `24 × 365` was not simulated, expected of: services s"
    ):
        simulate(system, 2, 1, seed=1).shares("t")
    with pytest.raises(MechanismInvalid, match=r"hours `x`: windows .* expected one or more in order"):
        Hours("x", 24, ((5, 5),))
    with pytest.raises(MechanismInvalid, match="the chain is not reversible"):
        markov_variance(np.array([[-1.0, 1, 0], [0, -1, 1], [1, 0, -1]]), np.array([True, False, False]), 10)
    with pytest.raises(MechanismInvalid, match="a time of 0 h, expected more than 0"):
        markov_variance(TWO_STATES, AWAY, 0)
