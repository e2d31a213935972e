"""Text of people's lists as a program compares it: one width, one kind of blank and of dash; ids made of names."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

LONGEST_ID = 40
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))
_NOTHING = {"", "-", "--", "なし", "無し", "無", "n/a", "na", "none"}
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | None


def written(value: Value) -> str:
    """Return a cell's value as a person reads it: on one line, whole numbers without a fraction."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def folded(value: Value) -> str:
    """Return text in one width (NFKC) with single blanks; `ＲＴ－０１` is `RT-01`."""
    return " ".join(unicodedata.normalize("NFKC", written(value)).split())


def dashed(value: Value) -> str:
    """Return folded text in which every dash is a hyphen, the long vowel mark included: for numbers and ids."""
    return folded(value).translate(_DASHES)


def same(value: Value) -> str:
    """Return what two spellings of one name have in common: no width, case, blanks."""
    return re.sub(r"\s", "", folded(value)).casefold()


def is_nothing(value: Value) -> bool:
    """Tell whether a cell says that there is nothing: blank, a dash, なし."""
    return dashed(value).casefold() in _NOTHING


def as_id(value: Value) -> str | None:
    """Return the id that a name makes, or None where its letters are no Latin ones or make none."""
    text = folded(value).casefold()
    if any(ord(char) > 127 and char.isalnum() for char in text):
        return None
    plain = re.sub(r"[^a-z0-9]+", "-", text).strip("-")
    plain = plain if not plain[:1].isdigit() else f"n{plain}"
    return plain if _ID.fullmatch(plain) and len(plain) <= LONGEST_ID else None
