"""The agenda gives back events in order, whatever is put in and taken out between."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.agenda import NOBODY, following, put, take

SOURCE = np.dtype([("then", "f8"), ("after", "i8")])
END = 10.0
times = st.one_of(st.floats(0, 2 * END), st.sampled_from([0.0, 2.5, END, float("inf")]))


@settings(deadline=None)  # the first example compiles for the records of this test
@given(st.integers(1, 20), st.lists(times, min_size=1, max_size=30), st.data())
def test_events_come_in_order_of_time_then_of_number(pages: int, then: list[float], data: st.DataObject) -> None:
    """Some are taken out and put in anew later; what comes out is what a sorted list gives up to the end."""
    source = np.zeros(len(then), SOURCE)
    first, pace, page = np.full(pages + 1, NOBODY, np.int64), pages / END, 0
    for number, time in enumerate(then):
        put(source, first, pace, number, time)
    ahead = dict(enumerate(then))
    while True:
        page, number = following(source, first, page)
        expected = min(((time, one) for one, time in ahead.items() if time * pace < pages), default=None)
        assert number == (NOBODY if expected is None else expected[1])
        if expected is None:
            break
        take(source, first, pace, number)
        now = ahead.pop(number)
        moved = data.draw(st.sampled_from([*sorted(ahead), NOBODY]))
        if moved != NOBODY and len(ahead) % 2 == 0:
            take(source, first, pace, moved)
            ahead[moved] = now + data.draw(st.floats(0, END))
            put(source, first, pace, moved, ahead[moved])
