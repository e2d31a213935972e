"""From a folder of YAML files to a valid `Estate`, or to every problem in it at once.

Order: read all files → merge by top-level key → apply overrides → apply readings → take provenance off the values →
validate the models → apply the rules of `inventory.rules`.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from inventory.document import Document, Path_, read_document
from inventory.models.estate import Estate, EstateRecords, Provenance
from inventory.problems import EstateInvalid, EstateNotFound, Problem

ESTATES = Path(__file__).parent / "estates"
RECORD_FILE = "addresses.lock.yaml"
_PROVENANCE_KEYS = {"value", "source", "trust", "how"}


def find_estate(name_or_folder: str) -> Path:
    """Return the folder of an estate given by name (under `inventory/estates`) or by path.

    Raises EstateNotFound with the nearest valid name.
    """
    known = sorted(path.name for path in ESTATES.iterdir() if path.is_dir())
    if name_or_folder in known:
        return ESTATES / name_or_folder
    folder = Path(name_or_folder)
    if folder.is_dir():
        return folder
    near = difflib.get_close_matches(name_or_folder, known, 1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    raise EstateNotFound(f"no estate `{name_or_folder}`: known are {', '.join(known)}, or give a folder{hint}")


def load_estate(name_or_folder: str, overrides: Mapping[str, str] | None = None) -> Estate:
    """Load an estate; `overrides` replaces values by dotted path for this run (`timers.bfd.interval` → `100 ms`).

    Raises EstateNotFound, or EstateInvalid with every problem found.
    """
    from inventory.rules import check_rules

    folder = find_estate(name_or_folder)
    gathered = _gather(folder)
    _apply_overrides(gathered, overrides or {})
    _apply_readings(gathered)
    provenance = _take_provenance(gathered)
    records = _validate(gathered)
    if records is None or gathered.problems:
        raise EstateInvalid(gathered.problems)
    places = {".".join(map(str, path)): place for path, place in gathered.places.items() if path}
    estate = Estate(
        name=folder.resolve().name,
        folder=str(folder),
        digest=gathered.digest(overrides or {}),
        records=records,
        places=places,
        provenance={".".join(map(str, path)): value for path, value in provenance.items()},
        overrides=dict(overrides or {}),
    )
    problems = check_rules(estate)
    if problems:
        raise EstateInvalid(problems)
    return estate


@dataclasses.dataclass
class _Gathered:
    """All files of a folder merged into one tree, with the place of every path."""

    tree: dict[str, Any]
    places: dict[Path_, tuple[str, int]]
    problems: list[Problem]
    digests: dict[str, str]

    def add(self, path: Path_, problem: str, expected: str) -> None:
        """Note a problem at the nearest known place of `path`."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                file, line = self.places[path[:length]]
                break
        else:
            file, line = "estate.yaml", 0
        self.problems.append(Problem(file, line, ".".join(map(str, path)), problem, expected))

    def digest(self, overrides: Mapping[str, str]) -> str:
        """Return the SHA-256 over file names, contents and overrides, in a fixed order."""
        total = hashlib.sha256()
        for name, value in [*sorted(self.digests.items()), *sorted(overrides.items())]:
            total.update(f"{name}\0{value}\0".encode())
        return total.hexdigest()


def _gather(folder: Path) -> _Gathered:
    gathered = _Gathered({}, {(): ("estate.yaml", 1)}, [], {})
    files = sorted(path for path in folder.rglob("*.yaml") if path.name != RECORD_FILE)
    if not (folder / "estate.yaml").exists():
        gathered.problems.append(Problem("estate.yaml", 0, "", "is missing", "the file that names the estate"))
    for path in files:
        document = read_document(path, path.relative_to(folder).as_posix())
        gathered.digests[document.file] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        gathered.problems.extend(document.problems)
        if isinstance(document.data, dict):
            _merge(gathered, document)
    return gathered


def _merge(gathered: _Gathered, document: Document) -> None:
    """Add a document's records; a record id may stand in one file only."""
    for path, line in document.lines.items():
        if path:
            gathered.places.setdefault(path, (document.file, line))
    for key, value in document.data.items():
        present = gathered.tree.get(key)
        if present is None:
            gathered.tree[key] = value
        elif isinstance(present, dict) and isinstance(value, dict):
            for entry, record in value.items():
                if entry in present:
                    first = "{}:{}".format(*gathered.places[(key, entry)])
                    line = document.lines[(key, entry)]
                    gathered.problems.append(
                        Problem(
                            document.file,
                            line,
                            f"{key}.{entry}",
                            f"stands twice (first in {first})",
                            "one entry for each id",
                        )
                    )
                else:
                    present[entry] = record
        else:
            line = document.lines[(key,)]
            gathered.problems.append(Problem(document.file, line, key, "stands in two files", "one mapping"))


