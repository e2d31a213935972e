"""Title block and revision history (版, 日付, 変更箇所, 作成; 審査 and 承認) of an estate's documents, from git.

Outside a repository there is one revision without an author, dated by SOURCE_DATE_EPOCH, so that two runs are alike.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from pathlib import Path

from inventory.git import git
from topology.draw.words import Language

EPOCH = "SOURCE_DATE_EPOCH"
_FIELDS = "%x1e%H%x1f%cI%x1f%an%x1f%s%x1f%G?%x1f%(trailers:key=Reviewed-by,valueonly,separator=%x2c )%x1f%(trailers:key=Approved-by,valueonly,separator=%x2c )"  # noqa: E501 -- one format, one line
_GOOD_SIGNATURE = "G"
HEADINGS: dict[Language, tuple[str, ...]] = {
    "ja": ("版", "日付", "変更箇所", "作成", "審査", "承認"),
    "en": ("revision", "date", "change", "made by", "reviewed", "approved"),
}
"""Headings of a revision history, in the order of a revision's fields."""
TITLE: dict[Language, str] = {"ja": "改訂履歴", "en": "Revisions"}


@dataclasses.dataclass(frozen=True)
class Revision:
    """A revision: its number from 1, the day, what changed in which files, who made it.

    `reviewed` and `approved` are taken from trailers of a commit whose signature is good, else blank.
    """

    number: int
    day: dt.date
    change: str
    author: str
    reviewed: str = ""
    approved: str = ""


def revisions(folder: str | Path) -> tuple[Revision, ...]:
    """Return the revisions of the files of an estate, oldest first; never empty."""
    found = _from_git(Path(folder).resolve())
    return found or (Revision(1, _build_day(), "", ""),)


def changed_since(folder: str | Path) -> bool:
    """Tell whether files of the estate differ from the newest commit: then the newest revision is not what is shown."""
    shown = git(Path(folder).resolve(), "status", "--porcelain", "--", ".")
    return bool(shown and shown.strip())


def _from_git(folder: Path) -> tuple[Revision, ...]:
    shown = git(folder, "log", "--reverse", "--name-only", f"--format={_FIELDS}", "--", ".")
    if not shown:
        return ()
    found = []
    for number, block in enumerate(shown.decode().split("\x1e")[1:], 1):
        head, _, names = block.partition("\n")
        _commit, date, author, subject, signature, reviewed, approved = head.split("\x1f")
        files = sorted({Path(name).name for name in names.split("\n") if name.strip()})
        signed = signature == _GOOD_SIGNATURE
        change = f"{subject} ({', '.join(files)})" if files else subject
        day = dt.datetime.fromisoformat(date).astimezone(dt.UTC).date()
        found.append(Revision(number, day, change, author, reviewed if signed else "", approved if signed else ""))
    return tuple(found)


def _build_day() -> dt.date:
    return dt.datetime.fromtimestamp(int(os.environ.get(EPOCH, "0")), dt.UTC).date()
