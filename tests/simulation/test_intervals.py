"""Intervals hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.errors import TooFewSamples
from simulation.intervals import of_batches, of_independent, student_t


@pytest.mark.parametrize(
    ("freedom", "confidence", "table", "within"),
    [(1, 0.95, 12.706, 1e-4), (2, 0.95, 4.303, 1e-4), (3, 0.95, 3.182, 5e-3), (9, 0.95, 2.262, 3e-4),
     (9, 0.999, 4.781, 2e-3), (49, 0.999, 3.500, 3e-4), (99, 0.95, 1.984, 3e-4)],
)  # fmt: skip
def test_student_t_is_that_of_the_tables(freedom: int, confidence: float, table: float, within: float) -> None:
    """Quantiles as printed in tables of Student's distribution."""
    assert student_t(freedom, confidence) == pytest.approx(table, rel=within)


def test_interval_of_independent_values_covers_as_often_as_it_says() -> None:
    """Of 2,000 intervals at 95 % about 95 % cover the true mean: 1,900 within 3.29 standard deviations."""
    generator = np.random.default_rng(1)
    covered = sum(0.0 in of_independent(generator.normal(size=10)) for _ in range(2000))
    assert abs(covered - 1900) < 3.29 * np.sqrt(2000 * 0.95 * 0.05)


def test_batches_cover_a_mean_of_values_that_hang_together() -> None:
    """For a series with correlation 0.9 single values promise too much; batches of 200 keep their word."""
    generator = np.random.default_rng(1)
    single = batched = 0
    for _ in range(400):
        noise = generator.normal(size=4000)
        series = np.empty(4000)
        series[0] = noise[0] / np.sqrt(1 - 0.81)
        for n in range(1, 4000):
            series[n] = 0.9 * series[n - 1] + noise[n]
        single += 0.0 in of_independent(series)
        batched += 0.0 in of_batches(series, batches=20)
    assert single < 300
    assert batched > 360


def test_too_few_values_give_no_interval() -> None:
    """One value, or batches of fewer than ten, are refused with the number that is needed."""
    with pytest.raises(TooFewSamples, match="1 values give no interval: at least 2 are needed"):
        of_independent([1.0])
    with pytest.raises(TooFewSamples, match="499 values for 50 batches: at least 500 are needed"):
        of_batches(np.zeros(499))
