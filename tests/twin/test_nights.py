"""`twin simulate batch` and `twin tonight`: answers that fit their schemas, tables that say the same, mistakes told."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

Twin = Callable[..., subprocess.CompletedProcess[str]]
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
QUICK = ("--replications", "20")


@pytest.mark.parametrize("estate", ["fuji-fujinomiya", "tri-villages"])
def test_answer_fits_its_schema_and_the_tables_say_the_same(twin: Twin, estate: str) -> None:
    """Each night and city of the JSON has its line in the table, the same on every run."""
    arguments = ("simulate", "batch", "--estate", estate, *QUICK)
    text = twin(*arguments, "--json").stdout
    document = json.loads(text)
    schema = json.loads((SCHEMAS / "simulate-batch.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    assert twin(*arguments, "--json").stdout == text
    plain = twin(*arguments).stdout
    for night in document["details"]["nights"]:
        assert sum(night["date"] in line for line in plain.splitlines()) >= 2 * len(night["nets"])


def test_one_night_lists_its_jobs_in_either_language(twin: Twin) -> None:
    """Every job of the night has its line; names are in the language asked for."""
    shown = twin("simulate", "batch", "--date", "2026-04-06", "--lang", "ja", *QUICK).stdout
    assert "fuji-asset-tax-assessment" in shown
    assert "富士市 固定資産税 当初賦課計算" in shown
    assert "Assessment" in twin("simulate", "batch", "--date", "2026-04-06", *QUICK).stdout


def test_incident_changes_the_night(twin: Twin, tmp_path: Path) -> None:
    """A close that fails for good makes the counters late; the title stands above."""
    (tmp_path / "night.yaml").write_text(
        "title: Close fails\ntitle_ja: 締め異常終了\nfailures:\n- {job: fuji-day-close, times: 3}\n", encoding="utf-8"
    )
    done = twin("simulate", "batch", "--ordinary", "--scenario", "night.yaml", "--json", *QUICK)
    figures = {figure["id"]: figure["value"] for figure in json.loads(done.stdout)["figures"]}
    assert figures["fuji.ordinary.missed"] == 1.0
    assert figures["fujinomiya.ordinary.missed"] < 1.0
    assert "Close fails" in twin("simulate", "batch", "--ordinary", "--scenario", "night.yaml", *QUICK).stdout


def test_bad_incident_is_told_by_line(twin: Twin, tmp_path: Path) -> None:
    """An unknown job ends with 1, the file's line and the nearest name."""
    (tmp_path / "night.yaml").write_text("title: T\ntitle_ja: T\nfailures:\n- {job: fuji-payment}\n", encoding="utf-8")
    done = twin("simulate", "batch", "--scenario", "night.yaml", expect=1)
    assert "night.yaml:4: failures.0.job: no job `fuji-payment`" in done.stderr
    assert "`fuji-payments`" in done.stderr


def test_job_that_cannot_fit_its_window_is_a_finding(twin: Twin) -> None:
    """A job longer than its window is refused by the estate's rules, with its line."""
    done = twin("simulate", "batch", "--set", "jobs.fuji-payments.takes=9 h", expect=1)
    assert "jobs.fuji-payments.takes: takes 540 min" in done.stderr


def test_estate_without_nights_says_what_to_write(twin: Twin, tmp_path: Path) -> None:
    """Without the section `batch` the message names it, with status 1."""
    import shutil

    folder = tmp_path / "bare"
    shutil.copytree(SCHEMAS.parents[1] / "inventory" / "estates" / "tri-villages", folder)
    text = (folder / "batch.yaml").read_text(encoding="utf-8")
    (folder / "batch.yaml").write_text(text[: text.index("\nbatch:\n") + 1], encoding="utf-8")
    done = twin("simulate", "batch", "--estate", str(folder), expect=1)
    assert "expected a section `batch`" in done.stderr
    assert "Traceback" not in done.stderr


def _failed(twin: Twin, folder: Path) -> Path:
    """Write the state of a night in which Fuji's payments have failed and what follows them waits."""
    state = json.loads(twin("tonight", "--template", "--date", "2026-07-22", "--now", "22:30").stdout)
    state["jobs"]["fuji-payments"] = {"state": "failed", "since": "19:30", "at": "20:05"}
    for id_ in ("fuji-emergency-copy", "fuji-statistics"):
        state["jobs"][id_] = {"state": "waiting"}
    (folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
    return folder / "state.json"


def test_tonight_fits_one_screen_in_either_language(twin: Twin, tmp_path: Path) -> None:
    """The failed job, whom to call, what to decide and until when: on forty lines at most."""
    path = str(_failed(twin, tmp_path))
    english, japanese = (twin("tonight", path, "--lang", language, *QUICK).stdout for language in ("en", "ja"))
    for text, words in (
        (english, ("Fuji: Payments of the day taken in: failed", "call: System integrator", "decide by", "run again")),
        (japanese, ("富士市 収納消込: 異常終了", "連絡: SI事業者", "判断期限", "再実行", "運用編")),
    ):
        assert len(text.splitlines()) <= 40
        for word in words:
            assert word in text
    assert len(twin("tonight", path, "--all", *QUICK).stdout.splitlines()) > len(english.splitlines())


def test_tonight_answers_in_json_and_repeats(twin: Twin, tmp_path: Path) -> None:
    """The document fits its schema and is the same to the byte on every run."""
    path = str(_failed(twin, tmp_path))
    text = twin("tonight", path, "--json", *QUICK).stdout
    schema = json.loads((SCHEMAS / "tonight.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(text))
    assert twin("tonight", path, "--json", *QUICK).stdout == text


def test_state_that_contradicts_itself_is_told_by_path(twin: Twin, tmp_path: Path) -> None:
    """A job that runs before what it waits for has ended: status 1, the path, nothing on stdout."""
    state = json.loads(twin("tonight", "--template", "--date", "2026-07-22", "--now", "22:30").stdout)
    state["jobs"]["fuji-day-close"] = {"state": "waiting"}
    (tmp_path / "state.json").write_text(json.dumps(state, indent=1), encoding="utf-8")
    done = twin("tonight", "state.json", expect=1)
    assert "jobs.fuji-payments.state: is done, but `fuji-day-close`, which it waits for, is waiting" in done.stderr
    assert done.stdout == ""
