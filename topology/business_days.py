"""Days on which the offices are open: weekdays that are no national holiday and not among the estate's closed days.

The one calendar of the project. National holidays of Japan come from jpholiday, for any year it knows. Leaves what runs
on which day to `simulation`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from collections.abc import Collection

import jpholiday

from inventory.models.estate import EstateRecords

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SATURDAY = 5


class BusinessDays:
    """The open days of offices that are closed on `closed` (`MM-DD`) as well."""

    def __init__(self, closed: Collection[str] = ()) -> None:
        """Keep the closed days."""
        self.closed = frozenset(closed)
        self._known: dict[dt.date, bool] = {}
        self._months: dict[tuple[int, int], tuple[dt.date, ...]] = {}

    def is_open(self, date: dt.date) -> bool:
        """Whether the offices are open on a date."""
        known = self._known.get(date)
        if known is None:
            usual = date.weekday() < _SATURDAY and f"{date:%m-%d}" not in self.closed
            known = self._known[date] = usual and date not in _holidays(date.year)
        return known

    def number(self, date: dt.date) -> tuple[int, int] | None:
        """Return which open day of its month a date is, from the first (1) and the last (-1); None where closed."""
        days = self.of_month(date.year, date.month)
        if date not in days:
            return None
        place = days.index(date)
        return place + 1, place - len(days)

    def of_month(self, year: int, month: int) -> tuple[dt.date, ...]:
        """Return the open days of a month."""
        if (year, month) not in self._months:
            last = calendar.monthrange(year, month)[1]
            days = (dt.date(year, month, day) for day in range(1, last + 1))
            self._months[year, month] = tuple(day for day in days if self.is_open(day))
        return self._months[year, month]

    def moved(self, date: dt.date, step: int) -> dt.date:
        """Return a date if it is open, else the nearest open one after (`step` 1) or before it (-1)."""
        while not self.is_open(date):
            date += dt.timedelta(days=step)
        return date


def business_days(records: EstateRecords) -> BusinessDays:
    """Return the open days of an estate's offices."""
    return BusinessDays(records.office_days.closed if records.office_days else ())


def holiday_name(date: dt.date) -> str | None:
    """Return the Japanese name of the national holiday that a date is; None for any other day."""
    return _holidays(date.year).get(date)


@functools.cache
def _holidays(year: int) -> dict[dt.date, str]:
    """Return the national holidays of a year with their names."""
    return dict(jpholiday.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
