"""What is drawn of a night: times within their spread, failures at their rate, attempts by hand for each restart."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from inventory.load import load_estate
from inventory.models.batch import Spread
from inventory.models.estate import Estate
from simulation.batch.layout import night_of
from simulation.batch.variation import Habit, attempts, drawn_plays, habits
from simulation.draws import Streams, triangular
from simulation.intervals import of_independent

ORDINARY = dt.date(2026, 7, 22)
STILL = Spread(low=1.0, high=1.0)


def table(*columns: float) -> np.ndarray:
    """Return one replication's draws: for five attempts whether they fail (0 does), then where."""
    row = np.ones((1, 12))
    row[0, 2 : 2 + len(columns)] = 0.0
    row[0, 7 : 7 + len(columns)] = columns
    return row


@pytest.mark.parametrize(
    ("restart", "steps", "shares", "runs"),
    [
        ("rerun", 4, (), [100.0]),
        ("rerun", 4, (0.7,), [70.0, 100.0]),
        ("step", 4, (0.7,), [70.0, 50.0]),  # two of four steps were done
        ("step", 4, (0.7, 0.6), [70.0, 30.0, 25.0]),  # then 30 of the 50 left: three steps
        ("step", 1, (0.7,), [70.0, 100.0]),
        ("rerun", 1, (0.5, 0.5, 0.5), [50.0, 50.0, 50.0]),
    ],
)
def test_attempts_are_as_worked_out_by_hand(
    restart: str, steps: int, shares: tuple[float, ...], runs: list[float]
) -> None:
    """A job of 100 s that fails after these shares of what is left, at most three times."""
    habit = Habit("c", STILL, 0.5, restart, steps, 3)
    for told, draws in ((shares, np.ones((1, 12))), ((), table(*shares))):
        made, tries, succeeds = attempts(habit, np.array([100.0]), draws, told)
        assert made[0, : len(runs)] == pytest.approx(runs)
        assert tries[0] == len(runs)
        assert bool(succeeds[0]) == (len(shares) < 3)


def test_job_that_is_held_has_one_attempt() -> None:
    """Whoever decides is not there at night."""
    made, tries, succeeds = attempts(Habit("c", STILL, 1.0, "hold", 1, 1), np.array([100.0]), table(0.4))
    assert (made[0, 0], tries[0], succeeds[0]) == (40.0, 1, False)


def test_triangular_has_its_mean_and_bounds() -> None:
    """The mean of a triangular distribution is (low + mode + high) / 3; its ends are the quantiles 0 and 1."""
    u = np.random.default_rng(5).random(200_000)
    assert (0.9 + 1.0 + 1.4) / 3 in of_independent(triangular(u, 0.9, 1.0, 1.4))
    assert triangular(np.array([0.0, 1.0]), 0.9, 1.0, 1.4) == pytest.approx([0.9, 1.4])
    assert triangular(np.array([0.3]), 1.0, 1.0, 1.0) == pytest.approx([1.0])


def test_times_have_the_mean_of_their_spreads(deck: Estate) -> None:
    """A job's mean time is its most likely one times the means of its own spread and the day's."""
    net = night_of(deck, ORDINARY).net
    plays = drawn_plays(deck, net, Streams(3, 50_000))
    number = net.number["fuji-day-close"]
    whole = plays.runs[plays.tries[:, number] == 1, number, 0]
    assert 1200 * (0.9 + 1 + 1.4) / 3 * (0.9 + 1 + 1.3) / 3 in of_independent(whole)
    failed = (plays.tries[:, number] > 1).astype(float)
    assert deck.records.batch.fails in of_independent(failed, 0.999)


def test_without_spread_and_failure_every_night_is_the_same() -> None:
    """No spread, no failure: each replication is the plan itself."""
    still = {f"batch.{spread}.{end}": "1" for spread in ("spread", "day_spread") for end in ("low", "high")}
    estate = load_estate("fuji-fujinomiya", {**still, "batch.fails": "0"})
    net = night_of(estate, ORDINARY).net
    plays = drawn_plays(estate, net, Streams(1, 20))
    assert plays.runs[:, :, 0] == pytest.approx(np.tile([job.takes_s for job in net.jobs], (20, 1)))
    assert plays.succeeds.all()


def test_draws_of_a_job_do_not_hang_on_the_others(deck: Estate) -> None:
    """On another night, with other jobs and more replications, a job reads the same numbers."""
    first = night_of(deck, ORDINARY).net
    other = night_of(deck, dt.date(2026, 5, 7)).net
    assert len(other.jobs) > len(first.jobs)
    one, two = (drawn_plays(deck, net, Streams(4, count)) for net, count in ((first, 30), (other, 60)))
    a, b = first.number["fuji-emergency-copy"], other.number["fuji-emergency-copy"]
    assert (one.runs[:, a] == two.runs[:30, b]).all()


def test_job_s_own_figures_win(deck: Estate) -> None:
    """Payments go on from their step, the close runs again, a backup starts anew."""
    known = habits(deck, night_of(deck, ORDINARY).net)
    assert (known["fuji-payments"].restart, known["fuji-payments"].steps) == ("step", 4)
    assert known["fuji-day-close"].restart == "rerun"
    assert known["fuji-remote"].spread == STILL
