"""Which night a job runs in: nightly by open days, monthly and yearly by day or business day, busy days by factor."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from inventory.models.batch import Job
from inventory.models.estate import Estate
from simulation.batch.calendar import day_factor, is_made_on, nights_of_year, runs_on
from topology.business_days import BusinessDays

DAYS = BusinessDays(("12-29", "12-30", "12-31", "01-02", "01-03"))


def job(calendar: str, **fields: Any) -> Job:
    """Return a job of a calendar."""
    given = {"name": "J", "name_ja": "J", "group": "g", "city": "c", "runs_on": "s", "release": "20:00",
             "deadline": "23:00", "takes": "1 min", "calendar": calendar, **fields}  # fmt: skip
    return Job.model_validate(given)


def nights(one: Job, year: int = 2026) -> list[dt.date]:
    """Return the nights of a fiscal year that a job runs in."""
    return [date for date in nights_of_year(year) if runs_on(one, date, DAYS)]


def test_a_fiscal_year_has_all_its_nights() -> None:
    """From 1 April to 31 March, with the leap day of 2028."""
    assert len(nights_of_year(2026)) == 365
    assert len(nights_of_year(2027)) == 366
    assert (nights_of_year(2026)[0], nights_of_year(2026)[-1]) == (dt.date(2026, 4, 1), dt.date(2027, 3, 31))


def test_nightly_jobs_follow_the_offices() -> None:
    """After an open day, before one, or every night: Friday, Sunday, both."""
    friday, sunday = dt.date(2026, 7, 24), dt.date(2026, 7, 26)
    assert len(nights(job("nightly"))) == 365
    after, before = job("nightly", nights="after-business-day"), job("nightly", nights="before-business-day")
    assert (runs_on(after, friday, DAYS), runs_on(after, sunday, DAYS)) == (True, False)
    assert (runs_on(before, friday, DAYS), runs_on(before, sunday, DAYS)) == (False, True)
    assert len(nights(after)) == sum(DAYS.is_open(date) for date in nights_of_year(2026))


def test_monthly_jobs_move_where_the_offices_are_closed() -> None:
    """The 5th of April 2026 is a Sunday: it stays, goes to Monday the 6th, or back to Friday the 3rd."""
    for way, day in (("same-day", 5), ("next-business-day", 6), ("previous-business-day", 3)):
        assert nights(job("monthly", day=5, if_closed=way))[0] == dt.date(2026, 4, day)
        assert len(nights(job("monthly", day=5, if_closed=way))) == 12


def test_moving_may_cross_the_month() -> None:
    """31 May 2026 is a Sunday: the next open day is 1 June; months without a 31st take their last day."""
    moved = nights(job("monthly", day=31, if_closed="next-business-day"))
    assert dt.date(2026, 6, 1) in moved
    assert dt.date(2026, 6, 30) in moved
    assert dt.date(2027, 3, 1) in moved  # 28 February is a Sunday
    assert len(moved) == 12


def test_business_days_count_from_either_end() -> None:
    """The first and the last open day of each month; a yearly job takes that of its month alone."""
    assert nights(job("monthly", business_day=1))[:2] == [dt.date(2026, 4, 1), dt.date(2026, 5, 1)]
    assert nights(job("monthly", business_day=-1))[1] == dt.date(2026, 5, 29)
    assert nights(job("yearly", month=5, business_day=2)) == [dt.date(2026, 5, 7)]
    assert nights(job("monthly", business_day=-15))  # every month has fifteen open days or more


def test_yearly_job_runs_once(deck: Estate) -> None:
    """Every yearly job of the deck's estate runs on exactly one night of the year."""
    for one in deck.records.jobs.values():
        if one.calendar == "yearly":
            assert len(nights(one)) == 1


def test_weekly_backup_is_made_on_its_weekday(deck: Estate) -> None:
    """The full backup in nights that begin on Saturdays; what has no weekday every night."""
    for backup in deck.records.backups.values():
        made = [date for date in nights_of_year(2026) if is_made_on(backup, date)]
        assert len(made) == (365 if backup.weekday is None else 52)


@pytest.mark.parametrize(
    ("date", "factor"),
    [((2026, 7, 22), 1.0), ((2026, 7, 27), 1.3), ((2026, 7, 31), 1.5), ((2026, 7, 20), 1.0), ((2026, 8, 31), 1.5)],
    ids=["plain", "a Monday", "last open day", "a Monday that is a holiday", "a Monday and the last"],
)
def test_busiest_reason_counts(deck: Estate, date: tuple[int, int, int], factor: float) -> None:
    """Of several reasons the busiest; a closed day is no busy one."""
    assert day_factor(deck.records.batch, dt.date(*date), DAYS) == factor
