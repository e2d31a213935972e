"""Title block and revision history (版, 日付, 変更箇所, 作成; 審査 and 承認) of an estate's documents, from git.

Outside a repository there is one revision without an author, dated by SOURCE_DATE_EPOCH, so that two runs are alike.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path

from inventory.git import git
from topology.draw.words import Language

EPOCH = "SOURCE_DATE_EPOCH"
_FIELDS = "%x1e%H%x1f%cI%x1f%an%x1f%s%x1f%G?%x1f%(trailers:key=Reviewed-by,valueonly,separator=%x2c )%x1f%(trailers:key=Approved-by,valueonly,separator=%x2c )"  # noqa: E501 -- one format, one line
_GOOD_SIGNATURE = "G"
DRAFT = "案 (draft)"
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


def revisions(folder: str | Path, overrides: Mapping[str, str] | None = None) -> tuple[Revision, ...]:
    """Return the revisions of the files of an estate, oldest first; never empty.

    Where files differ from the newest commit, or values were given for this run, a last revision without an author
    says that it is a draft (案), and of what.
    """
    found = _from_git(Path(folder).resolve()) or (Revision(1, _build_day(), "", ""),)
    given = [f"{path}={value}" for path, value in sorted((overrides or {}).items())]
    changed = [*changed_files(folder), *given]
    if not changed:
        return found
    return (*found, Revision(found[-1].number + 1, found[-1].day, f"{DRAFT}: {', '.join(changed)}", ""))


def changed_files(folder: str | Path) -> tuple[str, ...]:
    """Return the files of the estate that differ from the newest commit, by name."""
    shown = git(Path(folder).resolve(), "status", "--porcelain", "--", ".")
    lines = (shown or b"").decode().splitlines()
    return tuple(sorted({Path(line[3:].strip('"')).name for line in lines}))


def _from_git(folder: Path) -> tuple[Revision, ...]:
    # With -c a merge names the files that it made other than either side had them: without one it changed nothing.
    shown = git(folder, "log", "--reverse", "-c", "--name-only", f"--format={_FIELDS}", "--", ".")
    found: list[Revision] = []
    for block in (shown or b"").decode().split("\x1e")[1:]:
        head, _, names = block.partition("\n")
        _commit, date, author, subject, signature, reviewed, approved = head.split("\x1f")
        files = sorted({Path(name).name for name in names.split("\n") if name.strip()})
        if not files:
            continue
        number, signed = len(found) + 1, signature == _GOOD_SIGNATURE
        change = f"{subject} ({', '.join(files)})"
        day = dt.datetime.fromisoformat(date).astimezone(dt.UTC).date()
        found.append(Revision(number, day, change, author, reviewed if signed else "", approved if signed else ""))
    return tuple(found)


def _build_day() -> dt.date:
    return dt.datetime.fromtimestamp(int(os.environ.get(EPOCH, "0")), dt.UTC).date()
