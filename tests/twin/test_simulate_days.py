"""`twin simulate day|year|capacity`: their schemas, tables, errors."""

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
SCHEMAS = ROOT / "docs" / "schemas"


@pytest.mark.parametrize(
    "arguments",
    [
        ("day", "--scenario", "core-host-down-at-ten"),
        ("day", "--estate", "tri-villages", "--date", "2019-01-01"),
        ("year", "--year", "2019"),
        ("year", "--estate", "tri-villages", "--every-day"),
        ("capacity",),
        ("capacity", "--estate", "tri-villages", "--year", "2020"),
    ],
)
def test_answer_fits_its_schema_and_repeats(twin: Twin, arguments: tuple[str, ...]) -> None:
    """Both estates, a failure, a holiday; twice the same to the byte."""
    call = ("simulate", *arguments, "--replications", "2", "--json")
    first = twin(*call).stdout
    schema = (SCHEMAS / f"simulate-{arguments[0]}.schema.json").read_text(encoding="utf-8")
    Draft202012Validator(json.loads(schema)).validate(json.loads(first))
    assert twin(*call).stdout == first


def test_table_names_day_stations_and_circuits(twin: Twin) -> None:
    """What a reader looks for first stands there; what it stands on goes to stderr."""
    done = twin("simulate", "day", "--date", "2019-03-21", "--replications", "2")
    assert done.stdout.startswith("2019-03-21 (春分の日)")
    for text in ("fuji.response", "resident-register", "fuji-wan-1", "design"):
        assert text in done.stdout
    assert "assumed values" in done.stderr


def test_tables_of_year_and_capacity_name_days_and_stations(twin: Twin) -> None:
    """The hardest days; growth, headroom and the first that is full."""
    year = twin("simulate", "year", "--replications", "2").stdout
    assert "28 days played for 365" in year
    assert "2019-03-22" in year
    capacity = twin("simulate", "capacity", "--replications", "2").stdout
    for text in ("first full: dc-fuji-ap (cores)", "growth.normal", "fuji-citizens-ap-2", "racks.dc-rack-4"):
        assert text in capacity


@pytest.mark.parametrize("word", ["year", "capacity"])
def test_year_that_is_out_of_range_ends_with_2(twin: Twin, word: str) -> None:
    """One line, no traceback."""
    done = twin("simulate", word, "--year", "1890", expect=2)
    assert "the fiscal year 1890 is out of range" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("--date", "2018-02-30"), 2, "`2018-02-30` is no day of the calendar"),
        (("--date", "1890-01-01"), 2, "out of range"),
        (("--scenario", "fuji-one-cut-at-tea"), 2, "did you mean `fuji-one-cut-at-ten`"),
        (("--replications", "1"), 2, "1 replication gives no interval: at least 2"),
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
