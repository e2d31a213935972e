"""Random draws: one stream for every source (what is drawn, of which thing), spawned from the run's seed.

A stream depends on the seed and the source's name alone, and a replication reads its own row: adding a circuit, asking
for more replications or spreading them over workers changes no draw of another source or replication.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from inventory.models.behaviour import Reaction

_DEPTH = 16
Source = tuple[str, str]
Table = np.ndarray[Any, np.dtype[np.float64]]


class Streams:
    """All streams of one run: a table of draws of each source, one row for each of `replications` replications."""

    def __init__(self, seed: int, replications: int) -> None:
        """Keep the seed; the draws of a source are made when it is first asked for."""
        self.seed = seed
        self.replications = replications
        self._tables: dict[tuple[Source, int], Table] = {}
        self._delays: dict[tuple[Source, tuple[Reaction, ...]], Table] = {}

    def table(self, source: Source, width: int) -> Table:
        """Return uniform draws in [0, 1) of a source, shape (replications, width)."""
        found = self._tables.get((source, width))
        if found is None:
            generator = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(_key(source), width)))
            found = self._tables[source, width] = generator.random((self.replications, width))
        return found

    def delays(self, source: Source, reactions: tuple[Reaction, ...]) -> Table:
        """Return draws (s) of the sum of reactions, each with a stream of its own, shape (replications, depth)."""
        found = self._delays.get((source, reactions))
        if found is None:
            parts = (delay(self.table((f"{source[0]} {n}", source[1]), _DEPTH), r) for n, r in enumerate(reactions))
            found = self._delays[source, reactions] = np.sum(list(parts), axis=0)
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
            row = self._rows[source] = self._row(self._streams.table(source, _DEPTH))
        return row.pop() if row else float(self._more(source).random())

    def delay(self, source: Source, reactions: tuple[Reaction, ...]) -> float:
        """Return the next sum of reactions (s) of a source."""
        row = self._rows.get(source)
        if row is None:
            row = self._rows[source] = self._row(self._streams.delays(source, reactions))
        if row:
            return row.pop()
        return sum(float(delay(self._more(source).random(1), reaction)[0]) for reaction in reactions)

    def flows(self, source: Source, count: int) -> Table:
        """Return one fixed number in [0, 1) for each of `count` flows."""
        row: Table = self._streams.table(source, count)[self._replication]
        return row

    def _row(self, table: Table) -> list[float]:
        """Return the replication's row, the first number last."""
        row: list[float] = table[self._replication].tolist()
        row.reverse()
        return row

    def _more(self, source: Source) -> np.random.Generator:
        found = self._beyond.get(source)
        if found is None:
            found = self._beyond[source] = self._streams.beyond(source, self._replication)
        return found


def delay(u: Table, reaction: Reaction) -> Table:
    """Return the quantiles `u` of a reaction (s): 0 on the occasions that do not meet it, else triangular."""
    if reaction.high_s <= reaction.low_s or reaction.chance <= 0:
        return np.where(u < reaction.chance, reaction.low_s, 0.0)
    v = np.clip(u / reaction.chance, 0.0, 1.0)
    return np.where(u < reaction.chance, triangular(v, reaction.low_s, reaction.mode_s, reaction.high_s), 0.0)


def triangular(v: Table, low: float, mode: float, high: float) -> Table:
    """Return the quantiles `v` of a triangular distribution; all are `low` where it has no width."""
    width = high - low
    if width <= 0:
        return np.full_like(v, low)
    rising = low + np.sqrt(v * width * (mode - low))
    falling = high - np.sqrt((1 - v) * width * (high - mode))
    return np.where(v * width < mode - low, rising, falling)


def _key(source: Source) -> int:
    """Return a stable 64-bit number for a source's name."""
    return int.from_bytes(hashlib.blake2b(" ".join(source).encode(), digest_size=8).digest())
