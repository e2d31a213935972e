"""The interval of a chance that was counted: how many of so many independent trials."""

from __future__ import annotations

import math
from statistics import NormalDist

from simulation.errors import TooFewSamples
from simulation.intervals import CONFIDENCE


def of_share(count: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """Return a share with the bounds of its chance, by Wilson's score; raises TooFewSamples without a trial.

    Unlike the normal interval it has a width where nothing, or everything, was counted. Source: Wilson, Probable
    inference, the law of succession, and statistical inference, J. Am. Statistical Association 22, 1927.
    """
    if trials < 1:
        raise TooFewSamples("a chance needs at least one trial")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = count / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    low = 0.0 if count == 0 else middle - half
    return share, low, 1.0 if count == trials else middle + half
