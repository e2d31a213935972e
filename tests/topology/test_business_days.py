"""Open days of offices: holidays by law, days between them, the year's end, days counted from both ends of a month."""

from __future__ import annotations

import datetime as dt

import pytest

from topology.business_days import BusinessDays, holiday_name

YEAR_END = ("12-29", "12-30", "12-31", "01-02", "01-03")


@pytest.mark.parametrize(
    ("date", "is_open"),
    [
        ((2026, 7, 22), True),
        ((2026, 7, 20), False),  # marine day
        ((2026, 7, 25), False),  # a Saturday
        ((2026, 9, 22), False),  # between two holidays
        ((2026, 5, 6), False),  # in place of 3 May, a Sunday
        ((2026, 12, 28), True),
        ((2026, 12, 29), False),
        ((2027, 1, 4), True),
        ((2019, 5, 2), False),  # the change of eras
    ],
)
def test_days_are_open_as_the_law_has_it(date: tuple[int, int, int], is_open: bool) -> None:
    """Weekends, national holidays, days between and in place of them, and the year's end are closed."""
    assert BusinessDays(YEAR_END).is_open(dt.date(*date)) is is_open


def test_year_end_is_open_where_nobody_closes() -> None:
    """The closed days are the estate's; 1 January is a national holiday anyway."""
    assert BusinessDays().is_open(dt.date(2026, 12, 29))
    assert not BusinessDays().is_open(dt.date(2026, 1, 1))


def test_days_count_from_both_ends_of_a_month() -> None:
    """May 2026 has 18 open days: the first is the 1st, the second the 7th, the last the 29th."""
    days = BusinessDays(YEAR_END)
    of_may = days.of_month(2026, 5)
    assert len(of_may) == 18
    assert days.number(dt.date(2026, 5, 1)) == (1, -18)
    assert days.number(dt.date(2026, 5, 7)) == (2, -17)
    assert days.number(dt.date(2026, 5, 29)) == (18, -1)
    assert days.number(dt.date(2026, 5, 4)) is None


def test_closed_days_move_either_way() -> None:
    """Sunday 3 May moves to Thursday 7 May or Friday 1 May; an open day stays."""
    days = BusinessDays(YEAR_END)
    assert days.moved(dt.date(2026, 5, 3), 1) == dt.date(2026, 5, 7)
    assert days.moved(dt.date(2026, 5, 3), -1) == dt.date(2026, 5, 1)
    assert days.moved(dt.date(2026, 5, 7), 1) == dt.date(2026, 5, 7)


def test_holidays_have_their_names() -> None:
    """A national holiday has its Japanese name, moved ones too; no other day has one."""
    assert holiday_name(dt.date(2018, 4, 29)) == "昭和の日"
    assert "振替休日" in (holiday_name(dt.date(2018, 4, 30)) or "")
    assert holiday_name(dt.date(2018, 5, 1)) is None
