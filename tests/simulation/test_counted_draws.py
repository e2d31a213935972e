"""Counted draws: the published generator, even spread, and streams of their own."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.counted_draws import exponential, mix, source_key, stream_key, uniform

MASK = 2**64 - 1


def test_mix_is_that_of_splitmix64() -> None:
    """The first outputs of SplitMix64 from state 0, as published with its reference code: e220a8397b1dcdaf and on."""
    gamma = 0x9E3779B97F4A7C15
    outputs = [int(np.uint64(mix(np.uint64(gamma * n & MASK)))) for n in (1, 2, 3)]
    assert [f"{value:016x}" for value in outputs] == ["e220a8397b1dcdaf", "6e789e6aa1b965f4", "06c45d188009454f"]
    assert uniform(np.uint64(0), 0) == (0xE220A8397B1DCDAF >> 11) / 2**53


def test_numbers_are_spread_evenly() -> None:
    """Of 200,000 numbers of one stream and of 2,000 streams each hundredth gets its share (chi-square, 99.9 %)."""
    one = [uniform(np.uint64(12345), n) for n in range(200_000)]
    many = [uniform(np.uint64(stream_key(source_key(1, "x", str(s)), r)), 0) for s in range(2000) for r in range(100)]
    for drawn in (one, many):
        counts = np.bincount((np.array(drawn) * 100).astype(int), minlength=100)
        assert ((counts - 2000) ** 2 / 2000).sum() < 148.2  # 99.9 % quantile for 99 degrees of freedom
        assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 3.29 / np.sqrt(len(drawn))


def test_exponential_has_its_mean_and_no_end_for_none() -> None:
    """Mean 2 h within its interval; an infinite mean never comes."""
    drawn = np.array([exponential(np.uint64(9), n, 2.0) for n in range(100_000)])
    assert drawn.mean() == pytest.approx(2.0, abs=3.29 * 2 / np.sqrt(100_000))
    assert exponential(np.uint64(9), 0, np.inf) == np.inf


def test_sources_and_replications_differ() -> None:
    """Names that join to the same letters, seeds and replications have streams of their own."""
    keys = [source_key(1, "ab", "c"), source_key(1, "a", "bc"), source_key(2, "ab", "c")]
    streams = {int(np.uint64(stream_key(key, life))) for key in keys for life in range(100)}
    assert len(streams) == 300
