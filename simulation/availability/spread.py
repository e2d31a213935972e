"""How far the unavailability of a finite time lies from its mean: a promise for ten years is kept by chance or not.

`markov_variance` is exact for chains that look alike forwards and backwards (independent components, birth and death)
in their stationary state; `renewal_variance` holds for any up and repair times over a long time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.errors import MechanismInvalid

Floats = np.ndarray[Any, np.dtype[np.float64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]


def markov_variance(rates: Floats, away: Truths, time_h: float) -> float:
    """Return the variance of the share of `time_h` that a stationary reversible Markov chain spends `away`.

    `rates` (1/h) has rows that sum to 0. The covariance of being away at two instants is a sum of exponentials over the
    eigenvalues of the symmetrised rates (Kelly, Reversibility and Stochastic Networks, 1979, section 1.6), which
    integrates in closed form. For two states this is 2 λ μ / (s³ T) × (1 - (1 - exp(-s T)) / (s T)) with s = λ + μ.
    """
    if time_h <= 0:
        raise MechanismInvalid([f"a time of {time_h} h, expected more than 0"])
    shares = stationary(rates)
    root = np.sqrt(shares)
    symmetric = root[:, None] * rates / root[None, :]
    if not np.allclose(symmetric, symmetric.T, rtol=1e-6, atol=1e-12 * np.abs(rates).max()):
        raise MechanismInvalid(["the chain is not reversible, expected one that looks alike forwards and backwards"])
    decays, vectors = np.linalg.eigh(-(symmetric + symmetric.T) / 2)
    weights = (vectors.T @ (root * away)) ** 2
    moving = decays > 1e-12 * decays.max()
    decay, weight = decays[moving], weights[moving]
    return float(np.sum(weight * (time_h / decay + np.expm1(-decay * time_h) / decay**2)) * 2 / time_h**2)


def stationary(rates: Floats) -> Floats:
    """Return the share of time in each state of a chain whose states all reach each other."""
    count = len(rates)
    balance = np.vstack([rates.T, np.ones(count)])
    shares: Floats = np.linalg.lstsq(balance, np.append(np.zeros(count), 1.0), rcond=None)[0]
    return shares


def side_by_side(one: Floats, other: Floats) -> Floats:
    """Return the rates of two independent chains taken together; state (i, j) has number i × (states of other) + j."""
    return np.kron(one, np.eye(len(other))) + np.kron(np.eye(len(one)), other)


def renewal_variance(mtbf_h: float, mttr_h: float, up_scv: float, repair_scv: float, time_h: float) -> float:
    """Return about the variance of the share of a long time that one component is away, for any up and repair times.

    Source: Takács, On certain sojourn time problems in the theory of stochastic processes, Acta Mathematica Hungarica
    8, 1957: mtbf² mttr² (scv of both added) / (mtbf + mttr)³ / time.
    """
    if min(mtbf_h, mttr_h, time_h) <= 0 or min(up_scv, repair_scv) < 0:
        raise MechanismInvalid(["a mean or a time of 0 h or less, or a variation below 0, expected more"])
    return (mtbf_h * mttr_h) ** 2 * (up_scv + repair_scv) / (mtbf_h + mttr_h) ** 3 / time_h
