"""The counter hours between two moments around an event, by the calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from simulation.availability.counter_hours import CounterHours
from topology.business_days import BusinessDays

Floats = np.ndarray[Any, np.dtype[np.float64]]


class OpenClock:
    """Moments are hours after an event, negative before it; `back_d` and `on_d` days around it are known."""

    def __init__(self, counters: CounterHours, days: BusinessDays, event: dt.datetime, back_d: int, on_d: int) -> None:
        """Note when counters open and close on each day."""
        midnight_h = -(event.hour + event.minute / 60)
        edges, counted = [midnight_h - 24.0 * back_d], [0.0]
        for number in range(-back_d, on_d + 1):
            if days.is_open(event.date() + dt.timedelta(days=number)):
                begin = midnight_h + 24.0 * number
                edges += [begin + counters.opens_h, begin + counters.closes_h]
                counted += [counted[-1], counted[-1] + counters.closes_h - counters.opens_h]
        edges.append(midnight_h + 24.0 * (on_d + 1))
        counted.append(counted[-1])
        self._edges, self._counted = np.array(edges), np.array(counted)

    def between(self, begin_h: Floats | float, end_h: Floats | float) -> Floats:
        """Return the counter hours from one moment to another, 0 where the second is not later."""
        until = np.interp(np.maximum(begin_h, end_h), self._edges, self._counted)
        found: Floats = until - np.interp(begin_h, self._edges, self._counted)
        return found
