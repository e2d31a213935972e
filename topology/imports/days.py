"""Days as Japanese lists write them: of an era (令和6年4月1日, R6.4.1, H27/1/5), western, or a spreadsheet's own."""

from __future__ import annotations

import datetime as dt
import re

from topology.imports.text import Value, dashed

ERAS = {
    "M": ("明治", dt.date(1868, 10, 23)),
    "T": ("大正", dt.date(1912, 7, 30)),
    "S": ("昭和", dt.date(1926, 12, 25)),
    "H": ("平成", dt.date(1989, 1, 8)),
    "R": ("令和", dt.date(2019, 5, 1)),
}
"""Eras by letter: the name, and the first day (改元の政令; that of Meiji by the western calendar)."""

EXPECTED = "a day such as 2024-04-01, 2024/4/1, 令和6年4月1日 or R6.4.1"
_SHORT = {"明": "M", "大": "T", "昭": "S", "平": "H", "令": "R"}
_LETTERS = {name: letter for letter, (name, _) in ERAS.items()} | _SHORT | {letter: letter for letter in ERAS}
_ERA_DAY = re.compile(
    rf"({'|'.join(_LETTERS)})\s*(元|\d{{1,2}})\s*[年./-]\s*(\d{{1,2}})\s*[月./-]\s*(\d{{1,2}})\s*日?", re.IGNORECASE
)
_DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
_TAIL = re.compile(r"\s*\([日月火水木金土]\)$|\s+00:00(:00)?$")


def parse_day(value: Value) -> dt.date:
    """Return the day that a cell says; raise ValueError (`problem|expected`) where it says none.

    A day of an era lies within it: 平成31年5月1日 is refused, for that day is 令和元年5月1日.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = _TAIL.sub("", dashed(value))
    if found := _ERA_DAY.fullmatch(text):
        return _of_era(text, found)
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(f"`{text}` is not a day|{EXPECTED}")
    return _day(text, int(found[1]), int(found[2]), int(found[3]))


def _of_era(text: str, found: re.Match[str]) -> dt.date:
    letter = _LETTERS[found[1].upper()]
    name, first = ERAS[letter]
    year = 1 if found[2] == "元" else int(found[2])
    day = _day(text, first.year + year - 1, int(found[3]), int(found[4]))
    later = [begin for _, begin in ERAS.values() if begin > first]
    if year < 1 or day < first or (later and day >= min(later)):
        raise ValueError(f"`{text}` does not lie in {name}|a day of the era")
    return day


def _day(text: str, year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise ValueError(f"`{text}` is no day of the calendar|{EXPECTED}") from error
