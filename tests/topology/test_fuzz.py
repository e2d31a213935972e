"""Whatever is done to an estate's files, checking it ends in an estate or in problems, never in a traceback."""

from __future__ import annotations

import copy
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from bad_estates import GOOD
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.problems import EstateInvalid, Problem
from topology.check import check_estate

CASES = 5000
FILES = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(GOOD.glob("*.yaml"))}
Steps = tuple[Any, ...]


def _paths(value: Any, path: Steps = ()) -> Iterator[Steps]:
    """Yield the path of everything below a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield (*path, key)
        yield from _paths(item, (*path, key))


PLACES = [(name, path) for name, value in FILES.items() for path in _paths(value)]
IDS = sorted({str(path[-1]) for _, path in PLACES if isinstance(path[-1], str)})
ODD = (
    "-1 Gbps",
    "0 s",
    "1 ms",
    "9999999 Gbps",
    "10.0.0.0/8",
    "0.0.0.0/0",
    "::/0",
    "255.255.255.255",
    "1e400 s",
    "100 %",
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(IDS),
    st.sampled_from(ODD),
)
KEYS = st.one_of(st.sampled_from(IDS), st.text(max_size=5))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)
MUTATIONS = st.one_of(
    st.tuples(st.just("remove"), st.none()),
    st.tuples(st.just("replace"), VALUES),
    st.tuples(st.just("rename"), st.one_of(st.sampled_from(IDS), st.text(max_size=12))),
    st.tuples(st.just("graft"), st.sampled_from(PLACES)),
    st.tuples(st.just("source"), VALUES),
)


def _get(value: Any, path: Steps) -> Any:
    for key in path:
        value = value[key]
    return value


def _mutate(files: dict[str, Any], place: tuple[str, Steps], mutation: tuple[str, Any]) -> None:
    """Change one place; a place that an earlier change took away stays as it is."""
    (name, path), (kind, given_) = place, mutation
    try:
        parent = _get(files[name], path[:-1])
        old = parent[path[-1]]
    except (KeyError, IndexError, TypeError):
        return
    if kind == "remove":
        del parent[path[-1]]
    elif kind == "rename" and isinstance(parent, dict):
        parent[given_] = parent.pop(path[-1])
    elif kind == "graft":
        parent[path[-1]] = copy.deepcopy(_get(FILES[given_[0]], given_[1]))
    elif kind == "source":
        parent[path[-1]] = {"value": old, "source": given_, "trust": "L"}
    else:
        parent[path[-1]] = given_


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Return a folder with the good estate, of which each case writes the files that it changes."""
    with tempfile.TemporaryDirectory() as place:
        yield Path(shutil.copytree(GOOD, Path(place) / "estate"))


@settings(
    max_examples=CASES, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(st.tuples(st.sampled_from(PLACES), MUTATIONS), min_size=1, max_size=3))
def test_mutated_estate_is_refused_in_words_or_sound(
    folder: Path, changes: list[tuple[tuple[str, Steps], tuple[str, Any]]]
) -> None:
    """5,000 estates, each with one to three changes: keys removed, renamed, replaced, moved from elsewhere."""
    files = copy.deepcopy({place[0]: FILES[place[0]] for place, _ in changes})
    for place, mutation in changes:
        _mutate(files, place, mutation)
    for name, value in files.items():
        (folder / name).write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")
    try:
        assert all(problem.file and problem.problem for problem in _problems(folder))
    finally:
        for name in files:
            shutil.copy(GOOD / name, folder / name)


def _problems(folder: Path) -> tuple[Problem, ...]:
    try:
        check_estate(str(folder))
    except EstateInvalid as error:
        return error.problems
    return ()
