"""`twin simulate continuity` as a user runs it: tables, JSON, the guide's examples, and what it refuses."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from guide_pages import steps
from jsonschema import Draft202012Validator

Twin = Callable[..., subprocess.CompletedProcess[str]]
SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "simulate-continuity.schema.json"
QUICK = ("simulate", "continuity", "--replications", "20")


def test_plain_and_json_say_the_same(twin: Twin) -> None:
    """Every lost service and hall of the document stands in the tables."""
    done = twin(*QUICK)
    document = json.loads(twin(*QUICK, "--json").stdout)
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    lines = done.stdout.splitlines()
    for one in document["details"]["services"]:
        assert any(line.split()[:2] == [one["service"], one["city"]] for line in lines)
    for one in document["details"]["halls"]:
        assert f"{one['entered']['mean']:,.0f}" in done.stdout
    counts = document["assumed_counts"]
    assert counts["named"] + counts["others"] == len(document["assumed"])
    assert f"hangs most on {counts['named']} assumed values, stands on {counts['others']} more" in done.stderr


def test_the_question_is_in_the_answer(twin: Twin) -> None:
    """Event, moment and length, so that it can be asked again; the grid shows the order of shutdown."""
    asked = ("--event", "dc-grid", "--at", "2018-07-02 14:00", "--lasts", "90 min", "--seed", "4")
    document = json.loads(twin(*QUICK, *asked, "--json").stdout)
    assert document["question"] == {
        "kind": "continuity", "event": "dc-grid", "at": "2018-07-02 14:00", "lasts": "90 min",
    }  # fmt: skip
    assert document["seed"] == 4
    assert document["details"]["shutdown"]
    assert "Battery left after an orderly shutdown" in twin(*QUICK, *asked).stdout


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("--event", "nowhere"), 2, "nowhere"),
        (("--event", "cities.fuji"), 2, "cannot fail"),
        (("--at", "2018-02-30 10:00"), 2, "is no moment; expected YYYY-MM-DD HH:MM"),
        (("--at", "tomorrow"), 2, "is no moment; expected YYYY-MM-DD HH:MM"),
        (("--lasts", "0 h"), 2, "an event of 0 h"),
        (("--lasts", "long"), 2, "is not a duration"),
        (("--replications", "1"), 2, "1 plays, expected at least 2"),
        (("--set", "continuity.copy_fails=2.0"), 1, "continuity.copy_fails"),
    ],
)
def test_bad_questions_end_with_one_message(twin: Twin, arguments: tuple[str, ...], status: int, message: str) -> None:
    """A clear message and the status of its kind; no traceback."""
    done = twin(*QUICK, *arguments, expect=status)
    assert message in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", [step.command for step in steps("docs/guides/simulation.md", "When the data centre is lost")]
)
def test_examples_of_the_guide_run(twin: Twin, command: str) -> None:
    """As printed, with fewer plays."""
    assert twin(*shlex.split(command)[1:], "--replications", "10").stdout
