"""Days as Japanese lists write them."""

from __future__ import annotations

import datetime as dt

import pytest

from topology.imports.days import parse_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和6年4月1日", "2024-04-01"),
        ("R6.4.1", "2024-04-01"),
        ("令和元年5月1日", "2019-05-01"),
        ("H27/1/5", "2015-01-05"),
        ("平成31年4月30日", "2019-04-30"),
        ("平31.4.30", "2019-04-30"),
        ("Ｓ６４－１－７", "1989-01-07"),
        ("昭和元年12月25日", "1926-12-25"),
        ("2024/4/1", "2024-04-01"),
        ("2024-04-01", "2024-04-01"),
        ("２０２４年４月１日(月)", "2024-04-01"),
        ("2024.4.1", "2024-04-01"),
    ],
)  # fmt: skip
def test_day_is_understood(text: str, day: str) -> None:
    """Eras by name, by letter and by character, the first year of one, full-width figures, a weekday behind."""
    assert parse_day(text).isoformat() == day


def test_day_of_a_spreadsheet_is_taken_as_it_is() -> None:
    """A cell that is a date already needs no reading."""
    assert parse_day(dt.datetime(2024, 4, 1, 9, 30)) == dt.date(2024, 4, 1)  # noqa: DTZ001 -- as spreadsheets have it


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("平成31年5月1日", "does not lie in 平成"),
        ("令和元年4月30日", "does not lie in 令和"),
        ("昭和65年1月1日", "does not lie in 昭和"),
        ("令和6年2月30日", "no day of the calendar"),
        ("令和0年5月1日", "does not lie"),
        ("4/1", "is not a day"),
        ("未定", "is not a day"),
    ],
)  # fmt: skip
def test_day_that_is_none_is_refused(text: str, said: str) -> None:
    """Days beyond their era, days of no calendar and other text."""
    with pytest.raises(ValueError, match=said):
        parse_day(text)
