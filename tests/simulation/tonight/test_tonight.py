"""The rest of a night: conditions, options against each other, the latest minute, contacts, and stored nights."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.batch.played import play
from simulation.draws import Streams
from simulation.intervals import of_independent
from simulation.tonight.duty_state import DutyState, as_planned, clock, load_state
from simulation.tonight.effects import difference
from simulation.tonight.latest import last_true, latest_minute, within_risk
from simulation.tonight.options import Option, options_of, put_right
from simulation.tonight.predict import predict
from simulation.tonight.standing import Standing, planned_ends, standing_of

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "tonight.schema.json"
MEASURED = Path(__file__).parents[1] / "measured"
ORDINARY, BILLS = dt.date(2026, 7, 22), dt.date(2026, 4, 6)
HOUR = 3600.0


def state(estate: Estate, tmp_path: Path, hour: float, date: dt.date = ORDINARY, **changed: Any) -> DutyState:
    """Return the state at an hour after noon as planned, with jobs changed (`_` for `-`), read as a file is."""
    plain = as_planned(estate, date, hour * HOUR, planned_ends(estate, date))
    plain["jobs"] |= {name.replace("_", "-"): told for name, told in changed.items()}
    return read(estate, tmp_path, plain)


def read(estate: Estate, tmp_path: Path, plain: dict[str, Any]) -> DutyState:
    """Return a state from its file."""
    (tmp_path / "state.json").write_text(json.dumps(plain), encoding="utf-8")
    return load_state(tmp_path / "state.json", estate)


def failed_payments(estate: Estate, tmp_path: Path) -> DutyState:
    """Return a night of bills at 22:30: Fuji's payments failed at 20:10 and all that follows them waits."""
    waiting = ("asset_tax_assessment", "asset_tax_bills", "asset_tax_print", "emergency_copy", "statistics")
    told = {f"fuji_{name}": {"state": "waiting"} for name in waiting}
    failed = {"state": "failed", "since": "19:30", "at": "20:10"}
    return state(estate, tmp_path, 10.5, BILLS, fuji_payments=failed, **told)


def test_night_that_has_not_begun_is_an_ordinary_one(deck: Estate, tmp_path: Path) -> None:
    """At 13:00 with everything waiting the ends are those of the same night predicted as a whole, draw by draw."""
    tonight = standing_of(deck, state(deck, tmp_path, 1.0), 3, 60).play()
    whole = play(deck, ORDINARY, Streams(3, 60))
    for name, number in whole.layout.net.number.items():
        assert tonight.ends_s[:, tonight.layout.net.number[name]] == pytest.approx(whole.ends_s[:, number])


def test_night_that_is_over_has_nothing_left(deck: Estate, tmp_path: Path) -> None:
    """At 08:00 all is done: ends are those told, nothing can be decided, nothing is late."""
    over = state(deck, tmp_path, 20.0)
    assert not over.of("waiting", "running")
    answer = predict(deck, over, replications=20)
    assert answer.details["options"] == []
    told_s = max(
        over.jobs[id_].at_in_night_s
        for id_, job in deck.records.jobs.items()
        if job.city == "fuji" and id_ in over.jobs
    )
    assert answer["fuji.tonight.slack"].value == 20.5 * HOUR - told_s


def test_running_job_is_drawn_from_times_longer_than_it_ran(deck: Estate, tmp_path: Path) -> None:
    """30 min after its begin no emergency copy of Fuji has ended; the rest has the conditional mean of whole times."""
    running = state(deck, tmp_path, 10.55, fuji_emergency_copy={"state": "running", "since": "22:00"})
    standing = standing_of(deck, running, 5, 4000)
    number = standing.number("fuji-emergency-copy")
    elapsed_s = standing.now_s - 10 * HOUR
    ends_s = standing.play().ends_s[:, number]
    assert (ends_s > standing.now_s).all()
    first = standing.plays.runs[standing.plays.tries[:, number] == 1, number, 0]
    generator = np.random.default_rng(9)
    own, day = (generator.triangular(0.9, 1.0, high, 400_000) for high in (1.4, 1.3))
    whole = 1800 * own * day
    assert float((whole[whole > elapsed_s] - elapsed_s).mean()) in of_independent(first, 0.999)


