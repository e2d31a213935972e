"""What the headings of lists mean: the trade's usual ones (`headings.yaml`), and what a mapping file adds to them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from inventory.document import Document, read_document
from inventory.names import expected_name
from inventory.problems import Problem
from topology.imports.text import folded, same

DEFAULTS = Path(__file__).parent / "headings.yaml"
UNITS = ("bps", "kbps", "Mbps", "Gbps", "W", "kW", "VA", "kVA", "kg", "t", "MiB", "GiB", "MB", "GB", "ms", "s", "U")
_UNIT = re.compile(rf"^(?P<rest>.+?)(?:\s*[(\[]|\s+|(?<=[^\x00-\x7f]))(?P<unit>{'|'.join(UNITS)})[)\]]?$")
_PUNCTUATION = re.compile(r"[\s・/／_\-()\[\]【】:：.．*※#]")
_KEYS = ("titles", "fields", "ids", "kinds", "skip")


class MappingInvalid(Exception):
    """A mapping file has problems; all of them are in `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems in the order of lines."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclasses.dataclass(frozen=True)
class ListKind:
    """A kind of list: what its sheets are called, which fields it has by heading, which of them it must have."""

    name: str
    titles: frozenset[str]
    fields: Mapping[str, str]
    shown: Mapping[str, str]
    needs: tuple[str, ...]

    def field(self, heading: Any) -> tuple[str, str | None] | None:
        """Return `(field, unit)` of a heading, or None where no field has it."""
        for text, unit in _readings(heading):
            name = self.fields.get(key(text))
            if name is not None:
                return name, unit
        return None


@dataclasses.dataclass(frozen=True)
class Headings:
    """Every kind of list by name; `ids` are ids by the names of lists, `kinds` kinds of equipment by words of lists."""

    lists: Mapping[str, ListKind]
    ids: Mapping[str, str] = dataclasses.field(default_factory=dict)
    kinds: Mapping[str, str] = dataclasses.field(default_factory=dict)
    skip: frozenset[str] = frozenset()


def key(text: str) -> str:
    """Return what two spellings of one heading have in common."""
    return _PUNCTUATION.sub("", folded(text)).casefold()


@cache
def _defaults() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    return found


def read_headings(mapping: Path | None = None) -> Headings:
    """Return the usual headings with those of a mapping file; raises MappingInvalid with every problem of the file."""
    given = _read_mapping(mapping) if mapping else {}
    lists = {}
    for name, default in _defaults().items():
        fields = {key(heading): field for field, all_ in default["fields"].items() for heading in all_}
        own = given.get("fields", {}).get(name, {})
        fields |= {key(heading): field for field, all_ in own.items() for heading in all_}
        titles = [*default["titles"], *given.get("titles", {}).get(name, ())]
        shown = {field: all_[0] for field, all_ in default["fields"].items()}
        lists[name] = ListKind(name, frozenset(map(key, titles)), fields, shown, tuple(default["needs"]))
    ids = {same(text): id_ for text, id_ in given.get("ids", {}).items()}
    kinds = {same(text): kind for text, kind in given.get("kinds", {}).items()}
    return Headings(lists, ids, kinds, frozenset(map(key, given.get("skip", ()))))


def _readings(heading: Any) -> list[tuple[str, str | None]]:
    """Return a heading as it stands, then without what may be a unit."""
    text = folded(heading)
    found = _UNIT.match(text)
    return [(text, None), *([(found["rest"], found["unit"])] if found else [])]


def _read_mapping(path: Path) -> dict[str, Any]:
    document = read_document(path, path.name)
    if document.data is None:
        raise MappingInvalid(document.problems)
    problems = [
        *document.problems,
        *(_problem(document, (name,), f"unknown key `{name}`", expected_name(name, _KEYS))
          for name in document.data if name not in _KEYS),
    ]  # fmt: skip
    result = {name: _part(document, name, problems) for name in _KEYS if name in document.data}
    if problems:
        raise MappingInvalid(problems)
    return result


def _part(document: Document, name: str, problems: list[Problem]) -> Any:
    """Return one part of a mapping with a list of texts wherever one text stands, noting what is neither."""
    value = document.data[name]
    if name == "skip":
        return _texts(document, (name,), value, problems)
    if not isinstance(value, dict):
        problems.append(_problem(document, (name,), "is no mapping", "a mapping"))
        return {}
    if name in {"ids", "kinds"}:
        return {text: str(one) for text, one in value.items()}
    result: dict[str, Any] = {}
    for list_name, inner in value.items():
        known = _defaults().get(list_name)
        if known is None:
            problems.append(
                _problem(document, (name, list_name), "no such list", expected_name(list_name, _defaults()))
            )
        elif name == "titles":
            result[list_name] = _texts(document, (name, list_name), inner, problems)
        else:
            result[list_name] = _fields(document, (name, list_name), inner, known["fields"], problems)
    return result


def _fields(
    document: Document, path: tuple[str, str], value: Any, known: Mapping[str, Any], problems: list[Problem]
) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        problems.append(_problem(document, path, "is no mapping", "headings by field"))
        return {}
    problems += [
        _problem(document, (*path, field), "no such field", expected_name(field, known))
        for field in value if field not in known
    ]  # fmt: skip
    return {field: _texts(document, (*path, field), one, problems) for field, one in value.items()}


def _texts(document: Document, path: tuple[str, ...], value: Any, problems: list[Problem]) -> list[str]:
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) and text for text in texts):
        problems.append(_problem(document, path, "is no text", "a heading, or a list of headings"))
        return []
    return texts


def _problem(document: Document, path: tuple[str, ...], problem: str, expected: str) -> Problem:
    return Problem(document.file, document.lines.get(path, 1), ".".join(path), problem, expected)
