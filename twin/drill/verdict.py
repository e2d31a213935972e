"""Measured against predicted: does the run agree with what was sealed before it? Pure arithmetic.

For each city the measured median lies inside the predicted 95 % interval widened by two probe spacings; the means
differ by at most 15 % or 100 ms, whichever is larger; the predicted interval is at most twice as wide as the measured
spread (the range of the runs, at least two probe spacings), since a wide interval proves nothing. An outage that only a
repair ends is not judged: its length is the drill's own doing.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections.abc import Sequence
from typing import Literal

Verdict = Literal["agrees", "disagrees", "not judged"]

WIDENED_BY_SPACINGS = 2
LARGEST_ERROR = 0.15
LARGEST_ERROR_S = 0.1
LARGEST_WIDTH = 2.0
# Each run's outage is known to one spacing either way, so a smaller range of runs cannot be told from two spacings.
LEAST_SPREAD_SPACINGS = 2
RUNS_FOR_SPREAD = 5

# Student's t, two-sided 95 %, by degrees of freedom (any table of statistics); 1.96 is the limit.
_T = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Predicted:
    """A predicted outage (s); infinite where it lasts to the horizon."""

    median_s: float
    low_s: float
    high_s: float
    mean_s: float
    ended_by_repair: bool = False


@dataclasses.dataclass(frozen=True)
class Measured:
    """One run's outage (s); infinite where it lasted to the horizon."""

    outage_s: float
    ended_by_repair: bool = False


@dataclasses.dataclass(frozen=True)
class Check:
    """One of the three questions; `holds` is None where it is not judged, `why` says what was compared."""

    question: str
    holds: bool | None
    why: str


@dataclasses.dataclass(frozen=True)
class Judgement:
    """The verdict on one city, its checks, and the error (measured − predicted mean) with its 95 % interval."""

    verdict: Verdict
    checks: tuple[Check, ...]
    error_s: tuple[float | None, float | None, float | None]


def mean_interval(values: Sequence[float]) -> tuple[float, float | None, float | None]:
    """Return the mean with its 95 % confidence interval by Student's t; one value alone has no interval."""
    mean = statistics.fmean(values)
    if len(values) < 2:
        return mean, None, None
    t = _T[len(values) - 2] if len(values) - 2 < len(_T) else 1.96 + 2.5 / (len(values) - 1)
    half = t * statistics.stdev(values) / math.sqrt(len(values))
    return mean, mean - half, mean + half


def judge(predicted: Predicted, runs: Sequence[Measured], spacing_s: float) -> Judgement:
    """Hold the outages of several runs against the prediction.

    How they end comes first: where model and lab disagree on that, lengths mean nothing.
    """
    by_repair, lasting = sum(run.ended_by_repair for run in runs), sum(math.isinf(run.outage_s) for run in runs)
    if predicted.ended_by_repair and by_repair == len(runs):
        return _by_end("not judged", None, "only the drill's own repair ends this outage")
    if predicted.ended_by_repair or by_repair:
        word = "is" if predicted.ended_by_repair else "is not"
        why = f"{by_repair} of {len(runs)} runs ended by the repair, which {word} predicted"
        return _by_end("disagrees", False, why)
    if math.isinf(predicted.median_s) or lasting:
        both = math.isinf(predicted.median_s) and lasting == len(runs)
        why = f"{lasting} of {len(runs)} runs last to the horizon, predicted {_text(predicted.median_s)}"
        return _by_end("agrees" if both else "disagrees", both, why)
    runs_s = [run.outage_s for run in runs]
    checks = (
        _median(predicted, statistics.median(runs_s), spacing_s),
        _mean(predicted, statistics.fmean(runs_s)),
        _width(predicted, runs_s, spacing_s),
    )
    error_s = mean_interval([run_s - predicted.mean_s for run_s in runs_s])
    failed = any(check.holds is False for check in checks)
    return Judgement("disagrees" if failed else "agrees", checks, error_s)


def _by_end(verdict: Verdict, holds: bool | None, why: str) -> Judgement:
    return Judgement(verdict, (Check("end", holds, why),), (None, None, None))


def overall(judgements: Sequence[Judgement]) -> Verdict:
    """Return the verdict on a scenario: one city that disagrees decides; one that is not judged leaves it open."""
    verdicts = {judgement.verdict for judgement in judgements}
    for verdict in ("disagrees", "not judged"):
        if verdict in verdicts:
            return verdict
    return "agrees" if verdicts else "not judged"


def _median(predicted: Predicted, median_s: float, spacing_s: float) -> Check:
    margin_s = WIDENED_BY_SPACINGS * spacing_s
    low_s, high_s = max(0.0, predicted.low_s - margin_s), predicted.high_s + margin_s
    why = f"measured median {_text(median_s)}, predicted {_text(low_s)} to {_text(high_s)} (widened)"
    return Check("median", low_s <= median_s <= high_s, why)


def _mean(predicted: Predicted, mean_s: float) -> Check:
    allowed_s = max(LARGEST_ERROR * predicted.mean_s, LARGEST_ERROR_S)
    off_s = mean_s - predicted.mean_s
    return Check("mean", abs(off_s) <= allowed_s, f"off by {_text(off_s)}, {_text(allowed_s)} allowed")


def _width(predicted: Predicted, runs_s: Sequence[float], spacing_s: float) -> Check:
    if len(runs_s) < RUNS_FOR_SPREAD:
        return Check("width", None, f"{len(runs_s)} runs show no spread; {RUNS_FOR_SPREAD} or more do")
    spread_s = max(max(runs_s) - min(runs_s), LEAST_SPREAD_SPACINGS * spacing_s)
    width_s = predicted.high_s - predicted.low_s
    why = f"predicted interval {_text(width_s)} wide, runs spread over {_text(spread_s)}"
    # Both come in whole spacings: the noise of floating point must not decide where they meet.
    return Check("width", round(width_s - LARGEST_WIDTH * spread_s, 6) <= 0, why)


def _text(value_s: float) -> str:
    return "to the horizon" if math.isinf(value_s) else f"{value_s:.3f} s"
