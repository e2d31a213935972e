"""A binary heap on arrays, for kernels: the least key first, and a number that goes with each key."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.compiled import bare

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


@bare
def push(keys: Floats, numbers: Ints, count: int, key: float, number: int) -> int:
    """Put a key with its number into a heap of `count`; return the new count. Equal keys come out by number."""
    place = count
    while place > 0:
        parent = (place - 1) // 2
        if keys[parent] < key or (keys[parent] == key and numbers[parent] < number):
            break
        keys[place], numbers[place] = keys[parent], numbers[parent]
        place = parent
    keys[place], numbers[place] = key, number
    return count + 1


@bare
def pop(keys: Floats, numbers: Ints, count: int) -> int:
    """Take the first key out of a heap of `count` (read it at place 0 before); return the new count."""
    count -= 1
    key, number = keys[count], numbers[count]
    place = 0
    while 2 * place + 1 < count:
        child = 2 * place + 1
        right = child + 1
        if right < count and (
            keys[right] < keys[child] or (keys[right] == keys[child] and numbers[right] < numbers[child])
        ):
            child = right
        if key < keys[child] or (key == keys[child] and number < numbers[child]):
            break
        keys[place], numbers[place] = keys[child], numbers[child]
        place = child
    keys[place], numbers[place] = key, number
    return count
