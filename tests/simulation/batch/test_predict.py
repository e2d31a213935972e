"""Predictions of nights: limits, what is found in a year, chains against the plain form, the schema, both estates."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.batch.chains import shares_on_chain
from simulation.batch.critical_path import deciding_chain
from simulation.batch.night import JobRecord
from simulation.batch.played import play
from simulation.batch.predict import Question, predict
from simulation.batch.year import heaviest_nights, kinds_of_nights, ordinary_night
from simulation.draws import Streams
from simulation.errors import EstateLacks, MechanismInvalid

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "simulate-batch.schema.json"
ORDINARY = Question("ordinary")


def changed(**values: str) -> Estate:
    """Return the deck's estate with values of its section `batch` replaced; `__` stands for a dot."""
    return load_estate("fuji-fujinomiya", {f"batch.{path.replace('__', '.')}": value for path, value in values.items()})


def test_answer_fits_its_schema_and_repeats(deck: Estate) -> None:
    """The same seed gives the same document to the byte, another seed another; it fits what is published."""
    first = predict(deck, seed=7, replications=60).document()
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(json.dumps(first)))
    assert json.dumps(first) == json.dumps(predict(deck, seed=7, replications=60).document())
    assert first["figures"] != predict(deck, seed=8, replications=60).document()["figures"]


def test_ordinary_and_heaviest_nights_are_found(deck: Estate) -> None:
    """The year's kinds cover all nights; the ordinary one is the most frequent; heaviest are the nights of bills."""
    kinds = kinds_of_nights(deck)
    assert sum(len(kind.dates) for kind in kinds) == 365
    assert len(next(kind for kind in kinds if ordinary_night(kinds) in kind.dates).dates) == max(
        len(kind.dates) for kind in kinds if kind.ordinary
    )
    heavy = heaviest_nights(deck, 3, 1, kinds)
    assert heavy[0][0] == dt.date(2026, 4, 6)
    assert [hours for _, hours in heavy] == sorted((hours for _, hours in heavy), reverse=True)
    lightest = load_estate("fuji-fujinomiya", {"form_runs.fixed-asset-tax-bills.rate": "0.001"})
    assert heaviest_nights(lightest, 1, 1, kinds_of_nights(lightest))[0][0] != dt.date(2026, 4, 6)


def test_figures_stand_for_every_city_and_night(deck: Estate) -> None:
    """Slack, deadline slack, two chances and the copy's age, for two cities on four nights."""
    answer = predict(deck, replications=40)
    assert len(answer.figures) == 2 * 4 * 5
    assert len({figure.id for figure in answer.figures}) == len(answer.figures)
    for label in ("ordinary", "heaviest-1", "heaviest-2", "heaviest-3"):
        assert answer[f"fuji.{label}.slack"].value > 0
        assert 8 * 3600 < answer[f"fujinomiya.{label}.copy-age"].value < 24 * 3600


def test_no_failure_no_spread_has_the_slack_of_the_plan() -> None:
    """Without chance the slack is exact: counters are made ready in 10 minutes from 05:00, 200 minutes before 08:30."""
    still = {f"{spread}__{end}": "1" for spread in ("spread", "day_spread") for end in ("low", "high")}
    answer = predict(changed(fails="0", **still), ORDINARY, replications=20)
    slack = answer["fuji.ordinary.slack"]
    assert (slack.value, slack.low, slack.high) == (12000.0, 12000.0, 12000.0)
    assert answer["fuji.ordinary.missed"].value == 0.0


def test_everything_fails() -> None:
    """A chance of 1: every job is given up, counters never open in time, and the run ends."""
    answer = predict(changed(fails="1"), ORDINARY, replications=20)
    assert answer["fuji.ordinary.missed"].value == 1.0
    assert answer["fuji.ordinary.slack"].value == 20.5 * 3600 - 86400
    assert answer["fuji.ordinary.copy-age"].value == 34.5 * 3600


