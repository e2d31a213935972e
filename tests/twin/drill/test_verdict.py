"""Verdicts follow the three rules, and how an outage ends comes before how long it lasts."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence

import pytest

from twin.drill.verdict import Judgement, Measured, Predicted, judge, mean_interval, overall

SPACING_S = 0.01
PREDICTED = Predicted(median_s=0.75, low_s=0.66, high_s=0.88, mean_s=0.75)
RUNS_S = (0.70, 0.72, 0.75, 0.78, 0.85)


def _judge(runs_s: Sequence[float], predicted: Predicted = PREDICTED) -> Judgement:
    return judge(predicted, [Measured(run_s) for run_s in runs_s], SPACING_S)


def _failed(judgement: Judgement) -> set[str]:
    return {check.question for check in judgement.checks if check.holds is False}


def test_runs_as_predicted_agree() -> None:
    """Median inside, mean close, interval as wide as the runs: all three hold."""
    judgement = _judge(RUNS_S)
    assert judgement.verdict == "agrees"
    assert [check.holds for check in judgement.checks] == [True, True, True]


@pytest.mark.parametrize(("median_s", "inside"), [(0.641, True), (0.639, False), (0.899, True), (0.901, False)])
def test_interval_is_widened_by_two_spacings(median_s: float, inside: bool) -> None:
    """The median may lie two probe spacings outside the predicted interval, no more."""
    judgement = _judge([median_s] * 5)
    assert ("median" not in _failed(judgement)) == inside


@pytest.mark.parametrize(
    ("mean_s", "off_s", "close"), [(0.5, 0.099, True), (0.5, 0.101, False), (2.0, 0.299, True), (2.0, -0.301, False)]
)
def test_means_may_differ_by_a_share_or_by_100_ms(mean_s: float, off_s: float, close: bool) -> None:
    """15 % or 100 ms, whichever is larger."""
    wide = Predicted(mean_s, mean_s - 1, mean_s + 1, mean_s)
    assert ("mean" not in _failed(_judge([mean_s + off_s] * 2, wide))) == close


def test_wide_prediction_proves_nothing() -> None:
    """An interval more than twice as wide as the runs' range disagrees, however well the runs lie inside."""
    wide = Predicted(0.75, 0.35, 1.15, 0.75)
    assert _failed(_judge([0.73, 0.74, 0.75, 0.76, 0.77], wide)) == {"width"}


@pytest.mark.parametrize(("low_s", "high_s", "holds"), [(0.0, 0.04, True), (0.84, 0.88, True), (0.0, 0.05, False)])
@pytest.mark.parametrize("range_s", [0.0, 0.01, 0.02])
def test_range_below_two_spacings_counts_as_two(low_s: float, high_s: float, holds: bool, range_s: float) -> None:
    """Runs that do not differ allow an interval of four spacings, no more: probes show no finer spread than two."""
    predicted = Predicted(low_s, low_s, high_s, low_s)
    judgement = _judge([low_s] * 4 + [low_s + range_s], predicted)
    assert ("width" not in _failed(judgement)) == holds


def test_few_runs_leave_the_width_open() -> None:
    """With fewer than five runs there is no spread to compare with; the other two rules decide."""
    judgement = _judge([0.75, 0.76])
    assert [check.holds for check in judgement.checks] == [True, True, None]
    assert judgement.verdict == "agrees"


def test_nothing_lost_as_predicted_agrees() -> None:
    """Zero predicted and zero measured agree, with error zero."""
    judgement = _judge([0.0] * 10, Predicted(0.0, 0.0, 0.0, 0.0))
    assert judgement.verdict == "agrees"
    assert judgement.error_s == (0.0, 0.0, 0.0)


def test_outage_that_only_the_repair_ends_is_not_judged() -> None:
    """Where model and every run say that the repair ended it, its length is not held against anything."""
    predicted = Predicted(10.7, 10.6, 10.9, 10.7, ended_by_repair=True)
    judgement = judge(predicted, [Measured(12.0, ended_by_repair=True)] * 3, SPACING_S)
    assert judgement.verdict == "not judged"
    assert judgement.error_s == (None, None, None)


@pytest.mark.parametrize(("predicted", "found"), [(True, False), (False, True)])
def test_another_end_than_predicted_disagrees(predicted: bool, found: bool) -> None:
    """A lab that waits for the repair where the model does not, or the other way round, disagrees."""
    record = Predicted(0.75, 0.66, 0.88, 0.75, ended_by_repair=predicted)
    runs = [Measured(0.75), Measured(0.75, ended_by_repair=found), Measured(0.75)]
    assert judge(record, runs, SPACING_S).verdict == "disagrees"


def test_endless_outages_agree_only_with_endless_predictions() -> None:
    """To the horizon in every run agrees with that prediction and with no other."""
    endless = Predicted(math.inf, math.inf, math.inf, math.inf)
    assert _judge([math.inf] * 3, endless).verdict == "agrees"
    assert _judge([math.inf, 0.7, 0.7], endless).verdict == "disagrees"
    assert _judge([math.inf, 0.7, 0.7]).verdict == "disagrees"
    assert _judge([0.7, 0.7], endless).verdict == "disagrees"


def test_one_city_that_disagrees_decides() -> None:
    """A scenario agrees only where every city does; one that is not judged leaves it open."""
    agrees, disagrees, open_ = (Judgement(word, (), (None,) * 3) for word in ("agrees", "disagrees", "not judged"))
    assert overall([agrees, agrees]) == "agrees"
    assert overall([agrees, open_]) == "not judged"
    assert overall([agrees, open_, disagrees]) == "disagrees"
    assert overall([]) == "not judged"


def test_interval_of_the_mean_is_students() -> None:
    """Ten values of known spread have the interval of the tables: mean ± 2.262 s/√10; one value has none."""
    values = [float(n) for n in range(10)]
    mean, low, high = mean_interval(values)
    half = 2.262 * statistics.stdev(values) / math.sqrt(10)
    assert (mean, low, high) == pytest.approx((4.5, 4.5 - half, 4.5 + half))
    assert mean_interval([1.0]) == (1.0, None, None)


@pytest.mark.parametrize("count", [3, 10, 60])
def test_interval_of_the_mean_covers_as_often_as_it_says(count: int) -> None:
    """Over many samples the 95 % interval holds the true mean in 95 % of them."""
    draw = random.Random(count)
    hits = 0
    for _ in range(4000):
        _, low, high = mean_interval([draw.gauss(0.7, 0.1) for _ in range(count)])
        assert low is not None and high is not None
        hits += low <= 0.7 <= high
    assert 0.94 < hits / 4000 < 0.96
