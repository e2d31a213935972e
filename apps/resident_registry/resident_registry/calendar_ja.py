"""Dates as a Japanese office writes them: 平成30年4月1日. Eras begin on the days that law set."""

from __future__ import annotations

import datetime

ERAS = (
    (datetime.date(2019, 5, 1), "令和"),
    (datetime.date(1989, 1, 8), "平成"),
    (datetime.date(1926, 12, 25), "昭和"),
    (datetime.date(1912, 7, 30), "大正"),
    (datetime.date(1873, 1, 1), "明治"),
)


def wareki(day: datetime.date) -> str:
    """Return a date in era years; raises ValueError before 1873, when Japan took the Gregorian calendar."""
    for begin, era in ERAS:
        if day >= begin:
            year = day.year - begin.year + 1 if era != "明治" else day.year - 1867
            return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    raise ValueError(f"{day} lies before the Gregorian calendar in Japan")
