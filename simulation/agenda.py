"""An agenda of what comes next, on arrays, for kernels: each source has at most one event ahead of it.

Time is cut into pages of equal length; each keeps a short list of the sources that act on it, so putting in, taking out
and finding the next cost the same however many sources there are. What lies beyond the last page is forgotten: it does
not happen. Source: Brown, Calendar queues, Communications of the ACM 31, 1988.

`source` holds records with `then`, when it acts, and `after`, the next source of the same page; `first` the first one
of each page, and at its end a place for what is forgotten; `pace` is pages per time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.compiled import bare

Ints = np.ndarray[Any, np.dtype[np.int64]]
Records = np.ndarray[Any, np.dtype[np.void]]
NOBODY = -1


@bare
def put(source: Records, first: Ints, pace: float, number: int, time: float) -> None:
    """Set when a source acts that has nothing ahead of it; an infinite time is never."""
    source[number].then = time
    page = int(min(time * pace, len(first) - 1.0))
    source[number].after = first[page]
    first[page] = number


@bare
def take(source: Records, first: Ints, pace: float, number: int) -> None:
    """Take out what a source has ahead of it."""
    page = int(min(source[number].then * pace, len(first) - 1.0))
    if page == len(first) - 1:
        return
    one = first[page]
    if one == number:
        first[page] = source[number].after
        return
    while source[one].after != number:
        one = source[one].after
    source[one].after = source[number].after


@bare
def following(source: Records, first: Ints, page: int) -> tuple[int, int]:
    """Return the page of the next event, from this page on, and its source: of equals the lowest; NOBODY for none."""
    while page < len(first) - 1:
        number = first[page]
        if number != NOBODY:
            other = source[number].after
            while other != NOBODY:
                if source[other].then < source[number].then or (
                    source[other].then == source[number].then and other < number
                ):
                    number = other
                other = source[other].after
            return page, number
        page += 1
    return page, NOBODY
