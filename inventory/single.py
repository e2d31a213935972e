"""A YAML file that is one record by itself, such as a scenario: what a model finds in it, with its lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from inventory.document import Document, Path_
from inventory.problems import Problem
from inventory.wording import explain


def findings(document: Document, model: type[BaseModel], value: Any) -> Iterator[Problem]:
    """Yield what the model finds wrong with each value by itself; an empty list where entries are needed is one."""
    try:
        model.model_validate(value)
    except ValidationError as error:
        found = [(tuple(part for part in item["loc"] if part != "[key]"), item) for item in error.errors()]
        for location, item in found:
            below = any(len(other) > len(location) and other[: len(location)] == location for other, _ in found)
            if not (item["type"] == "too_short" and below):
                yield problem_at(document, location, *explain(item, model))


def as_tuples(value: Any) -> Any:
    """Return plain data with its lists as tuples, as the strict models want them."""
    if isinstance(value, list):
        return tuple(as_tuples(item) for item in value)
    return {key: as_tuples(item) for key, item in value.items()} if isinstance(value, dict) else value


def problem_at(document: Document, path: Path_, problem: str, expected: str) -> Problem:
    """Return a problem at the nearest known line of `path`."""
    line = next(document.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in document.lines)
    return Problem(document.file, line, ".".join(map(str, path)), problem, expected)
