"""Wilson's interval of a counted chance: by hand, at both ends, and how often it holds the chance."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.errors import TooFewSamples
from simulation.shares import of_share


def test_bounds_are_as_worked_out() -> None:
    """10 of 100: 0.0552 to 0.1744 (Newcombe, Statistics in Medicine 17, 1998, gives such tables)."""
    assert of_share(10, 100) == pytest.approx((0.1, 0.05523, 0.17437), abs=5e-5)


def test_ends_have_a_width() -> None:
    """Nothing of 100 is no certainty: up to z²/(n + z²); all of 100 mirrors it."""
    share, low, high = of_share(0, 100)
    assert (share, low) == (0.0, 0.0)
    assert high == pytest.approx(3.8416 / 103.8416, abs=1e-4)
    assert of_share(100, 100) == pytest.approx((1.0, 1 - high, 1.0))


def test_interval_holds_the_chance_as_often_as_it_says() -> None:
    """Of 4,000 intervals from 200 trials at 0.03 about 95 % hold it."""
    counts = np.random.default_rng(1).binomial(200, 0.03, 4000)
    held = np.mean([low <= 0.03 <= high for _, low, high in (of_share(int(count), 200) for count in counts)])
    assert 0.92 < held < 0.98


def test_no_trial_gives_no_chance() -> None:
    """Nothing can be said of nothing."""
    with pytest.raises(TooFewSamples, match="at least one trial"):
        of_share(0, 0)