def test_no_work_ends_at_the_releases(deck: Estate) -> None:
    """Jobs that take no time end when they may begin; what is sent still takes its bytes."""
    takes = {f"jobs.{id_}.takes": "0 s" for id_, job in deck.records.jobs.items() if job.calendar == "nightly"}
    answer = predict(load_estate("fuji-fujinomiya", {**takes, "batch.fails": "0"}), ORDINARY, replications=20)
    assert answer["fuji.ordinary.slack"].value == 3.5 * 3600


def test_circuit_without_capacity_to_speak_of_is_late_and_said_so() -> None:
    """Over 1 kbps the emergency copy never arrives: the net does not end, the run does."""
    slow = load_estate("fuji-fujinomiya", {"circuits.fuji-campus.rate": "1 kbps"})
    answer = predict(slow, ORDINARY, replications=20)
    assert answer["fuji.ordinary.missed"].value == 1.0
    assert answer["fujinomiya.ordinary.missed"].value < 0.2


def test_slower_print_line_makes_heavy_nights_later() -> None:
    """The line to print at a tenth moves the end of print data, not that of the close."""
    bills = Question("date", dt.date(2026, 4, 6))
    fast, slow = (
        {job["id"]: job for job in predict(estate, bills, replications=40).details["nights"][0]["jobs"]}
        for estate in (changed(), changed(printing__rate="10 Mbps"))
    )
    assert slow["fuji-asset-tax-print"]["end_s"]["median"] > fast["fuji-asset-tax-print"]["end_s"]["median"] + 3600
    assert slow["fuji-day-close"]["end_s"] == fast["fuji-day-close"]["end_s"]


def test_chains_equal_the_plain_form(deck: Estate) -> None:
    """Over 200 nights each job is as often on the deciding chain as `deciding_chain` says, night by night."""
    played = play(deck, dt.date(2026, 7, 6), Streams(2, 200))
    net, outcome, last = played.layout.net, played.outcome, played.tightest("fuji")
    counted = np.zeros(len(net.jobs))
    for night in range(200):
        records = [
            JobRecord(job.name, *(None if np.isnan(table[night, number]) else float(table[night, number])
                                  for table in (outcome.ready, outcome.begins, outcome.ends)), 1, 0.0, "ended")
            for number, job in enumerate(net.jobs)
        ]  # fmt: skip
        for link in deciding_chain(net, records, net.jobs[last[night]].name):
            counted[net.number[link.name]] += 1
    shares = shares_on_chain(net, outcome, played.plays.releases, last)
    assert shares == pytest.approx(counted / 200)
    assert shares.max() > 0.5


def test_every_estate_with_nights_is_answered(small: Estate) -> None:
    """The villages and the small estate have their ordinary and heaviest nights too."""
    for estate in (small, load_estate("tri-villages")):
        answer = predict(estate, replications=20)
        assert {figure.id.split(".")[1] for figure in answer.figures} == {
            "ordinary", "heaviest-1", "heaviest-2", "heaviest-3",
        }  # fmt: skip
        assert answer.assumed or estate is small


def test_what_cannot_be_asked_is_told(deck: Estate) -> None:
    """No nights at all, no date, an estate without nights."""
    with pytest.raises(MechanismInvalid, match="0 nights are asked for"):
        predict(deck, Question("heaviest", heaviest=0))
    with pytest.raises(MechanismInvalid, match="without the date"):
        predict(deck, Question("date"))
    import dataclasses

    bare = dataclasses.replace(deck, records=deck.records.model_copy(update={"batch": None}))
    with pytest.raises(EstateLacks):
        predict(bare)


def test_progress_goes_from_nothing_to_all(deck: Estate) -> None:
    """It is told how many of how many kinds and nights are done, and changes no figure."""
    told: list[tuple[int, int]] = []
    shown = predict(deck, replications=20, progress=lambda done, total: told.append((done, total)))
    assert shown.figures == predict(deck, replications=20).figures
    assert told[-1] == (4, 4)
