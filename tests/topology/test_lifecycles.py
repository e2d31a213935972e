"""How a pin stands on a day: supported, ending soon, ended but accepted, ended; and which day counts."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
from bad_estates import GOOD

from inventory.load import load_estate
from inventory.models.estate import Estate
from topology.lifecycles import find_expired, judging_day, notices, standings


@pytest.fixture(scope="module")
def estate() -> Estate:
    """Return the small estate: one row that ends, one that follows it, one later, one of which nobody promises."""
    return load_estate(str(GOOD))


@pytest.mark.parametrize(
    ("day", "states"),
    [
        ("2025-12-31", ("supported", "supported", "supported", "unknown")),
        ("2026-01-01", ("ends-soon", "ends-soon", "supported", "unknown")),
        ("2026-06-30", ("ends-soon", "ends-soon", "supported", "unknown")),
        ("2026-07-01", ("expired-accepted", "expired-accepted", "supported", "unknown")),
        ("2026-12-31", ("expired-accepted", "expired-accepted", "supported", "unknown")),
        ("2027-01-01", ("expired", "expired", "supported", "unknown")),
        ("2027-04-01", ("expired", "expired", "ends-soon", "unknown")),
        ("2027-07-01", ("expired", "expired", "expired", "unknown")),
    ],
)
def test_states_change_on_their_day(estate: Estate, day: str, states: tuple[str, ...]) -> None:
    """The last day of support is a day of support; the notice begins as many days before as it says."""
    assert tuple(one.state for one in standings(estate, dt.date.fromisoformat(day))) == states


def test_what_expired_is_a_finding_with_its_line(estate: Estate) -> None:
    """Each finding names file, line, since when, until when it was accepted, and what replaces it."""
    system, router = (str(problem) for problem in find_expired(estate, dt.date(2027, 1, 1)))
    assert system.startswith(
        "lifecycles.yaml:2: lifecycles.system.ends: System 12 is without support since 2026-06-30 "
    )
    assert system.endswith(" and was accepted until 2026-12-31; expected version 13")
    assert router.startswith("lifecycles.yaml:4: lifecycles.router.follows: Router as in the system is without support")
    assert router.endswith(" since 2026-06-30; expected that of version 13")
    assert find_expired(estate, dt.date(2026, 12, 31)) == []


def test_notices_name_what_ends_and_what_is_accepted(estate: Estate) -> None:
    """Nothing passes in silence: neither what soon ends nor what stays by somebody's word."""
    assert notices(estate, dt.date(2025, 12, 31)) == []
    assert len(notices(estate, dt.date(2026, 6, 30))) == 2
    (accepted,) = notices(estate, dt.date(2026, 7, 1))
    assert accepted.endswith("accepted until 2026-12-31: renewed with the servers")


def test_day_comes_from_the_last_commit_and_never_from_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside a repository SOURCE_DATE_EPOCH says the day, or nothing does; inside, the last commit."""
    folder = Path(shutil.copytree(GOOD, tmp_path / "estate"))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert judging_day(folder) is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert judging_day(folder) == dt.date(1970, 1, 2)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "reader")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "reader@example.org")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-05-04T23:30:00-03:00")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    assert judging_day(folder) == dt.date(2026, 5, 5)
