"""Era years turn over on the days that law set, in print and in what clerks type."""

from __future__ import annotations

from datetime import date

import pytest
from resident_registry.calendar_ja import parse_day, wareki

BOUNDARIES = [
    ("2019-04-30", "平成31年4月30日"),
    ("2019-05-01", "令和元年5月1日"),
    ("1989-01-07", "昭和64年1月7日"),
    ("1989-01-08", "平成元年1月8日"),
    ("1926-12-24", "大正15年12月24日"),
    ("1926-12-25", "昭和元年12月25日"),
    ("1912-07-29", "明治45年7月29日"),
    ("1912-07-30", "大正元年7月30日"),
]


@pytest.mark.parametrize(("day", "text"), BOUNDARIES)
def test_era_boundaries(day: str, text: str) -> None:
    """The last day of an era and the first of the next carry their own names, and are read back as the same day."""
    assert wareki(date.fromisoformat(day)) == text
    assert parse_day(text) == date.fromisoformat(day)


def test_days_before_the_gregorian_calendar_are_refused() -> None:
    """Before 1873 a date would be wrong by weeks, so there is none."""
    with pytest.raises(ValueError, match="Gregorian"):
        wareki(date(1872, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "1980-01-02", "1980/1/2", "19800102", "西暦1980年1月2日",
        "昭和55年1月2日", "S55.1.2", "s55-01-02", "昭和 55年 1月 2日", "Ｓ５５．１．２",
    ],
)  # fmt: skip
def test_clerks_ways_to_write_a_day(text: str) -> None:
    """One day, however it is written, is that day."""
    assert parse_day(text) == date(1980, 1, 2)


@pytest.mark.parametrize(
    "text", ["", "1980", "昭和65年1月1日", "昭和0年1月1日", "S64.1.8", "1980-02-30", "80-1-2", "H1.1.7"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    """Days that do not exist, or not in the era named, are no days."""
    with pytest.raises(ValueError, match=r".+"):
        parse_day(text)
