"""Random numbers by counting: the nth number of a stream is a function of the stream's key and n alone.

Kernels and plain forms thus read the same numbers, whatever order they ask in and whoever else draws. A stream
belongs to one source (what is drawn, of which thing) in one replication. The function is SplitMix64 (Steele, Lea and
Flood, Fast splittable pseudorandom number generators, OOPSLA 2014), which passes BigCrush.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from simulation.compiled import bare

Keys = np.ndarray[Any, np.dtype[np.uint64]]
_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_ONE = np.uint64(1)
_UNIT = 2.0**-53


def source_key(seed: int, *names: str) -> np.uint64:
    """Return the key of a source: 64 bits of a digest of the run's seed and the source's names."""
    text = "\0".join((str(seed), *names))
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()))


@bare
def mix(bits: np.uint64) -> np.uint64:
    """Return 64 bits that hang on all bits given."""
    bits = (bits ^ (bits >> _30)) * _FIRST
    bits = (bits ^ (bits >> _27)) * _SECOND
    return bits ^ (bits >> _31)


@bare
def stream_key(source: np.uint64, replication: int) -> np.uint64:
    """Return the key of a source's stream in a replication."""
    return mix(mix(source) + np.uint64(replication) * _GAMMA)


@bare
def uniform(stream: np.uint64, number: int) -> float:
    """Return the number of this count (0, 1, ...) of a stream, in [0, 1)."""
    return float(mix(stream + (np.uint64(number) + _ONE) * _GAMMA) >> _11) * _UNIT


@bare
def exponential(stream: np.uint64, number: int, mean: float) -> float:
    """Return an exponential time with a mean, by inversion; an infinite mean gives an infinite time.

    1 minus a number of 53 bits is exact, so the quick logarithm loses nothing.
    """
    return -np.log(1.0 - uniform(stream, number)) * mean if mean < np.inf else np.inf
