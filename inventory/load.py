"""From a folder of YAML files to a valid `Estate`, or to every problem in it at once.

Order: read and merge the files → apply overrides → decide readings → take the sources off the values → validate the
models → apply the rules of `inventory.rules`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from inventory.collector import collector_paused
from inventory.document import Path_
from inventory.lines import with_lines_following
from inventory.models.estate import Estate, EstateRecords
from inventory.names import expected_name
from inventory.problems import EstateInvalid, EstateNotFound, Problem
from inventory.readings import apply_readings
from inventory.rules import check_rules
from inventory.sources import apply_overrides, take_provenance
from inventory.tree import RECORD_FILE, Tree, read_tree
from inventory.wording import MISSING, explain

__all__ = ["ESTATES", "RECORD_FILE", "Examination", "estate_names", "examine", "find_estate", "load_estate"]

ESTATES = Path(__file__).parent / "estates"


@dataclasses.dataclass(frozen=True)
class Examination:
    """What became of an estate: its problems, and the estate where its records are valid and it can be derived from.

    An estate with problems may be used to look for more of them, and for nothing else.
    """

    estate: Estate | None
    problems: tuple[Problem, ...]
    by_rule: Mapping[str, tuple[Problem, ...]] = dataclasses.field(default_factory=dict)


def estate_names() -> list[str]:
    """Return the names of the estates that come with the project."""
    return sorted(path.name for path in ESTATES.iterdir() if path.is_dir())


def find_estate(name_or_folder: str) -> Path:
    """Return the folder of an estate given by name (under `inventory/estates`) or by path.

    Raises EstateNotFound with the nearest valid name.
    """
    known = estate_names()
    if name_or_folder in known:
        return ESTATES / name_or_folder
    folder = Path(name_or_folder)
    if name_or_folder and folder.is_dir():
        return folder
    expected = expected_name(name_or_folder, known)
    raise EstateNotFound(f"no estate `{name_or_folder}`; expected {expected}, or a folder")


def load_estate(name_or_folder: str, overrides: Mapping[str, str] | None = None) -> Estate:
    """Load an estate; `overrides` replaces values by dotted path for this run (`timers.bfd.interval` → `100 ms`).

    Raises EstateNotFound, or EstateInvalid with every problem found.
    """
    found = examine(name_or_folder, overrides)
    if found.estate is None or found.problems:
        raise EstateInvalid(found.problems)
    return found.estate


@collector_paused()
def examine(name_or_folder: str, overrides: Mapping[str, str] | None = None) -> Examination:
    """Read an estate and find everything that is wrong with it; raises EstateNotFound alone."""
    folder = find_estate(name_or_folder)
    given = dict(overrides or {})
    tree = read_tree(folder)
    apply_overrides(tree, given)
    hangs_on = apply_readings(tree)
    provenance = take_provenance(tree)
    records, withheld = _validate(tree)
    if records is None:
        return Examination(None, _sorted(tree.problems, given))
    records = with_lines_following(records, given)
    estate = Estate(
        name=folder.resolve().name,
        folder=str(folder),
        digest=tree.digest(given),
        records=records,
        places={_dotted(path): place for path, place in tree.places.items()},
        provenance={_dotted(path): value for path, value in provenance.items()},
        overrides=given,
        hangs_on=hangs_on,
    )
    found = check_rules(estate, withheld)
    problems = _sorted([*tree.problems, *found.problems], given)
    return Examination(estate if found.grounded and not withheld else None, problems, found.by_rule)


def _validate(tree: Tree) -> tuple[EstateRecords | None, frozenset[tuple[str, str]]]:
    """Return the valid records, and as `(section, id)` those that had to be withheld because they are not valid.

    Where more than single records is at fault there is nothing to return.
    """
    try:
        return EstateRecords.model_validate(tree.data), frozenset()
    except ValidationError as error:
        findings = [(_location(item["loc"]), item) for item in error.errors(include_url=False)]
    for path, (problem, expected) in _worded(findings).items():
        if not (tree.broken and len(path) == 1 and problem == MISSING):
            tree.add(path, problem, expected)
    withheld = frozenset((str(path[0]), str(path[1])) for path, _ in findings if len(path) > 1)
    unknown = {path[0] for path, item in findings if len(path) == 1 and item["type"] == "extra_forbidden"}
    rest = {
        section: {id_: record for id_, record in entries.items() if (section, id_) not in withheld}
        for section, entries in tree.data.items()
        if isinstance(entries, dict) and section not in unknown
    }
    try:
        return EstateRecords.model_validate(rest), withheld
    except ValidationError:
        return None, withheld


def _worded(findings: list[tuple[Path_, ErrorDetails]]) -> dict[Path_, tuple[str, str]]:
    """Return `(problem, expected)` by path; a value that may be of several kinds is one finding.

    The library counts only valid entries, so a list is not too short where an entry of it is at fault.
    """
    result: dict[Path_, tuple[str, str]] = {}
    for path, item in findings:
        below = any(len(other) > len(path) and other[: len(path)] == path for other, _ in findings)
        if item["type"] == "too_short" and below:
            continue
        problem, expected = explain(item, EstateRecords)
        if path in result:
            problem, expected = result[path][0], f"{result[path][1]} or {expected}"
        result[path] = (problem, expected)
    return result


def _location(parts: tuple[int | str, ...]) -> Path_:
    """Return a finding's path without the marks that the library puts in for keys and for kinds of a value."""
    return tuple(part for part in parts if not (isinstance(part, str) and ("[" in part)))


def _dotted(path: Path_) -> str:
    return ".".join(map(str, path))


def _sorted(problems: list[Problem], overrides: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return the problems in order, those of values given for this run marked as such."""
    marked = [
        dataclasses.replace(problem, problem=f"{problem.problem} (given for this run)")
        if any(problem.path == path or problem.path.startswith(f"{path}.") for path in overrides)
        else problem
        for problem in problems
    ]
    return tuple(sorted(set(marked)))