def test_overdue_job_is_said_to_be(deck: Estate, tmp_path: Path) -> None:
    """After three hours a copy of 30 minutes is longer than it ever should be; it is taken to begin anew, and told."""
    running = state(deck, tmp_path, 13.0, fuji_emergency_copy={"state": "running", "since": "22:00"})
    answer = predict(deck, running, replications=40)
    assert answer.details["overdue"] == ["fuji-emergency-copy"]
    assert [(matter["about"], matter["why"]) for matter in answer.details["matters"]] == [
        ("fuji-emergency-copy", "overdue")
    ]
    job = next(job for job in answer.details["night"]["jobs"] if job["id"] == "fuji-emergency-copy")
    assert job["end_s"]["low"] >= 13 * HOUR + 0.9 * 0.9 * 1800


def test_failed_job_stops_the_city_until_somebody_decides(deck: Estate, tmp_path: Path) -> None:
    """Undecided it never ends; put right now the counters open in time; the other city is untouched by either."""
    answer = predict(deck, failed_payments(deck, tmp_path), replications=60)
    assert answer["fuji.undecided.missed"].value == 1.0
    assert answer["fuji.tonight.missed"].value < 0.1
    assert answer["fujinomiya.undecided.slack"].value == answer["fujinomiya.tonight.slack"].value
    assert answer["fuji.undecided.copy-age"].value > 24 * HOUR > answer["fuji.tonight.copy-age"].value


def test_options_are_told_with_their_worth_and_latest_minute(deck: Estate, tmp_path: Path) -> None:
    """Restarting from the failed step may wait longer than from the beginning, leaving out longest; all significant."""
    answer = predict(deck, failed_payments(deck, tmp_path), replications=100)
    options = {option["id"]: option for option in answer.details["options"]}
    whole, step, left_out = (options[f"{kind}:fuji-payments"] for kind in ("restart", "restart-from-step", "skip"))
    for option in (whole, step, left_out):
        fuji = next(effect for effect in option["effects"] if effect["city"] == "fuji")
        other = next(effect for effect in option["effects"] if effect["city"] == "fujinomiya")
        assert fuji["missed_change"]["mean"] < -0.9
        assert fuji["missed_change"]["significant"]
        assert not other["missed_change"]["significant"]
        assert option["latest"]["verdict"] == "by"
    assert whole["latest"]["at_s"] < step["latest"]["at_s"] < left_out["latest"]["at_s"]
    assert [option["job"] for option in answer.details["options"][:3]] == ["fuji-payments"] * 3
    assert (left_out["decided_by"], whole["decided_by"]) == ("city", "operator")


def test_latest_minute_is_the_last_that_keeps_the_risk(deck: Estate, tmp_path: Path) -> None:
    """Decided then the chance of opening late is within the risk, a minute later it is not: by playing both."""
    standing = standing_of(deck, failed_payments(deck, tmp_path), 1, 100)
    for kind in ("restart", "restart-from-step"):
        option = Option(kind, "fuji-payments", "fuji", "operator")
        before = put_right(standing, "fuji-payments")
        latest = latest_minute(standing, option, before, standing.play(before))
        assert latest.at_s is not None
        for at_s, within in ((latest.at_s, True), (latest.at_s + 60, False)):
            assert within_risk(standing.play(option.plays(standing, before, at_s)), option, 0.05) is within
    assert last_true(lambda minute: minute <= 617, 600, 1230) == 617
    assert last_true(lambda minute: minute <= 600, 600, 1230) == 600


def test_decisions_make_no_job_earlier_than_now(deck: Estate, tmp_path: Path) -> None:
    """Whatever is decided, nothing that waits begins before now, and what was done stays as it was told."""
    duty = failed_payments(deck, tmp_path)
    standing = standing_of(deck, duty, 2, 40)
    right = put_right(standing)
    for option in options_of(standing):
        played = standing.play(option.plays(standing, right, option.shown_at_s(standing)))
        for id_ in duty.of("done"):
            assert (played.ends_s[:, standing.number(id_)] == duty.jobs[id_].at_in_night_s).all()
        for id_ in duty.of("waiting"):
            begins = played.outcome.begins[:, standing.number(id_)]
            assert (np.isnan(begins) | (begins >= standing.now_s)).all()


