"""One YAML file as plain data with the line of every value. The only place where the project reads YAML from people.

YAML 1.2's core types alone: `no`, `08:30` and dates stay text. Duplicate keys, tabs, alias bombs, oversized or
badly encoded files are problems with their line, never exceptions of the parser.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import yaml

from inventory.problems import Problem

MAX_FILE_BYTES = 2_000_000
MAX_NODES = 200_000

Path_ = tuple[str | int, ...]


class _CoreLoader(yaml.SafeLoader):
    """A composer that resolves only the YAML 1.2 core types; values are made by `_Reader`, never by tags."""


_CoreLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|[0-9]*\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


@dataclasses.dataclass
class Document:
    """The data of one file, the line of each path in it, and what is wrong with it."""

    file: str
    data: Any
    lines: dict[Path_, int]
    problems: list[Problem]


def read_document(path: Path, file: str) -> Document:
    """Read one YAML file; `file` is its name in problems. Nothing is raised for bad content."""
    document = Document(file, None, {(): 1}, [])

    def fail(line: int, problem: str, expected: str) -> Document:
        document.problems.append(Problem(file, line, "", problem, expected))
        return document

    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        return fail(0, f"cannot be read: {error.strerror}", "a YAML file")
    if size > MAX_FILE_BYTES:
        return fail(0, f"has {size} bytes", f"at most {MAX_FILE_BYTES} bytes in one file")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return fail(raw[: error.start].count(b"\n") + 1, "is not valid UTF-8", "UTF-8 text")
    if not text.strip():
        return fail(1, "is empty", "a mapping of records")
    try:
        node = yaml.compose(text, Loader=_CoreLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        source = text.splitlines()[line - 1] if line <= len(text.splitlines()) else ""
        if source[: len(source) - len(source.lstrip())].find("\t") >= 0 or "'\\t'" in str(error.problem):
            return fail(line, "a tab stands where blanks must", "indentation by blanks")
        return fail(line, f"is not YAML: {error.problem}", "well-formed YAML")
    except yaml.YAMLError as error:
        return fail(1, f"is not YAML: {str(error).splitlines()[0]}", "well-formed YAML")
    except RecursionError:
        return fail(1, "is nested too deeply", "a few levels of mappings")
    if node is None:
        return fail(1, "is empty", "a mapping of records")
    reader = _Reader(document)
    try:
        document.data = reader.value(node, ())
    except _TooManyNodes:
        return fail(1, f"expands to more than {MAX_NODES} values through its aliases", "aliases used sparingly")
    except RecursionError:
        return fail(1, "contains itself through an alias", "aliases without cycles")
    if not isinstance(document.data, dict):
        return fail(1, f"is a {_kind(document.data)}", "a mapping of records")
    return document


class _TooManyNodes(Exception):
    """The expanded document is larger than any honest estate."""


class _Reader:
    """Turns composed nodes into plain data, noting lines and duplicate keys."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.count = 0

    def value(self, node: yaml.Node, path: Path_) -> Any:
        """Return the plain value of a node and note the lines of all that is in it."""
        self.count += 1
        if self.count > MAX_NODES:
            raise _TooManyNodes
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem(line, path, "a key is not plain text", "a name")
                continue
            key = str(key_node.value)
            if key in result:
                first = self.document.lines[(*path, key)]
                self._problem(line, (*path, key), f"stands twice (first in line {first})", "one entry for each id")
                continue
            self.document.lines[(*path, key)] = line
            result[key] = self.value(value_node, (*path, key))
        return result

    def _scalar(self, node: yaml.Node) -> Any:
        tag = node.tag.rsplit(":", 1)[-1]
        text = str(node.value)
        if tag == "int":
            return int(text)
        if tag == "float":
            return float(text)
        if tag == "bool":
            return text == "true"
        return None if tag == "null" else text

    def _problem(self, line: int, path: Path_, problem: str, expected: str) -> None:
        self.document.problems.append(Problem(self.document.file, line, ".".join(map(str, path)), problem, expected))


def _kind(value: Any) -> str:
    """Return the word for a value's kind as a person would say it."""
    return {list: "list", str: "text", int: "number", float: "number", bool: "truth value"}.get(type(value), "value")
