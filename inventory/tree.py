"""All YAML files of an estate merged into one tree of plain data, with the file and line of every path.

Leaves meaning to others: readings, sources of values and models come afterwards.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inventory.document import Document, Path_, read_document
from inventory.problems import Problem

HEADER_FILE = "estate.yaml"
RECORD_FILE = "addresses.lock.yaml"
KEPT_DOCUMENTS, KEPT_BYTES = 100, 100_000
_documents: dict[tuple[str, str], Document] = {}


@dataclasses.dataclass
class Tree:
    """The merged data. `broken` tells that a file could not be read as a whole, so that records may be missing."""

    data: dict[str, Any]
    places: dict[Path_, tuple[str, int]]
    problems: list[Problem]
    digests: dict[str, str]
    broken: bool = False

    def add(self, path: Path_, problem: str, expected: str) -> None:
        """Note a problem at the nearest known place of `path`; the first problem of a path hides later ones."""
        dotted = ".".join(map(str, path))
        if not any(known.path == dotted and dotted for known in self.problems):
            file, line = self.place(path)
            self.problems.append(Problem(file, line, dotted, problem, expected))

    def place(self, path: Path_) -> tuple[str, int]:
        """Return `(file, line)` of a path or of what encloses it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return (HEADER_FILE, 1)

    def move_places(self, value: Any, old: Path_, new: Path_) -> None:
        """Let everything in `value`, now below `new`, stand where it stood below `old`."""
        keys = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, item in keys:
            place = self.places.get((*old, key))
            if place is not None:
                self.places[*new, key] = place
            self.move_places(item, (*old, key), (*new, key))

    def digest(self, overrides: Mapping[str, str]) -> str:
        """Return the SHA-256 over file names, contents and overrides, in a fixed order."""
        total = hashlib.sha256()
        for name, value in [*sorted(self.digests.items()), *sorted(overrides.items())]:
            total.update(f"{name}\0{value}\0".encode())
        return total.hexdigest()


def read_tree(folder: Path) -> Tree:
    """Read every YAML file below `folder`; the record of addresses counts in the digest alone."""
    tree = Tree({}, {}, [], {})
    if not (folder / HEADER_FILE).exists():
        tree.problems.append(Problem(HEADER_FILE, 0, "", "is missing", "the file that names the estate"))
        tree.broken = True
    for path in sorted(folder.rglob("*.yml")):
        name = path.relative_to(folder).as_posix()
        tree.problems.append(Problem(name, 0, "", "is not read", "the ending `.yaml`"))
        tree.broken = True
    for path in sorted(folder.rglob("*.yaml")):
        document = _document(path, path.relative_to(folder).as_posix())
        tree.digests[document.file] = document.sha256
        if document.file == RECORD_FILE:
            continue
        tree.problems.extend(document.problems)
        if document.data is None:
            tree.broken = True
        else:
            _merge(tree, document)
    return tree


def _document(path: Path, name: str) -> Document:
    """Read a document, or return it as it was read before: variants of an estate share all that they do not replace.

    Nobody changes what a document holds. Only files of which some hundred fit are kept, the last that were read.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= KEPT_BYTES else None
    except OSError:
        content = None
    if content is None:
        return read_document(path, name)
    key = name, hashlib.sha256(content).hexdigest()
    document = _documents.pop(key, None) or read_document(path, name)
    if document.sha256 == key[1]:
        _documents[key] = document
    while len(_documents) > KEPT_DOCUMENTS:
        del _documents[next(iter(_documents))]
    return document


def _merge(tree: Tree, document: Document) -> None:
    """Add a document's records; a record id may stand in one file only."""
    for key, value in document.data.items():
        present = tree.data.get(key)
        if key not in tree.data:
            tree.data[key] = dict(value) if isinstance(value, dict) else value
        elif isinstance(present, dict) and isinstance(value, dict):
            for entry, record in value.items():
                if entry in present:
                    _twice(tree, document, (key, entry))
                else:
                    present[entry] = record
        else:
            _twice(tree, document, (key,))
    for path, line in document.lines.items():
        if path:
            tree.places.setdefault(path, (document.file, line))


def _twice(tree: Tree, document: Document, path: Path_) -> None:
    first = "{}:{}".format(*tree.places[path])
    problem = f"stands twice (first in {first})"
    tree.problems.append(
        Problem(document.file, document.lines[path], ".".join(map(str, path)), problem, "one entry for each id")
    )
