"""One YAML file as plain data with the line of every value. The only place where the project reads YAML from people.

YAML 1.2's core types alone: `no`, `08:30` and dates stay text. Duplicate keys, tabs, alias bombs, oversized or
badly encoded files are problems with their line, never exceptions of the parser.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import math
import re
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.resolver import Resolver

from inventory.problems import Problem

MAX_FILE_BYTES = 500_000
MAX_NODES = 100_000
MAX_DIGITS = 30

Path_ = tuple[str | int, ...]


class _CoreLoader(yaml.SafeLoader):
    """A composer that resolves only the YAML 1.2 core types; values are made by `_Reader`, never by tags."""


_CORE_TYPES = {
    "bool": (r"true|false", "tf"),
    "int": (r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    "float": (r"[-+]?(?:[0-9]+\.[0-9]*|[0-9]*\.[0-9]+)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    "null": (r"null|~|", ["n", "~", ""]),
}
_COLLECTION_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_CoreLoader.yaml_implicit_resolvers = {}
for _tag, (_pattern, _first) in _CORE_TYPES.items():
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def _quick_loader() -> type[Any]:
    """Return the same loader on libyaml's parser, which is ten times as quick.

    Nodes are still composed here, where deep nesting ends as an error. What this loader refuses is read again by
    `_CoreLoader`, whose words say more; a PyYAML without libyaml has that one alone.
    """
    try:
        from yaml._yaml import CParser
    except ImportError:
        return _CoreLoader

    class _QuickLoader(Composer, CParser, Resolver):
        def __init__(self, stream: str) -> None:
            CParser.__init__(self, stream)
            Composer.__init__(self)
            Resolver.__init__(self)

    _QuickLoader.yaml_implicit_resolvers = _CoreLoader.yaml_implicit_resolvers
    return _QuickLoader


_QUICK_LOADER = _quick_loader()


@dataclasses.dataclass
class Document:
    """The data of one file, the line of each path in it, what is wrong with it, and the digest of its bytes."""

    file: str
    data: Any
    lines: dict[Path_, int]
    problems: list[Problem]
    sha256: str = ""

    def fail(self, line: int, problem: str, expected: str) -> Document:
        """Note a problem of the file as a whole and return the document."""
        self.problems.append(Problem(self.file, line, "", problem, expected))
        return self


def read_document(path: Path, file: str) -> Document:
    """Read one YAML file; `file` is its name in problems. Nothing is raised for bad content."""
    document = Document(file, None, {(): 1}, [])
    text = _read_text(document, path)
    return document if text is None else _parsed(document, text)


def read_mapping(text: str, file: str) -> Document:
    """Read a mapping that stands somewhere else as text, such as a cell of a list; `file` is its name in problems."""
    return _parsed(Document(file, None, {(): 1}, []), text)


def _parsed(document: Document, text: str) -> Document:
    """Fill a document with the data of its text, or with what is wrong with it."""
    node = _compose(document, text)
    if node is None:
        return document if document.problems else document.fail(1, "is empty", "a mapping of records")
    try:
        data = _Reader(document).value(node, ())
    except _TooManyNodesError:
        return document.fail(
            1, f"holds more than {MAX_NODES} values, those of aliases included", "aliases used sparingly"
        )
    except RecursionError:
        return document.fail(1, "contains itself through an alias", "aliases without cycles")
    if not isinstance(data, dict):
        return document.fail(1, f"is a {_kind(data)}", "a mapping of records")
    document.data = data
    return document


def _read_text(document: Document, path: Path) -> str | None:
    """Return the text of a file, or None with the reason noted."""
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        document.fail(0, f"cannot be read: {error.strerror}", "a YAML file")
        return None
    if size > MAX_FILE_BYTES:
        document.fail(0, f"has {size} bytes", f"at most {MAX_FILE_BYTES} bytes in one file")
        return None
    document.sha256 = hashlib.sha256(raw).hexdigest()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        document.fail(raw[: error.start].count(b"\n") + 1, "is not valid UTF-8", "UTF-8 text")
        return None


def _compose(document: Document, text: str) -> yaml.Node | None:
    """Return the root node of the text, or None with the parser's finding noted in plain words."""
    with contextlib.suppress(yaml.YAMLError, RecursionError):
        return yaml.compose(text, Loader=_QUICK_LOADER)
    try:
        return yaml.compose(text, Loader=_CoreLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        source = "".join(text.split("\n")[line - 1 : line])
        indent = source[: len(source) - len(source.lstrip())]
        if "\t" in indent or "'\\t'" in str(error.problem):
            document.fail(line, "a tab stands where blanks must", "indentation by blanks")
        elif error.context == "expected a single document in the stream":
            document.fail(line, "starts a second document", "one document in a file")
        else:
            document.fail(line, f"is not YAML: {error.problem}", "well-formed YAML")
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        document.fail(line, f"contains the character U+{error.character:04X}", "printable text")
    except RecursionError:
        document.fail(1, "is nested too deeply", "a few levels of mappings")
    return None


class _TooManyNodesError(Exception):
    """The expanded document is larger than any honest estate."""


class _Reader:
    """Turns composed nodes into plain data, noting lines, duplicate keys and values that are not plain."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.count = 0

    def value(self, node: yaml.Node, path: Path_) -> Any:
        """Return the plain value of a node and note the lines of all that is in it."""
        self.count += 1
        if self.count > MAX_NODES:
            raise _TooManyNodesError
        line = node.start_mark.line + 1
        self.document.lines.setdefault(path, line)
        if isinstance(node, yaml.CollectionNode) and node.tag not in _COLLECTION_TAGS:
            self._problem(line, path, *_tagged(node.tag))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        try:
            return _scalar(str(node.tag), str(node.value))
        except ValueError as error:
            self._problem(line, path, *str(error).split("|"))
            return None

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

    def _problem(self, line: int, path: Path_, problem: str, expected: str) -> None:
        self.document.problems.append(Problem(self.document.file, line, ".".join(map(str, path)), problem, expected))


def _scalar(tag: str, text: str) -> Any:
    """Return a plain value; raises ValueError (`problem|expected`) for tags and numbers that no estate needs."""
    if tag == "!":
        return text
    kind = tag.removeprefix("tag:yaml.org,2002:")
    if kind == "str":
        return text
    pattern = _CORE_TYPES.get(kind)
    if pattern is None or not re.fullmatch(pattern[0], text):
        raise ValueError("|".join(_tagged(tag)))
    if kind == "bool":
        return text == "true"
    if kind == "null":
        return None
    if len(text) > MAX_DIGITS:
        raise ValueError(f"is a number of {len(text)} characters|at most {MAX_DIGITS}")
    number = int(text) if kind == "int" else float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large|a number that a computer can hold")
    return number


def _tagged(tag: str) -> tuple[str, str]:
    """Return `(problem, expected)` for a tag that someone wrote."""
    return f"carries the tag `{tag.replace('tag:yaml.org,2002:', '!!')}`", "a value without a tag"


def _kind(value: Any) -> str:
    """Return the word for a value's kind as a person would say it."""
    return {list: "list", str: "text", int: "number", float: "number", bool: "truth value"}.get(type(value), "value")
