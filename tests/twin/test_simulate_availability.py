"""`twin simulate availability` as a user runs it: tables, JSON, the guide's examples, and what it refuses."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from guide_pages import steps
from jsonschema import Draft202012Validator

Twin = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "schemas" / "simulate-availability.schema.json"
QUICK = ("simulate", "availability", "--estate", "tri-villages", "--replications", "5")


def test_plain_and_json_say_the_same(twin: Twin) -> None:
    """The table has every service of the document, weakest promise and sensitivity included; progress is silent."""
    done = twin(*QUICK)
    document = json.loads(twin(*QUICK, "--json").stdout)
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    for one in document["details"]["services"]:
        assert f"{one['minutes']:.1f} ± {one['half_width_minutes']:.1f}" in done.stdout
    assert document["details"]["sensitivity"][0]["path"] in done.stdout
    counts = document["assumed_counts"]
    assert counts["named"] + counts["others"] == len(document["assumed"])
    assert f"hangs most on {counts['named']} assumed values, stands on {counts['others']} more" in done.stderr


def test_counter_hours_and_overrides_are_of_the_question(twin: Twin) -> None:
    """What was asked stands in the document, so that it can be asked again."""
    options = ("--hours", "counter", "--years", "2", "--seed", "9", "--set", "failure_figures.router.mtbf=1000 h")
    document = json.loads(twin(*QUICK, *options, "--json").stdout)
    assert document["question"] == {"kind": "availability", "hours": "counter", "years": 2.0}
    assert (document["seed"], document["replications"]) == (9, 5)
    assert document["overrides"] == {"failure_figures.router.mtbf": "1000 h"}
    assert document["details"]["per"].startswith("counter hours: ")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("--service", "resident-registri"), 2, "no service `resident-registri`"),
        (("--years", "0"), 2, "lives of 0 years, expected more than 0"),
        (("--years", "nan"), 2, "lives of nan years"),
        (("--years", "1e9"), 2, "at most 1000"),
        (("--replications", "1"), 2, "1 replications, expected at least 2"),
        (("--hours", "night"), 2, "'night' is not one of"),
        (("--set", "failure_figures.router.mtbf=0 h"), 1, "expected 0 < mttr < mtbf"),
        (("--set", "failure_figures.router.mtbf=often"), 1, "is not a duration"),
        (("--set", "failure_figures.ruoter.mtbf=1 h"), 1, "nearest `router`"),
    ],
)
def test_bad_questions_end_with_one_message(twin: Twin, arguments: tuple[str, ...], status: int, message: str) -> None:
    """A clear message and the status of its kind; no traceback."""
    done = twin(*QUICK, *arguments, expect=status)
    assert message in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_an_estate_without_figures_is_told_what_it_lacks(twin: Twin, tmp_path: Path) -> None:
    """Without `failures.yaml` the estate is sound but for its figures, and says which section is missing."""
    bare = tmp_path / "bare"
    shutil.copytree(ROOT / "inventory" / "estates" / "tri-villages", bare)
    (bare / "failures.yaml").write_text("failure_figures: {}\n", encoding="utf-8")
    done = twin("simulate", "availability", "--estate", str(bare), expect=None)
    assert done.returncode in (1, 2)
    assert "has no section `availability`" in done.stderr


@pytest.mark.parametrize(
    "command", [step.command for step in steps("docs/guides/simulation.md", "Failures over years")]
)
def test_examples_of_the_guide_run(twin: Twin, command: str) -> None:
    """As printed, with fewer lives."""
    assert twin(*shlex.split(command)[1:], "--replications", "3").stdout
