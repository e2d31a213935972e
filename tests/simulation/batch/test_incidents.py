"""Nights in which something happens, from YAML: every mistake with its line, and what the good ones lead to."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from inventory.models.estate import Estate
from simulation.batch.incidents import NOTHING, load_incident
from simulation.batch.played import Played, play
from simulation.draws import Streams
from simulation.errors import MechanismInvalid, ScenarioInvalid

BAD = Path(__file__).parents[1] / "bad_nights"
ORDINARY = dt.date(2026, 7, 22)
HEAD = "title: T\ntitle_ja: 題\n"


def played(estate: Estate, folder: Path, text: str, date: dt.date = ORDINARY) -> Played:
    """Play a night with an incident."""
    path = folder / "night.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return play(estate, date, Streams(1, 100), load_incident(path, estate))


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_bad_night_is_reported_as_expected(deck: Estate, path: Path) -> None:
    """Each bad file yields exactly the lines beside it."""
    with pytest.raises(ScenarioInvalid) as told:
        load_incident(path, deck)
    expected = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert [str(problem) for problem in told.value.problems] == expected


def test_failed_job_is_later_by_what_was_lost_and_the_reaction(deck: Estate, tmp_path: Path) -> None:
    """Two failures at the half cost at least two reactions; other cities' jobs do not move at all."""
    usual = play(deck, ORDINARY, Streams(1, 100))
    failed = played(deck, tmp_path, "failures:\n- {job: fuji-day-close, after: 0.5, times: 2}\n")
    number = usual.layout.net.number
    later_s = (failed.ends_s - usual.ends_s)[:, number["fuji-day-close"]]
    assert (later_s[usual.outcome.made[:, number["fuji-day-close"]] == 1] >= 2 * 300).all()
    assert (failed.ends_s == usual.ends_s)[:, number["fujinomiya-payments"]].all()


def test_job_that_fails_for_good_holds_back_what_follows(deck: Estate, tmp_path: Path) -> None:
    """After three attempts the close is given up: nothing that follows runs, and the counters are not ready."""
    failed = played(deck, tmp_path, "failures:\n- {job: fuji-day-close, times: 3}\n")
    assert np.isnan(failed.outcome.ends[:, failed.layout.net.number["fuji-counter-ready"]]).all()
    assert (failed.net_end_s("fuji") == 86400.0).all()
    assert (failed.net_end_s("fujinomiya") < 86400.0).any()


def test_job_left_out_holds_nothing_back(deck: Estate, tmp_path: Path) -> None:
    """Without the close, payments begin at their release, in every night."""
    without = played(deck, tmp_path, "left_out: [fuji-day-close]\n")
    number = without.layout.net.number
    assert without.outcome.skipped[:, number["fuji-day-close"]].all()
    assert (without.outcome.begins[:, number["fuji-payments"]] == 7.5 * 3600).all()


def test_job_that_starts_late_begins_no_earlier(deck: Estate, tmp_path: Path) -> None:
    """A release at 03:00 is 15 hours after noon; a job that runs on no such night may be added."""
    late = played(deck, tmp_path, 'late:\n- {job: fuji-payments, release: "03:00"}\nextra: [fuji-payroll]\n')
    assert (late.outcome.begins[:, late.layout.net.number["fuji-payments"]] >= 15 * 3600).all()
    assert "fuji-payroll" in late.layout.net.number


def test_emergency_copy_that_does_not_arrive_leaves_older_data(deck: Estate, tmp_path: Path) -> None:
    """With both circuits away all night the counter has the copy of the night before: 24 hours older at least."""
    usual = play(deck, ORDINARY, Streams(1, 100))
    cut = played(deck, tmp_path, "circuits:\n- {circuit: fuji-wan-1}\n- {circuit: fuji-wan-2}\n")
    assert (cut.copy_age_s("fuji-emergency-copy") == (20.5 + 24 - 10) * 3600).all()
    assert (usual.copy_age_s("fuji-emergency-copy") <= 10.5 * 3600).all()


def test_job_of_another_night_is_refused(deck: Estate, tmp_path: Path) -> None:
    """An incident about a job that does not run that night would silently change nothing."""
    with pytest.raises(MechanismInvalid, match=r"`fuji-payroll` does not run in the night of 2026-07-22"):
        played(deck, tmp_path, "failures:\n- {job: fuji-payroll}\n")


def test_nothing_is_what_happens_without_one() -> None:
    """Without an incident nothing is told, changed or added."""
    assert (NOTHING.told, NOTHING.changes, NOTHING.extra) == ({}, (), ())
