"""Hours of service of a repair crew: outside them neither the response nor the repair goes on."""

from __future__ import annotations

import dataclasses

import numpy as np

from simulation.compiled import bare
from simulation.errors import MechanismInvalid

WEEK_H = 168.0
DAY_H = 24.0
WEEK_BEGINS_H = 160.0
"""When Monday 00:00 is in a life, by hours of a week: lives count from the end of a warm-up of 1,000 h."""


@dataclasses.dataclass(frozen=True)
class ServiceHours:
    """From `opens_h` to `closes_h` on the first so many days of each week, Monday first; holidays not taken out."""

    opens_h: float
    closes_h: float
    days: int = 5

    def __post_init__(self) -> None:
        if not (0 <= self.opens_h < self.closes_h <= DAY_H and 1 <= self.days <= 7):
            found = f"{self.opens_h} h to {self.closes_h} h on {self.days} days"
            raise MechanismInvalid([f"hours of service {found}, expected hours of a day that rise, and 1 to 7 days"])

    @property
    def per_week_h(self) -> float:
        """Hours of service in a week."""
        return (self.closes_h - self.opens_h) * self.days

    def before(self, hour: float) -> float:
        """Return the hours of service since Monday 00:00 of the first week."""
        weeks, rest = divmod(hour, WEEK_H)
        day, clock = divmod(rest, DAY_H)
        open_h = self.closes_h - self.opens_h
        today_h = min(max(clock - self.opens_h, 0.0), open_h) if day < self.days else 0.0
        return weeks * self.per_week_h + min(day, self.days) * open_h + today_h


@bare
def service_end(now: float, work: float, opens: float, closes: float, days: int) -> float:
    """Return when work that is called for at `now` is done (h), on a life's clock; on 0 `days` nobody keeps hours.

    Work that ends with the day ends when the crew closes, not when it opens next.
    """
    if days == 0 or work <= 0.0:
        return now + work
    open_h = closes - opens
    hour = now - WEEK_BEGINS_H
    weeks = np.floor(hour / WEEK_H)
    rest = hour - weeks * WEEK_H
    day = np.floor(rest / DAY_H)
    today = min(max(rest - day * DAY_H - opens, 0.0), open_h) if day < days else 0.0
    done = (weeks * days + min(day, days)) * open_h + today + work
    whole = np.ceil(done / open_h) - 1.0
    week = np.floor(whole / days)
    return float(WEEK_BEGINS_H + week * WEEK_H + (whole - week * days) * DAY_H + opens + (done - whole * open_h))
