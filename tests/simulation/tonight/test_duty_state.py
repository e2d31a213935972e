"""The state file of the operator on duty: every mistake and contradiction by line and path, and the one to fill in."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from inventory.load import load_estate
from inventory.models.estate import Estate
from simulation.errors import ScenarioInvalid, ScenarioNotFound
from simulation.tonight.duty_state import as_planned, clock, load_state
from simulation.tonight.standing import planned_ends

BAD = Path(__file__).parents[1] / "bad_states"
SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "tonight-state.schema.json"
ORDINARY = dt.date(2026, 7, 22)
BY_ITSELF = {"done-without-a-time", "no-such-state", "no-such-time", "unknown-key", "a-list"}


@pytest.mark.parametrize("path", sorted(BAD.glob("*.json")), ids=lambda path: path.stem)
def test_bad_state_is_reported_as_expected(small: Estate, path: Path) -> None:
    """Each bad state yields exactly the lines beside it."""
    with pytest.raises(ScenarioInvalid) as told:
        load_state(path, small)
    expected = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert [str(problem) for problem in told.value.problems] == expected


def test_schema_refuses_what_is_wrong_by_itself() -> None:
    """What can be known without the estate is in the published schema; a state that fits it may still be wrong."""
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for path in sorted(BAD.glob("*.json")):
        if path.stem not in {"empty", "not-json", "twice-the-same-job"}:
            fits = validator.is_valid(json.loads(path.read_text(encoding="utf-8")))
            assert fits is (path.stem not in BY_ITSELF), path.stem


@pytest.mark.parametrize("name", ["fuji-fujinomiya", "tri-villages"])
@pytest.mark.parametrize("hour", [0.5, 8.0, 10.5, 14.25, 20.0])
def test_state_to_fill_in_is_sound_at_any_hour(tmp_path: Path, name: str, hour: float) -> None:
    """What `--template` writes is read back without a problem, and has every job in the state that the plan has it."""
    estate = load_estate(name)
    ends = planned_ends(estate, ORDINARY)
    state = as_planned(estate, ORDINARY, hour * 3600, ends)
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(state)
    (tmp_path / "state.json").write_text(json.dumps(state, indent="\t"), encoding="utf-8")
    read = load_state(tmp_path / "state.json", estate)
    assert set(read.of("done")) == {job for job, (_, end_s) in ends.items() if end_s <= hour * 3600}
    assert read.now_in_night_s == hour * 3600


def test_times_count_from_noon() -> None:
    """00:30 comes after 23:30; minutes begun are shown."""
    assert [clock(hours * 3600) for hours in (0, 11.5, 12.5, 20.5)] == ["12:00", "23:30", "00:30", "08:30"]
    assert clock(12.5 * 3600 + 59.9) == "00:30"


def test_file_that_cannot_be_read_is_told(tmp_path: Path, small: Estate) -> None:
    """No file, a folder, bytes that are no text: one line each."""
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(ScenarioNotFound, match="cannot be read"):
            load_state(path, small)
    (tmp_path / "bytes.json").write_bytes(b"{\n\xff}")
    with pytest.raises(ScenarioInvalid, match=r"bytes\.json:2: \(file\): is not valid UTF-8"):
        load_state(tmp_path / "bytes.json", small)