def _apply_overrides(gathered: _Gathered, overrides: Mapping[str, str]) -> None:
    for dotted, text in overrides.items():
        path = tuple(dotted.split("."))
        target: Any = gathered.tree
        for part in path[:-1]:
            target = target.get(part) if isinstance(target, dict) else None
        if not isinstance(target, dict) or (path[-1] not in target):
            gathered.add(path, "an override names nothing in the estate", "the dotted path of a value that exists")
            continue
        old = target[path[-1]]
        target[path[-1]] = {**old, "value": _scalar(text)} if _is_sourced(old) else _scalar(text)


def _scalar(text: str) -> Any:
    """Return an override's text as the YAML scalar that it would be."""
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    return {"true": True, "false": False, "null": None}.get(text, text)


def _apply_readings(gathered: _Gathered) -> None:
    """Replace every `{reading: NAME, cases: {OPTION: value}}` by the chosen case; a null case drops the entry."""
    readings = gathered.tree.get("readings")
    readings = readings if isinstance(readings, dict) else {}
    choices = {}
    for name, reading in readings.items():
        if isinstance(reading, dict):
            options = reading.get("options")
            choice = reading.get("choice")
            if isinstance(options, dict) and choice not in options:
                gathered.add(("readings", name, "choice"), f"`{choice}` is not an option", _one_of(list(options)))
                choice = next(iter(options), None)
            choices[name] = choice

    def resolve(value: Any, path: Path_) -> tuple[bool, Any]:
        if isinstance(value, list):
            return True, [resolve(item, (*path, index))[1] for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return True, value
        if set(value) == {"reading", "cases"}:
            name, cases = value["reading"], value["cases"]
            if name not in choices:
                gathered.add(path, f"no reading `{name}`", _one_of(list(choices)))
                return True, None
            if not isinstance(cases, dict) or choices[name] not in cases:
                gathered.add(path, f"has no case for `{choices[name]}`", f"a case for every option of `{name}`")
                return True, None
            chosen = cases[choices[name]]
            if chosen is None:
                return False, None
            kept, result = resolve(chosen, (*path, "cases", choices[name]))
            _move_places(gathered, (*path, "cases", choices[name]), path)
            return kept, result
        result = {}
        for key, item in value.items():
            kept, new = resolve(item, (*path, key))
            if kept:
                result[key] = new
        return True, result

    gathered.tree = {key: resolve(value, (key,))[1] for key, value in gathered.tree.items()}


def _move_places(gathered: _Gathered, old: Path_, new: Path_) -> None:
    for path, place in list(gathered.places.items()):
        if path[: len(old)] == old and len(path) > len(old):
            gathered.places[(*new, *path[len(old) :])] = place


def _is_sourced(value: Any) -> bool:
    return isinstance(value, dict) and "value" in value and set(value) <= _PROVENANCE_KEYS


def _take_provenance(gathered: _Gathered) -> dict[Path_, Provenance]:
    """Replace every `{value, source, trust}` by its value and return where the values come from."""
    found: dict[Path_, Provenance] = {}

    def strip(value: Any, path: Path_) -> Any:
        if isinstance(value, list):
            return tuple(strip(item, (*path, index)) for index, item in enumerate(value))
        if not isinstance(value, dict):
            return value
        if not _is_sourced(value):
            return {key: strip(item, (*path, key)) for key, item in value.items()}
        try:
            found[path] = Provenance.model_validate({key: item for key, item in value.items() if key != "value"})
        except ValidationError as error:
            _add_validation(gathered, error, path, Provenance)
        return value["value"]

    gathered.tree = strip(gathered.tree, ())
    return found


def _validate(gathered: _Gathered) -> EstateRecords | None:
    try:
        return EstateRecords.model_validate(gathered.tree)
    except ValidationError as error:
        _add_validation(gathered, error, (), EstateRecords)
        return None


def _add_validation(gathered: _Gathered, error: ValidationError, base: Path_, model: type[BaseModel]) -> None:
    """Turn the library's findings into problems with places and plain words."""
    from inventory.wording import explain

    for item in error.errors(include_url=False):
        location = tuple(part for part in item["loc"] if part != "[key]")
        problem, expected = explain(item, model)
        gathered.add((*base, *location), problem, expected)


def _one_of(names: list[str]) -> str:
    """Return `one of a, b, c`."""
    return "one of " + ", ".join(sorted(map(str, names)))
