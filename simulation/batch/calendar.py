"""Which jobs and backups run in which night, and how busy the day before was.

A night is that which begins at noon of a date. Months and years come round on a day of the month, moved where the
offices are closed, or on a business day of the month.
"""

from __future__ import annotations

import calendar
import datetime as dt

from inventory.models.batch import Backup, Batch, Job
from topology.business_days import WEEKDAYS, BusinessDays

_STEP = {"next-business-day": 1, "previous-business-day": -1}
_ONE = dt.timedelta(days=1)


def runs_on(job: Job, date: dt.date, days: BusinessDays) -> bool:
    """Whether a job runs in the night that begins on a date."""
    if job.calendar == "nightly":
        if job.nights == "after-business-day":
            return days.is_open(date)
        return job.nights == "every" or days.is_open(date + _ONE)
    around = {(date.year, date.month), *(_month_of(date, step) for step in (-1, 1))}
    return any(date == _due(job, year, month, days) for year, month in sorted(around) if job.month in {None, month})


def is_made_on(backup: Backup, date: dt.date) -> bool:
    """Whether a backup is made in the night that begins on a date."""
    return backup.weekday in {None, WEEKDAYS[date.weekday()]}


def day_factor(batch: Batch, date: dt.date, days: BusinessDays) -> float:
    """Return how many times as long jobs that follow the day's load last after a date: the busiest of its reasons."""
    number = days.number(date)
    if number is None:
        return 1.0
    weekday = WEEKDAYS[date.weekday()]
    return max(
        [
            1.0,
            *(
                busy.factor
                for busy in batch.busy_days.values()
                if busy.weekday == weekday or busy.business_day in number
            ),
        ]
    )


def nights_of_year(year: int) -> tuple[dt.date, ...]:
    """Return the dates on which the nights of a fiscal year (from 1 April) begin."""
    first, end = dt.date(year, 4, 1), dt.date(year + 1, 4, 1)
    return tuple(first + dt.timedelta(days=number) for number in range((end - first).days))


def _due(job: Job, year: int, month: int, days: BusinessDays) -> dt.date | None:
    """Return the date of a monthly or yearly job in a month; the last day where the month has no such day."""
    if job.business_day is not None:
        of_month = days.of_month(year, month)
        place = job.business_day - 1 if job.business_day > 0 else job.business_day
        return of_month[place] if -len(of_month) <= place < len(of_month) else None
    if job.day is None:
        return None
    date = dt.date(year, month, min(job.day, calendar.monthrange(year, month)[1]))
    return date if job.if_closed == "same-day" else days.moved(date, _STEP[job.if_closed])


def _month_of(date: dt.date, step: int) -> tuple[int, int]:
    """Return year and month before (-1) or after (1) that of a date."""
    months = date.year * 12 + date.month - 1 + step
    return months // 12, months % 12 + 1
