"""The heap of kernels against the library's."""

from __future__ import annotations

import heapq

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.heap import pop, push


@given(st.lists(st.one_of(st.none(), st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, 7.0])), max_size=60))
def test_heap_is_that_of_the_library(steps: list[float | None]) -> None:
    """Any mixture of pushes and pops gives the same keys and numbers in the same order."""
    keys, numbers, count = np.zeros(60), np.zeros(60, np.int64), 0
    other: list[tuple[float, int]] = []
    for number, key in enumerate(steps):
        if key is not None:
            count = push(keys, numbers, count, key, number)
            heapq.heappush(other, (key, number))
        elif other:
            assert (keys[0], numbers[0]) == heapq.heappop(other)
            count = pop(keys, numbers, count)
    assert count == len(other)
