"""What a change to an estate means: entries, addresses, permitted flows. Leaves predictions to whoever makes them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Literal, TypeVar

from pydantic import BaseModel

from inventory.models.estate import Estate
from inventory.walk import walk
from topology.build import build_network
from topology.model import Network
from topology.tables import address_rows

What = Literal["added", "removed", "changed"]
Key = TypeVar("Key")


@dataclasses.dataclass(frozen=True)
class Change:
    """One thing that differs: its name, and how it is said before and after (None where it is not there)."""

    what: What
    name: str
    before: str | None
    after: str | None
    file: str | None = None
    line: int | None = None


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Everything that differs between two estates, each part in a fixed order."""

    entries: tuple[Change, ...]
    sources: tuple[Change, ...]
    addresses: tuple[Change, ...]
    flows: tuple[Change, ...]


def compare_estates(before: Estate, after: Estate) -> Comparison:
    """Return what differs; both estates must be sound.

    An entry that came or went is one change; within one that stayed each value is. Entries name the file and line
    where they stand afterwards.
    """
    old, new = build_network(before), build_network(after)
    return Comparison(
        entries=_with_places(after, _folded(_values(before), _values(after))),
        sources=_with_places(after, _changes(_sources(before), _sources(after))),
        addresses=tuple(_changes(_addresses(before, old), _addresses(after, new))),
        flows=tuple(_changes(_flows(old), _flows(new))),
    )


def _changes(before: Mapping[Key, str], after: Mapping[Key, str]) -> list[Change]:
    names = [*before, *(name for name in after if name not in before)]
    return [
        Change(_what(before, after, name), str(name), before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _what(before: Mapping[Key, str], after: Mapping[Key, str], name: Key) -> What:
    if name not in before:
        return "added"
    return "changed" if name in after else "removed"


def _folded(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """Return changes of values, those of an entry that came or went as one."""
    old, new = (_entries(values) for values in (before, after))
    found = [change for change in _changes(before, after) if _entry(change.name) in old & new]
    gone = [Change("removed", name, _summary(before, name), None) for name in sorted(old - new)]
    come = [Change("added", name, None, _summary(after, name)) for name in sorted(new - old)]
    return sorted([*found, *gone, *come], key=lambda change: change.name)


def _entry(path: str) -> str:
    """Return the entry that a value belongs to: a section's record, such as `circuits.fuji-wan-1`."""
    return ".".join(path.split(".")[:2])


def _entries(values: Mapping[str, str]) -> set[str]:
    return {_entry(path) for path in values}


def _summary(values: Mapping[str, str], entry: str) -> str:
    return values.get(f"{entry}.name", "")


def _values(estate: Estate) -> dict[str, str]:
    """Return every plain value by dotted path; what is absent is left out."""
    return {
        path: f"{value:g}" if isinstance(value, float) else str(value)
        for path, value in walk(estate.records)
        if value is not None and not isinstance(value, BaseModel | dict | tuple)
    }


def _sources(estate: Estate) -> dict[str, str]:
    return {path: f"{one.source} ({one.how}, trust {one.trust})" for path, one in estate.provenance.items()}


def _addresses(estate: Estate, network: Network) -> dict[str, str]:
    rows = address_rows(network, estate)
    return {f"{row.segment} {row.device} {row.interface} {row.use}".strip(): row.address for row in rows}


def _flows(network: Network) -> dict[str, str]:
    return {
        flow.id: f"{flow.source} → {flow.destination} {flow.protocol} "
        + ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in flow.ports)
        for flow in network.flows
    }


def _with_places(estate: Estate, changes: list[Change]) -> tuple[Change, ...]:
    placed = []
    for change in changes:
        file, line = estate.where(change.name) if change.what != "removed" else (None, None)
        placed.append(dataclasses.replace(change, file=file, line=line))
    return tuple(placed)
