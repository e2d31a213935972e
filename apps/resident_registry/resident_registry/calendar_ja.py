"""Dates in the Japanese calendar: printing them for certificates, reading what clerks type."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone

JAPAN_STANDARD_TIME = timezone(timedelta(hours=9), "JST")

# First day of each era since the Gregorian calendar was adopted (1873), newest first.
_ERAS = (
    ("令和", "R", date(2019, 5, 1)),
    ("平成", "H", date(1989, 1, 8)),
    ("昭和", "S", date(1926, 12, 25)),
    ("大正", "T", date(1912, 7, 30)),
    ("明治", "M", date(1873, 1, 1)),
)
_MEIJI_FIRST_YEAR = 1868
_PARTS = r"(?P<year>\d{1,4}|元)(?:年|[./-])(?P<month>\d{1,2})(?:月|[./-])(?P<day>\d{1,2})日?"
_WITH_ERA = re.compile(r"(?P<era>令和|平成|昭和|大正|明治|[RHSTM])" + _PARTS)
_WESTERN = re.compile(r"(?:西暦)?" + _PARTS)
_EIGHT_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")


def _first_year(letter: str, first_day: date) -> int:
    return _MEIJI_FIRST_YEAR if letter == "M" else first_day.year


def wareki(day: date) -> str:
    """Return `day` as a certificate shows it, such as 昭和64年1月7日 or 平成元年1月8日.

    Raises ValueError for a day before 1873, when Japan adopted the Gregorian calendar.
    """
    for name, letter, first_day in _ERAS:
        if day >= first_day:
            year = day.year - _first_year(letter, first_day) + 1
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    raise ValueError(f"{day} lies before the Gregorian calendar in Japan")


def parse_day(text: str) -> date:
    """Read a date as clerks write it: 1980-01-02, 19800102, 昭和55年1月2日, S55.1.2, full-width digits as well.

    Raises ValueError where the text is no date or the day lies outside the era named.
    """
    compact = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper().replace("−", "-")
    if match := _WITH_ERA.fullmatch(compact):
        era = next(entry for entry in _ERAS if match["era"] in entry[:2])
        year = 1 if match["year"] == "元" else int(match["year"])
        day = date(_first_year(era[1], era[2]) + year - 1, int(match["month"]), int(match["day"]))
        if year < 1 or not wareki(day).startswith(era[0]):
            raise ValueError(f"{text} lies outside the era {era[0]}")
        return day
    match = _WESTERN.fullmatch(compact) or _EIGHT_DIGITS.fullmatch(compact)
    if match is None or len(match["year"]) != 4:
        raise ValueError(f"{text} is not a date")
    return date(int(match["year"]), int(match["month"]), int(match["day"]))


def today_in_japan() -> date:
    """Return the civil date in Japan, whatever time zone the machine keeps."""
    return datetime.now(JAPAN_STANDARD_TIME).date()
