"""`twin simulate day`: its schema, its table, its errors."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

Twin = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "schemas" / "simulate-day.schema.json"


@pytest.mark.parametrize(
    "arguments",
    [("--scenario", "core-host-down-at-ten"), ("--estate", "tri-villages", "--date", "2019-01-01")],
)
def test_answer_fits_its_schema_and_repeats(twin: Twin, arguments: tuple[str, ...]) -> None:
    """Both estates, a failure, a holiday; twice the same to the byte."""
    call = ("simulate", "day", *arguments, "--replications", "3", "--json")
    first = twin(*call).stdout
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(json.loads(first))
    assert twin(*call).stdout == first


def test_table_names_day_stations_and_circuits(twin: Twin) -> None:
    """What a reader looks for first stands there; stderr is silent off a terminal."""
    done = twin("simulate", "day", "--date", "2019-03-21", "--replications", "2")
    assert done.stdout.startswith("2019-03-21 (Thursday, 春分の日)")
    for text in ("fuji.response", "resident-register", "fuji-wan-1", "design", "assumed"):
        assert text in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("--date", "2018-02-30"), 2, "`2018-02-30` is no day of the calendar"),
        (("--date", "1890-01-01"), 2, "out of range"),
        (("--scenario", "fuji-one-cut-at-tea"), 2, "did you mean `fuji-one-cut-at-ten`"),
        (("--replications", "1"), 2, "--replications"),
        (("--set", "demand.think=soon"), 1, "demand.think"),
    ],
)
def test_errors_are_one_line_without_a_traceback(
    twin: Twin, arguments: tuple[str, ...], status: int, message: str
) -> None:
    """Days that are none, unknown scenarios, too few runs, bad values."""
    done = twin("simulate", "day", *arguments, expect=status)
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_estate_without_demand_ends_with_1(twin: Twin, tmp_path: Path) -> None:
    """The section that is missing is named."""
    folder = tmp_path / "bare"
    shutil.copytree(ROOT / "inventory" / "estates" / "tri-villages", folder)
    (folder / "load.yaml").unlink()
    done = twin("simulate", "day", "--estate", str(folder), expect=1)
    assert "expected a section `load`" in done.stderr