def test_hold_is_kept_and_leaving_out_lets_the_rest_go_on(deck: Estate, tmp_path: Path) -> None:
    """A held job begins no earlier than it is let go; of a job left out nothing runs, and its followers do."""
    standing = standing_of(deck, state(deck, tmp_path, 9.9), 1, 40)
    number = standing.number("fuji-emergency-copy")
    hold = Option("hold", "fuji-emergency-copy", "fuji", "operator")
    held = standing.play(hold.plays(standing, standing.plays, 12 * HOUR))
    assert (held.outcome.begins[:, number] >= 12 * HOUR).all()
    skip = Option("skip", "fuji-emergency-copy", "fuji", "city")
    left_out = standing.play(skip.plays(standing, standing.plays, standing.now_s))
    assert left_out.outcome.skipped[:, number].all()
    assert not np.isnan(left_out.outcome.ends[:, standing.number("fuji-counter-ready")]).any()
    assert (left_out.copy_age_s("fuji-emergency-copy") > 24 * HOUR).all()


def test_stopping_a_running_job_costs_what_it_had_done(deck: Estate, tmp_path: Path) -> None:
    """The copy that has run 20 minutes ends later when it is begun anew, and significantly so."""
    standing = standing_of(deck, state(deck, tmp_path, 10.33), 1, 100)
    assert "fuji-emergency-copy" in standing.state.of("running")
    again = Option("stop-and-restart", "fuji-emergency-copy", "fuji", "operator")
    played = standing.play(again.plays(standing, standing.plays, standing.now_s))
    later_s = (played.ends_s - standing.play().ends_s)[:, standing.number("fuji-emergency-copy")]
    assert difference(later_s)["significant"]
    assert float(np.median(later_s)) == pytest.approx(1200, abs=600)


def test_job_that_nobody_may_leave_out_is_not_offered(deck: Estate, tmp_path: Path) -> None:
    """Counters are made ready by whoever; a done or left-out job offers nothing."""
    standing = standing_of(deck, state(deck, tmp_path, 12.0), 1, 20)
    kinds = {(option.kind, option.job) for option in options_of(standing)}
    assert ("hold", "fuji-counter-ready") in kinds
    assert ("skip", "fuji-counter-ready") not in kinds
    assert ("delay", "fuji-remote") in kinds
    assert not {job for _, job in kinds} & set(standing.state.of("done", "skipped"))


def test_circuits_that_are_down_for_good_leave_a_job_without_end(deck: Estate, tmp_path: Path) -> None:
    """With both of Fuji's circuits away the copy never ends: told as the cause, with the carrier to call."""
    plain = as_planned(deck, ORDINARY, 9.5 * HOUR, planned_ends(deck, ORDINARY))
    plain["circuits"] |= {id_: {"state": "down", "since": "21:00"} for id_ in ("fuji-wan-1", "fuji-wan-2")}
    answer = predict(deck, read(deck, tmp_path, plain), replications=30)
    assert answer["fuji.tonight.missed"].value == 1.0
    told = {(matter["about"], matter["why"]): matter for matter in answer.details["matters"]}
    assert ("fuji-emergency-copy", "endless") in told
    assert ("fuji-counter-ready", "endless") not in told
    assert "carriers" in [call["party"] for call in told["fuji-wan-1", "down"]["call"]]
    skip = next(option for option in answer.details["options"] if option["id"] == "skip:fuji-emergency-copy")
    assert skip["effects"][0]["missed_change"]["significant"]


def test_circuit_that_comes_back_lets_the_night_go_on(deck: Estate, tmp_path: Path) -> None:
    """Promised back at 02:00 the copy ends after that, and counters open in time."""
    plain = as_planned(deck, ORDINARY, 9.5 * HOUR, planned_ends(deck, ORDINARY))
    plain["circuits"] |= {id_: {"state": "down", "back": "02:00"} for id_ in ("fuji-wan-1", "fuji-wan-2")}
    answer = predict(deck, read(deck, tmp_path, plain), replications=30)
    copy = next(job for job in answer.details["night"]["jobs"] if job["id"] == "fuji-emergency-copy")
    assert copy["end_s"]["low"] > 14 * HOUR
    assert answer["fuji.tonight.missed"].value < 0.2


def test_contacts_are_roles_of_the_estate(deck: Estate, tmp_path: Path) -> None:
    """For a failed job: who watches, who runs it, the city's section; the helpdesk is closed at night."""
    details = predict(deck, failed_payments(deck, tmp_path), replications=20).details
    (matter,) = details["matters"]
    assert [call["party"] for call in matter["call"]] == ["integrator", "vendors", "fuji-it"]
    assert matter["do"] == deck.records.jobs["fuji-payments"].on_failure
    assert not details["helpdesk"]["open"]
    assert details["runbook"]["volume"] == "operation"


