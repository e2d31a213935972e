"""The record of addresses given out (`addresses.lock.yaml` in the estate): reading, checking and writing it.

Whoever is in it keeps the address for good; entries that left the estate stay in it and are never given out again.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from inventory.document import Document, read_document
from inventory.load import RECORD_FILE
from inventory.problems import EstateInvalid, Problem

_HEAD = """\
# Addresses given out, by entry and by device/interface. Written by `twin addresses --record`.
# Whatever is here keeps its address; what left the estate stays reserved. In a merge keep the lines of both sides;
# where both gave out the same address, drop the later line and record again.
"""


class AddressRecordInvalid(EstateInvalid):
    """The record of addresses cannot be used; every problem in it is in `problems`."""


@dataclasses.dataclass(frozen=True)
class AddressRecord:
    """What was given out: a prefix by entry, an address by `device/interface`."""

    prefixes: dict[str, str]
    addresses: dict[str, str]

    def text(self) -> str:
        """Return the record as YAML, sorted, so that two people's additions merge line by line."""
        return _HEAD + yaml.safe_dump(dataclasses.asdict(self), sort_keys=True, allow_unicode=True)


def read_record(folder: str) -> AddressRecord:
    """Read the record of an estate's folder; an estate that never recorded has an empty one.

    Raises AddressRecordInvalid with every problem found.
    """
    path = Path(folder) / RECORD_FILE
    if not path.exists():
        return AddressRecord({}, {})
    document = read_document(path, RECORD_FILE)
    problems = list(document.problems)
    parts: dict[str, dict[str, str]] = {"prefixes": {}, "addresses": {}}
    if isinstance(document.data, dict):
        for key in set(document.data) - set(parts):
            problems += [_problem(document, (key,), f"unknown key `{key}`", "`prefixes` and `addresses`")]
        parts["prefixes"] = _entries(document, "prefixes", ipaddress.IPv4Network, problems)
        parts["addresses"] = _entries(document, "addresses", ipaddress.IPv4Address, problems)
    if problems:
        raise AddressRecordInvalid(problems)
    return AddressRecord(parts["prefixes"], parts["addresses"])


def write_record(folder: str, record: AddressRecord) -> Path:
    """Write the record beside the estate in one step (a reader sees the old or the new one) and return its path."""
    path = Path(folder) / RECORD_FILE
    fresh = path.with_name(f"{RECORD_FILE}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8") as stream:
            stream.write(record.text())
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path


def _entries(document: Document, part: str, parse: Callable[[str], Any], problems: list[Problem]) -> dict[str, str]:
    """Return one half of the record, noting what is no address and what was given out twice."""
    entries = document.data.get(part)
    if not isinstance(entries, dict):
        problems.append(_problem(document, (part,), "is missing or not a mapping", "a mapping of what was given out"))
        return {}
    result: dict[str, str] = {}
    holders: dict[Any, str] = {}
    for entry, text in entries.items():
        try:
            value = parse(text if isinstance(text, str) else "")
        except ValueError:
            problems.append(_problem(document, (part, entry), f"{text!r} is not an address", "as it was recorded"))
            continue
        if value in holders:
            found = f"{text} stands for `{holders[value]}` as well"
            problems.append(_problem(document, (part, entry), found, "each given out once"))
        holders[value] = entry
        result[entry] = text
    return result


def _problem(document: Document, path: tuple[str, ...], problem: str, expected: str) -> Problem:
    line = document.lines.get(path, document.lines.get(path[:1], 1))
    return Problem(document.file, line, ".".join(path), problem, expected)
