"""Every rule and every kind of parser error has its pair of bad estate and expected message."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from bad_estates import GOOD, Pair, make_estate, pairs, problem_lines

from inventory.load import examine
from inventory.rules import GROUND_RULES, SENSE_RULES, rule_name

PAIRS = pairs()
RULES = {rule_name(rule) for rule in (*GROUND_RULES, *SENSE_RULES)}
STAGES = {"parser", "model", "readings", "addresses", "economics"}
PARSER_ERRORS = {
    "alias-bomb",
    "broken-yaml",
    "circuit-with-one-end",
    "duplicate-id",
    "duplicate-id-across-files",
    "empty-file",
    "exhausted-pool",
    "missing-file",
    "negative-rate",
    "not-utf-8",
    "overlapping-pools",
    "tab",
    "unknown-key",
    "wrong-unit",
}


def test_good_estate_has_no_problem() -> None:
    """What the pairs change is a good estate, so that each problem comes from the change."""
    assert problem_lines(GOOD) == []


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.folder.name)
def test_bad_estate_is_reported_as_expected(pair: Pair, tmp_path: Path) -> None:
    """A bad estate yields exactly the expected lines: file, line, path, problem, expectation."""
    folder = make_estate(pair.folder, tmp_path / "estate")
    assert pair.expected
    assert problem_lines(folder) == pair.expected


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.change["shows"] in RULES], ids=lambda p: p.folder.name)
def test_rule_named_by_the_pair_finds_it(pair: Pair, tmp_path: Path) -> None:
    """The rule for which a pair stands is one of those that find something in it."""
    found = examine(str(make_estate(pair.folder, tmp_path / "estate")))
    assert pair.change["shows"] in found.by_rule


def test_every_rule_has_a_pair(record_property: pytest.RecordProperty) -> None:
    """No rule exists without a bad estate that shows its message, and no pair for a rule that is gone."""
    shown = {pair.change["shows"] for pair in PAIRS}
    record_property("pairs", len(PAIRS))
    record_property("rules", len(RULES))
    assert RULES - shown == set()
    assert shown - RULES == STAGES
    assert {pair.folder.name for pair in PAIRS} >= PARSER_ERRORS


def test_scalar_of_ten_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    """A file too large to be an estate's is refused by its size, before it is parsed."""
    folder = tmp_path / "estate"
    shutil.copytree(GOOD, folder)
    (folder / "large.yaml").write_bytes(b"text: " + b"x" * 10_000_000)
    start = time.perf_counter()
    assert problem_lines(folder) == [
        "large.yaml:0: (file): has 10000006 bytes; expected at most 500000 bytes in one file"
    ]
    assert time.perf_counter() - start < 2


def test_alias_bomb_ends_quickly(tmp_path: Path) -> None:
    """A hundred million values behind a few aliases cost no more than the limit of values."""
    folder = make_estate(GOOD.parent / "bad" / "alias-bomb", tmp_path / "estate")
    start = time.perf_counter()
    assert len(problem_lines(folder)) == 1
    assert time.perf_counter() - start < 3


def test_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    """A folder, or a link to nothing, where a file is expected is reported, not raised."""
    folder = tmp_path / "estate"
    shutil.copytree(GOOD, folder)
    (folder / "gone.yaml").symlink_to("nowhere.yaml")
    assert problem_lines(folder) == [
        "gone.yaml:0: (file): cannot be read: No such file or directory; expected a YAML file"
    ]
