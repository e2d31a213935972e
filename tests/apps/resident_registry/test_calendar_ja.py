"""Era years turn over on the days that law set."""

from __future__ import annotations

import datetime

import pytest
from resident_registry.calendar_ja import wareki


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("2019-04-30", "平成31年4月30日"),
        ("2019-05-01", "令和元年5月1日"),
        ("1989-01-07", "昭和64年1月7日"),
        ("1989-01-08", "平成元年1月8日"),
        ("1926-12-24", "大正15年12月24日"),
        ("1926-12-25", "昭和元年12月25日"),
        ("1912-07-29", "明治45年7月29日"),
    ],
)
def test_era_boundaries(day: str, text: str) -> None:
    """The last day of an era and the first of the next carry their own names."""
    assert wareki(datetime.date.fromisoformat(day)) == text


def test_days_before_the_gregorian_calendar_are_refused() -> None:
    """Before 1873 a date would be wrong by weeks, so there is none."""
    with pytest.raises(ValueError, match="Gregorian"):
        wareki(datetime.date(1872, 12, 31))
