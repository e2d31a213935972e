"""`twin compare` and `twin sweep` as a planner runs them: files, revisions, exit codes, mistakes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from simulation.schemas import KINDS, NAMES, kind_text, schema_text

Twin = Callable[..., subprocess.CompletedProcess[str]]
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
RUN = ("simulate", "failover", "fuji-one-cut", "--replications", "40", "--json")


@pytest.mark.parametrize("name", NAMES)
def test_schema_in_the_repository_is_the_one_that_is_made(name: str, twin: Twin) -> None:
    """`twin schema NAME` prints what stands in docs/schemas."""
    stated = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert schema_text(name) == stated
    assert twin("schema", name).stdout == stated


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_what_all_answers_share(kind: str) -> None:
    """Its schema says itself what its details are; the rest is that of `answer`."""
    stated = (SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert kind_text(stated) == stated


def _valid(name: str, text: str) -> dict[str, object]:
    document: dict[str, object] = json.loads(text)
    Draft202012Validator(json.loads(schema_text(name))).validate(document)
    return document


def test_two_runs_are_compared_and_a_worse_one_ends_with_1(twin: Twin, tmp_path: Path) -> None:
    """The same run twice is no difference; without BFD it is worse, in words and as JSON."""
    (tmp_path / "a.json").write_text(twin(*RUN).stdout, encoding="utf-8")
    _valid("answer", (tmp_path / "a.json").read_text(encoding="utf-8"))
    (tmp_path / "b.json").write_text(twin(*RUN, "--set", "timers.bfd.enabled=false").stdout, encoding="utf-8")
    same = twin("compare", "a.json", "a.json")
    assert "no difference" in same.stdout
    worse = twin("compare", "a.json", "b.json", expect=1)
    assert "- fuji.outage" in worse.stdout
    document = _valid("compare", twin("compare", "a.json", "b.json", "--json", expect=1).stdout)
    assert document["before"] != document["after"]
    assert "+ fuji.outage" in twin("compare", "b.json", "a.json").stdout


def test_estate_is_compared_with_its_revision(twin: Twin) -> None:
    """The same question is asked of both; the estate as it is here is `.`."""
    shown = twin("compare", "HEAD", ".", "--ask", "failover", "--with", "scenario=fuji-one-cut", "--replications", "20")
    assert "fuji.outage" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a.json", "."), "a run is compared with a run"),
        ((".", "."), "say with --ask what to ask of both"),
        ((".", ".", "--ask", "failover", "--with", "fuji-one-cut"), "is not KEY=VALUE"),
        (("no-such-revision", ".", "--ask", "failover", "--with", "scenario=fuji-one-cut"), "no `no-such-revision`"),
        (("broken.json", "a.json"), "expected what `twin simulate"),
        (("other.json", "a.json"), "other.json: the whole"),
    ],
)
def test_sides_that_cannot_be_compared_are_told(
    twin: Twin, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    """Wrong use ends with 2 and says what was expected."""
    (tmp_path / "a.json").write_text(twin(*RUN).stdout, encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")
    done = twin("compare", *arguments, expect=2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_sweep_over_a_grid_names_every_variant(twin: Twin, tmp_path: Path) -> None:
    """Each combination is a row; a value that breaks a rule is told and ends the command with 1."""
    file = tmp_path / "grid.yaml"
    file.write_text(
        "title: timers\nreplications: 20\nquestion: {kind: failover, scenario: fuji-one-cut}\n"
        "grid: {timers.bfd.interval: [100 ms, 300 ms]}\n"
    )
    document = json.loads(twin("sweep", "grid.yaml", "--json").stdout)
    assert [one["values"]["timers.bfd.interval"] for one in document["variants"]] == ["100 ms", "300 ms"]
    assert document == json.loads(twin("sweep", "grid.yaml", "--json", "--workers", "2").stdout)
    file.write_text(file.read_text().replace("300 ms", "300 m"))
    refused = twin("sweep", "grid.yaml", expect=1)
    assert "timers.bfd.interval" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_sweep_that_finds_nothing_ends_with_1(twin: Twin, tmp_path: Path) -> None:
    """A bound that is never kept is told with what both ends show; a file with a mistake names its line."""
    file = tmp_path / "search.yaml"
    file.write_text(
        "title: never\nreplications: 20\nquestion: {kind: failover, scenario: fuji-one-cut}\n"
        "search: {vary: timers.bfd.interval, from: 100 ms, to: 300 ms, find: least, "
        "where: {figure: fuji.outage, at_most: 0.0001}}\n"
    )
    assert "holds nowhere" in twin("sweep", "search.yaml", expect=1).stderr
    file.write_text("title: no question\ngrid: {a: [1]}\n")
    assert "search.yaml:" in twin("sweep", "search.yaml", expect=1).stderr