def test_answer_fits_its_schema_and_repeats(deck: Estate, tmp_path: Path) -> None:
    """Same state, same seed: the same document to the byte, in every estate with nights."""
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    duty = failed_payments(deck, tmp_path)
    first = json.dumps(predict(deck, duty, 4, 30).document())
    validator.validate(json.loads(first))
    assert first == json.dumps(predict(deck, duty, 4, 30).document())
    villages = load_estate("tri-villages")
    validator.validate(json.loads(json.dumps(predict(villages, state(villages, tmp_path, 8.0), 4, 30).document())))


def test_held_job_stays_held_until_let_go(small: Estate, tmp_path: Path) -> None:
    """A held copy never ends by itself; letting it go now ends it in every play."""
    standing = standing_of(small, state(small, tmp_path, 10.5, copy={"state": "held"}), 1, 30)
    number = standing.number("copy")
    assert np.isnan(standing.play().outcome.ends[:, number]).all()
    assert np.isnan(standing.play(put_right(standing)).outcome.ends[:, number]).mean() < 0.1


def test_difference_without_any_is_none() -> None:
    """No difference at all has no width; one that is always there leaves zero out; noise does not."""
    assert difference(np.zeros(50)) == {"mean": 0.0, "low": 0.0, "high": 0.0, "significant": False}
    assert difference(np.full(50, 60.0))["significant"]
    assert not difference(np.random.default_rng(2).normal(0.0, 1.0, 50))["significant"]


@pytest.mark.parametrize("name", ["ordinary-night", "night-of-bills", "month-end"])
@pytest.mark.parametrize("hour", [7.7, 10.2, 13.0])
def test_stored_nights_end_within_what_was_predicted(deck: Estate, tmp_path: Path, name: str, hour: float) -> None:
    """From what a night's record says at an hour, at least 85 % of its later ends lie in their intervals of 95 %."""
    record = json.loads((MEASURED / f"{name}.json").read_text(encoding="utf-8"))
    jobs: dict[str, dict[str, Any]] = {}
    for id_, job in record["jobs"].items():
        if job["end_s"] <= hour * HOUR:
            jobs[id_] = {"state": "done", "since": clock(job["begin_s"]), "at": clock(job["end_s"])}
        elif job["begin_s"] <= hour * HOUR:
            jobs[id_] = {"state": "running", "since": clock(job["begin_s"])}
        else:
            jobs[id_] = {"state": "waiting"}
    duty = read(deck, tmp_path, {"date": record["date"], "now": clock(hour * HOUR), "jobs": jobs, "circuits": {}})
    standing: Standing = standing_of(deck, duty, 11, 1000)
    ends_s = standing.play().ends_s
    later = [id_ for id_, job in record["jobs"].items() if job["end_s"] > hour * HOUR]
    assert len(later) >= 4
    inside = []
    for id_ in later:
        low, high = np.quantile(ends_s[:, standing.number(id_)], (0.025, 0.975))
        inside.append(low - 60 <= record["jobs"][id_]["end_s"] <= high + 60)
    assert np.mean(inside) >= 0.85, [id_ for id_, held in zip(later, inside, strict=True) if not held]


def test_stored_nights_are_what_the_plain_form_plays() -> None:
    """The records come from the form without a kernel: begins before ends, one attempt for most, all three nights."""
    for name in ("ordinary-night", "night-of-bills", "month-end"):
        record = json.loads((MEASURED / f"{name}.json").read_text(encoding="utf-8"))
        assert all(0 < job["begin_s"] <= job["end_s"] for job in record["jobs"].values())
        assert {"date", "seed", "jobs"} == set(record)


def test_estate_is_not_changed_by_asking(deck: Estate, tmp_path: Path) -> None:
    """Options copy what they change: the plays that stand are the same before and after."""
    standing = standing_of(deck, failed_payments(deck, tmp_path), 1, 20)
    kept = [np.array(table, copy=True) for table in standing.plays]
    for option in options_of(standing):
        option.plays(standing, standing.plays, standing.now_s + 600)
    put_right(standing)
    assert all(np.array_equal(one, two) for one, two in zip(kept, standing.plays, strict=True))
    assert dataclasses.is_dataclass(standing)
