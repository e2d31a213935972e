"""Arrivals and service times have the moments that they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.errors import MechanismInvalid
from simulation.queues.load import ServiceLaw, poisson_arrivals


@pytest.mark.parametrize("scv", [0.0, 0.25, 1.0, 4.0, 25.0])
def test_service_has_its_mean_and_variation(scv: float) -> None:
    """Mean within its 99.9 % interval, squared coefficient of variation within 5 % over a million."""
    times_s = ServiceLaw(2.0, scv).draw(np.random.default_rng(1), 1_000_000)
    assert times_s.mean() == pytest.approx(2.0, abs=3.29 * times_s.std() / 1000 + 1e-12)
    assert times_s.var() / times_s.mean() ** 2 == pytest.approx(scv, rel=0.05, abs=1e-12)


def test_arrivals_are_poisson() -> None:
    """Counts of seconds have equal mean and variance, and go on from a given instant."""
    arrivals_s = poisson_arrivals(np.random.default_rng(1), 3.0, 300_000, after_s=50.0)
    assert arrivals_s[0] > 50
    counts = np.bincount((arrivals_s - 50).astype(int))[:-1]
    assert counts.mean() == pytest.approx(3.0, abs=3.29 * np.sqrt(3 / len(counts)))
    assert counts.var() == pytest.approx(3.0, rel=0.02)


def test_no_rate_is_refused() -> None:
    """Arrivals need a rate."""
    with pytest.raises(MechanismInvalid, match="0 arrivals a second, expected more than 0, and finite"):
        poisson_arrivals(np.random.default_rng(1), 0, 5)
