"""Load, nights and counter hours go by one statement of closed days."""

from __future__ import annotations

import datetime as dt

import pytest

from inventory.load import load_estate
from simulation.availability.counter_hours import counter_hours
from simulation.batch.layout import night_of
from simulation.demand.calendar import Calendar
from topology.business_days import business_days


@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages"])
def test_everything_goes_by_the_closed_days_of_the_estate(name: str) -> None:
    """One more closed day shuts offices for the load, the nights and the counter hours together."""
    day = dt.date(2026, 11, 20)
    for closed in (False, True):
        overrides = {"office_days.closed": "12-29,11-20"} if closed else {}
        estate = load_estate(name, overrides)
        assert business_days(estate.records).is_open(day) is not closed
        assert Calendar(estate).is_open(day) is not closed
        assert night_of(estate, day - dt.timedelta(days=1)).opens is not closed
        hours = counter_hours(load_estate(name, {**overrides, "availability.year": "2026"}))
        begins_h = 24.0 * (day - hours.begins).days
        assert any(begins_h <= start < begins_h + 24 for start, _ in hours.hours.windows) is not closed
