"""Whether a promise for a year is kept: the chance, and how widely years and longer times differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np

from simulation.intervals import CONFIDENCE, Interval

Floats = np.ndarray[Any, np.dtype[np.float64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]
_PERCENTILES = (1.0, 5.0, 50.0, 95.0)
ROUNDING = 1e-12


def chance(kept: Sequence[bool] | np.ndarray, confidence: float = CONFIDENCE) -> Interval:
    """Return the chance of something from independent trials, by Wilson's interval (JASA 22, 1927) centred as it is.

    The mean of the interval is its middle, so that no trial that failed does not mean that none will.
    """
    trials, wins = len(kept), int(np.count_nonzero(kept))
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, shrink = wins / trials, 1 + z**2 / trials
    middle = (share + z**2 / (2 * trials)) / shrink
    width = z * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2)) / shrink
    return Interval(middle, width, confidence, trials)


def holds(away: Floats, target: float) -> Truths:
    """Return for each life whether it kept a target share."""
    found: Truths = 1 - away >= target - ROUNDING
    return found


def spread(away: Floats) -> dict[str, float]:
    """Return percentiles and standard deviation of availability over lives; the first percentile is of the worst."""
    there = 1 - away
    found = {f"p{percent:g}": float(np.percentile(there, percent)) for percent in _PERCENTILES}
    return {**found, "deviation": float(there.std(ddof=1))}
