"""How often and for how long an outage of the grid outlasts batteries, generator and power vehicle.

The battery bridges its autonomy. A generator starts or does not, runs for an exponential time and as long as its fuel
lasts; a vehicle that is called when it is missed comes after an exponential time, or not at all. Moments by
quadrature over the outage's length; no time is drawn.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
_LENGTHS = 4000
_REACH = 9.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


@dataclasses.dataclass(frozen=True)
class Supply:
    """What feeds supplies: outages of the grid (h, mean and variation), battery, generator, vehicle.

    Without a generator `start_fails` is 1; `run_mtbf_h` is how long one runs before it fails, `fuel_h` how long its
    fuel lasts. A vehicle comes with the chance `vehicle_comes`, after `vehicle_h` on average.
    """

    outages_per_h: float
    outage_h: float
    outage_scv: float
    battery_h: float
    start_fails: float = 1.0
    starts_within_h: float = 0.0
    run_mtbf_h: float = math.inf
    fuel_h: float = math.inf
    vehicle_comes: float = 0.0
    vehicle_h: float = 0.0


@dataclasses.dataclass(frozen=True)
class Blackout:
    """Losses of power behind supplies: the chance that an outage of the grid becomes one, mean length, variation."""

    chance: float
    mean_h: float
    scv: float


@functools.lru_cache(maxsize=256)
def blackout(supply: Supply) -> Blackout:
    """Return what outages of the grid leave behind the supplies; lengths in hours."""
    lengths, share = outage_lengths(supply.outage_h, supply.outage_scv)
    parts = [(supply.start_fails, _lost(supply, lengths))]
    runs = 1 - supply.start_fails
    if runs > 0:
        parts += [(runs * weight, lost) for weight, lost in _after_running(supply, lengths)]
        late = np.maximum(np.minimum(supply.starts_within_h, lengths) - supply.battery_h, 0.0)
        parts.append((runs, np.stack([(late > 0).astype(float), late, late**2])))
    chance, first, second = (
        float(sum(np.sum(share * weight * lost[row]) for weight, lost in parts)) for row in range(3)
    )
    if chance <= 0:
        return Blackout(0.0, 0.0, 0.0)
    mean = first / chance
    return Blackout(min(chance, 1.0), mean, max(second / chance / mean**2 - 1, 0.0))


@functools.lru_cache(maxsize=64)
def outage_lengths(mean_h: float, scv: float) -> tuple[Floats, Floats]:
    """Return lengths of an outage and the share of each: log-normal, exponential at 1, constant at 0.

    The grid is even in the standard normal that a length belongs to, so that long tails keep their moments.
    """
    if scv == 0:
        return np.full(1, mean_h), np.ones(1)
    normal = np.linspace(-_REACH, _REACH, _LENGTHS)
    share = np.exp(-(normal**2) / 2)
    share /= share.sum()
    if scv == 1:
        lengths = np.array([-math.log(math.erfc(value / math.sqrt(2)) / 2) for value in normal])
    else:
        lengths = np.exp(math.sqrt(math.log1p(scv)) * normal)
    return lengths * mean_h / float(lengths @ share), share


def _lost(supply: Supply, needed_h: Floats) -> Floats:
    """Return for outages that nothing but battery and vehicle bridges: chance, first and second moment of the loss."""
    rest = np.maximum(needed_h - supply.battery_h, 0.0)
    alone = np.stack([(rest > 0).astype(float), rest, rest**2])
    if supply.vehicle_comes == 0 or supply.vehicle_h == 0:
        return alone * (0.0 if supply.vehicle_comes and supply.vehicle_h == 0 else 1.0)
    later = math.exp(-supply.battery_h / supply.vehicle_h)
    far = rest / supply.vehicle_h
    gone = np.exp(-far)
    helped = np.stack([
        (rest > 0).astype(float),
        supply.vehicle_h * (1 - gone),
        2 * supply.vehicle_h**2 * (1 - gone * (1 + far)),
    ]) * later  # fmt: skip
    return (1 - supply.vehicle_comes) * alone + supply.vehicle_comes * helped


def _after_running(supply: Supply, lengths: Floats) -> list[tuple[Any, Floats]]:
    """Return for generators that started: weights, and what is lost after they failed or ran out of fuel."""
    runs_h = np.minimum(lengths, supply.fuel_h)
    parts: list[tuple[Any, Floats]] = []
    if math.isfinite(supply.run_mtbf_h):
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            at = runs_h * (node + 1) / 2
            density = np.exp(-at / supply.run_mtbf_h) / supply.run_mtbf_h
            parts.append((density * runs_h / 2 * weight, _lost(supply, lengths - at)))
    dry = (lengths > supply.fuel_h) * np.exp(-runs_h / supply.run_mtbf_h)
    parts.append((dry, _lost(supply, lengths - runs_h)))
    return parts
