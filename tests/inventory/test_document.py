"""Reading YAML: core types alone, lines of all values, and no exception for any content."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory import document as module
from inventory.document import read_document

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("inventory", "simulation", "playbooks", "tests/inventory")
    for path in (ROOT / folder).rglob("*.y*ml")
)


@pytest.fixture
def read(tmp_path: Path):  # noqa: ANN201 - a function
    """Return a function that reads text as a document."""

    def _read(text: str | bytes) -> object:
        path = tmp_path / "x.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_document(path, "x.yaml")

    return _read


def test_values_have_the_types_of_yaml_1_2(read) -> None:  # noqa: ANN001
    """`no`, `on`, `08:30`, dates, octal and hexadecimal numbers stay text."""
    document = read("a: [no, on, Yes, 08:30, 2018-04-01, 010, 0x10, 1_000, true, 12, -3, 1.5, ~, '5', \"x\"]\n")
    assert document.data == {
        "a": ["no", "on", "Yes", "08:30", "2018-04-01", "010", "0x10", "1_000", True, 12, -3, 1.5, None, "5", "x"]
    }
    assert document.problems == []


def test_every_value_has_its_line(read) -> None:  # noqa: ANN001
    """A mapping's entry has the line of its key, a list's item its own."""
    document = read("# a comment\na:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n")
    lines = {".".join(map(str, path)): line for path, line in document.lines.items() if path}
    assert lines == {"a": 2, "a.b": 3, "a.c": 4, "a.c.0": 5, "a.c.1": 6, "a.c.1.d": 6}


def test_aliases_are_expanded(read) -> None:  # noqa: ANN001
    """An honest alias gives the same value twice."""
    document = read("a: &x {b: 1}\nc: *x\n")
    assert document.data == {"a": {"b": 1}, "c": {"b": 1}}


def test_byte_order_mark_is_no_part_of_the_first_key(read) -> None:  # noqa: ANN001
    """Editors on Windows write one."""
    assert read("\ufeffa: 1\n").data == {"a": 1}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[" * 5000, "is nested too deeply"),
        ("a: " + "9" * 10_000, "is a number of 10000 characters"),
        ("a: 1.0e999", "1.0e999 is too large"),
        ("a: !!int x", "carries the tag `!!int`"),
        ("a: !!python/object/new:os.system [x]", "carries the tag `!!python/object/new:os.system`"),
        ("? {a: b}\n: c", "a key is not plain text"),
        ("- a\n- b", "is a list"),
        ("text", "is a text"),
        ("a: *b", "is not YAML: found undefined alias 'b'"),
        ("%YAML 9.9\n---\na: b", "is not YAML: found incompatible YAML document (version 1.* is required)"),
    ],
)
def test_strange_content_is_a_problem(read, text: str, problem: str) -> None:  # noqa: ANN001
    """What no estate needs is reported in words, whatever the parser would raise."""
    assert [found.problem for found in read(text).problems] == [problem]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,?\t\n 0.~", max_size=80)))
def test_no_content_raises(tmp_path_factory: pytest.TempPathFactory, text: bytes | str) -> None:
    """Any bytes give data or a problem, and a problem lies inside the file."""
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    raw = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(raw)
    document = read_document(path, "fuzz.yaml")
    assert document.problems or isinstance(document.data, dict)
    assert all(0 <= found.line <= raw.count(b"\n") + raw.count(b"\r") + 2 for found in document.problems)


def test_both_parsers_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """On libyaml's parser and without it every file gives the same data, lines and problems, bad ones included."""
    assert len(FILES) > 40
    assert module._QUICK_LOADER is not module._CoreLoader
    quick = [read_document(path, path.name) for path in FILES]
    monkeypatch.setattr(module, "_QUICK_LOADER", module._CoreLoader)
    assert [read_document(path, path.name) for path in FILES] == quick
