"""Random draws: one stream for every source (what is drawn, of which thing), spawned from the run's seed.

A stream depends on the seed and the source's name alone, and a replication reads its own row: adding a circuit, asking
for more replications or spreading them over workers changes no draw of another source or replication.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np

from inventory.models.behaviour import Reaction

_DEPTH = 16
Source = tuple[str, str]


class Streams:
    """All streams of one run: `rows` draws of each source for `replications` replications."""

    def __init__(self, seed: int, replications: int) -> None:
        """Keep the seed; the draws of a source are made when it is first asked for."""
        self.seed = seed
        self.replications = replications
        self._tables: dict[tuple[Source, int], np.ndarray] = {}

    def table(self, source: Source, width: int) -> np.ndarray:
        """Return uniform draws in [0, 1) of a source, shape (replications, width)."""
        found = self._tables.get((source, width))
        if found is None:
            generator = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(_key(source), width)))
            found = self._tables[source, width] = generator.random((self.replications, width))
        return found

    def beyond(self, source: Source, replication: int) -> np.random.Generator:
        """Return the generator of one source and replication for what its row does not cover."""
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(_key(source), _DEPTH, replication)))


class Draws:
    """The draws of one replication; each source hands out its numbers in order."""

    def __init__(self, streams: Streams, replication: int) -> None:
        """Start every source at its first number."""
        self._streams = streams
        self._replication = replication
        self._rows: dict[Source, list[float]] = {}
        self._beyond: dict[Source, np.random.Generator] = {}

    def uniform(self, source: Source) -> float:
        """Return the next number in [0, 1) of a source."""
        row = self._rows.get(source)
        if row is None:
            row = self._rows[source] = self._streams.table(source, _DEPTH)[self._replication].tolist()
            row.reverse()
        if row:
            return row.pop()
        generator = self._beyond.get(source)
        if generator is None:
            generator = self._beyond[source] = self._streams.beyond(source, self._replication)
        return float(generator.random())

    def perhaps(self, source: Source, reaction: Reaction) -> float:
        """Return the next reaction time (s) of a source by inversion; 0 on the occasions that do not meet it."""
        u = self.uniform(source)
        return triangular(u / reaction.chance, reaction) if u < reaction.chance else 0.0

    def flows(self, source: Source, count: int) -> np.ndarray:
        """Return one fixed number in [0, 1) for each of `count` flows."""
        row: np.ndarray = self._streams.table(source, count)[self._replication]
        return row


def triangular(u: float, reaction: Reaction) -> float:
    """Return the quantile `u` of a triangular distribution (s)."""
    low, mode, high = reaction.low_s, reaction.mode_s, reaction.high_s
    width = high - low
    if width <= 0:
        return low
    split = (mode - low) / width
    if u < split:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1 - u) * width * (high - mode))


def _key(source: Source) -> int:
    """Return a stable 64-bit number for a source's name."""
    return int.from_bytes(hashlib.blake2b(" ".join(source).encode(), digest_size=8).digest())
