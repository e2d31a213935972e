"""How old the copy is that an emergency counter answers with: the last night whose copy was made."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from inventory.models.batch import Job
from simulation.draws import Streams

Floats = np.ndarray[Any, np.dtype[np.float64]]
HOUR_S = 3600.0
MOST_NIGHTS = 3650


def copy_ages(job: Job, fails: float, event: dt.datetime, streams: Streams) -> Floats:
    """Return how old the data of the last copy are at an event (h), in each play.

    A copy holds the data of its release and can be used once it has been made. Each night's copy is missing with the
    chance `fails`, independently; a counter that no copy ever reached has data ten years old.
    """
    day = dt.datetime.combine(event.date(), dt.time())
    released = day + dt.timedelta(seconds=job.release_s)
    while released + dt.timedelta(seconds=job.takes_s) > event:
        released -= dt.timedelta(days=1)
    newest_h = (event - released).total_seconds() / HOUR_S
    uniform = streams.table(("continuity copy", job.city), 1)[:, 0]
    return newest_h + 24.0 * nights_missed(uniform, fails)


def nights_missed(uniform: Floats, fails: float) -> Floats:
    """Return how many nights in a row had no copy before the last one that had: geometric."""
    if fails <= 0:
        return np.zeros(len(uniform))
    if fails >= 1:
        return np.full(len(uniform), float(MOST_NIGHTS))
    missed: Floats = np.floor(np.log1p(-uniform) / math.log(fails))
    return np.minimum(missed, float(MOST_NIGHTS))
