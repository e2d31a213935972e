"""What is supported on a day, what soon is not, and what no longer is: lifecycles judged by a day that is given.

No clock is read here: the same estate and day give the same answer for ever.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from pathlib import Path
from typing import Literal

from inventory.git import last_commit_day
from inventory.models.estate import Estate
from inventory.models.lifecycles import Lifecycle
from inventory.problems import Problem
from topology.documents.revisions import EPOCH

State = Literal["supported", "ends-soon", "expired-accepted", "expired", "unknown"]


@dataclasses.dataclass(frozen=True)
class Standing:
    """A row on a day: `ends` is its own last day of support or that of the row it follows."""

    id: str
    row: Lifecycle
    ends: dt.date | None
    state: State


def judging_day(folder: str | Path) -> dt.date | None:
    """Return the day by which an estate is judged when none is given: of its last commit, else of SOURCE_DATE_EPOCH.

    None where neither says one.
    """
    day, epoch = last_commit_day(Path(folder)), os.environ.get(EPOCH, "")
    return day or (dt.datetime.fromtimestamp(int(epoch), dt.UTC).date() if epoch.isdigit() else None)


def standings(estate: Estate, day: dt.date) -> tuple[Standing, ...]:
    """Return every row as it stands on a day."""
    rows = estate.records.lifecycles
    found = []
    for id_, row in rows.items():
        root = row
        while root.follows:
            root = rows[root.follows]
        found.append(Standing(id_, row, root.ends, _state(root, row.notice_s, day)))
    return tuple(found)


def _state(root: Lifecycle, notice_s: float, day: dt.date) -> State:
    """Return how a row stands whose support is that of `root`; what is accepted holds for all that follow it."""
    if root.ends is None:
        return "unknown"
    if day <= root.ends:
        return "ends-soon" if (root.ends - day).total_seconds() <= notice_s else "supported"
    return "expired-accepted" if root.accepted and day <= root.accepted.until else "expired"


def find_expired(estate: Estate, day: dt.date) -> list[Problem]:
    """Return a finding for every row whose support has ended and is not, or no longer, accepted."""
    found = []
    for one in standings(estate, day):
        if one.state == "expired":
            path = f"lifecycles.{one.id}.{'follows' if one.row.follows else 'ends'}"
            until = f" and was accepted until {one.row.accepted.until}" if one.row.accepted else ""
            problem = f"{one.row.name} {one.row.version} is without support since {one.ends}{until}"
            found.append(Problem(*estate.where(path), path, problem, one.row.replaced_by))
    return found


def notices(estate: Estate, day: dt.date) -> list[str]:
    """Return a sentence for every row that ends soon, and for every one that stays although it has ended."""
    found = []
    for one in standings(estate, day):
        where = estate.cite(f"lifecycles.{one.id}")
        if one.state == "ends-soon":
            found.append(f"{where}: {one.row.name} {one.row.version} is supported until {one.ends} only")
        elif one.state == "expired-accepted" and one.row.accepted:
            told = f"is without support since {one.ends}, accepted until {one.row.accepted.until}"
            found.append(f"{where}: {one.row.name} {one.row.version} {told}: {one.row.accepted.reason}")
    return found
