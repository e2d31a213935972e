"""The latest minute to decide: found by bisection over the minutes from now until the counters open.

A decision may wait as long as the chance that counters open late, decided then, stays within what the estate takes
(`batch.risk`); a job may be held, a backup delayed, as long as that holds. Later decisions are taken not to help more
than earlier ones.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Literal

import numpy as np

from simulation.batch.layout import described
from simulation.batch.played import Played
from simulation.batch.tables import Plays
from simulation.tonight.options import Option
from simulation.tonight.standing import Standing

Verdict = Literal["by", "not-needed", "no-use", "any-time"]


@dataclasses.dataclass(frozen=True)
class Latest:
    """Until when: `by` a minute (s after noon), or why there is none. `plays` is how many nights sets were played."""

    verdict: Verdict
    at_s: float | None
    plays: int


def latest_minute(
    standing: Standing, option: Option, before: Plays, base: Played, at_now: Played | None = None
) -> Latest:
    """Return the last minute at which an option keeps the chance of opening late within the risk.

    `before` are the plays without it, `base` how they go, `at_now` how they go with it now, where that was played.
    """
    batch = described(standing.estate)
    tried = 0

    def holds_at(minute: int) -> bool:
        nonlocal tried
        tried += 1
        played = at_now if minute * 60.0 == standing.now_s else None
        if played is None:
            played = standing.play(option.plays(standing, before, minute * 60.0))
        return within_risk(played, option, batch.risk)

    first, last = math.ceil(standing.now_s / 60), int(batch.opens_in_night_s // 60)
    if last <= first:
        return Latest("no-use", None, 0)
    if not option.holds and within_risk(base, option, batch.risk):
        return Latest("not-needed", None, 0)
    if not holds_at(first):
        return Latest("no-use", None, tried)
    if holds_at(last):
        return Latest("any-time", last * 60.0, tried)
    return Latest("by", last_true(holds_at, first, last) * 60.0, tried)


def last_true(holds: Callable[[int], bool], first: int, last: int) -> int:
    """Whether counters open in time but for the risk: those of its city; of a backup all, and the backup too."""
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if holds(middle) else (first, middle)
    return first


def within_risk(played: Played, option: Option, risk: float) -> bool:
    """Whether counters open in time but for the risk: the city's; of a backup all cities' and its own."""
    opens_s = described(played.estate).opens_in_night_s
    cities = [option.city] if option.kind not in {"delay", "stop"} else list(played.estate.records.cities)
    late = any(float(np.mean(played.net_end_s(city) > opens_s)) > risk for city in cities)
    if option.kind == "delay":
        late |= float(played.late[:, played.layout.net.number[option.job]].mean()) > risk
    return not late
