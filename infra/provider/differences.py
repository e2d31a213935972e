"""What differs between two JSON values, as property paths; and which differences mean replacement."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from pulumi.provider.experimental.provider import DiffResponse, PropertyDiff, PropertyDiffKind

Change = Literal["add", "delete", "update"]


@dataclasses.dataclass(frozen=True)
class Difference:
    """One difference: the path in the engine's notation (`ports[0].address`) and what happens there."""

    path: str
    change: Change

    @property
    def top(self) -> str:
        """The property that the path starts with."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]


def differences(old: Mapping[str, Any], new: Mapping[str, Any], leave_out: Iterable[str] = ()) -> list[Difference]:
    """Return all differences from `old` to `new`, deepest paths first named; numbers compare by value."""
    ignored = set(leave_out)
    return list(
        _of_mappings(
            {key: value for key, value in old.items() if key not in ignored},
            {key: value for key, value in new.items() if key not in ignored},
            "",
        )
    )


def _of_mappings(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[Difference]:
    for key in sorted({*old, *new}):
        where = _join(path, key)
        if key not in new:
            yield Difference(where, "delete")
        elif key not in old:
            yield Difference(where, "add")
        else:
            yield from _of_values(old[key], new[key], where)


def _of_values(old: Any, new: Any, path: str) -> Iterator[Difference]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_mappings(old, new, path)
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
        for index in range(max(len(old), len(new))):
            where = f"{path}[{index}]"
            if index >= len(new):
                yield Difference(where, "delete")
            elif index >= len(old):
                yield Difference(where, "add")
            else:
                yield from _of_values(old[index], new[index], where)
    elif old != new:
        yield Difference(path, "update")


def _join(path: str, key: str) -> str:
    if not re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", key):
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


_KINDS: dict[tuple[Change, bool], PropertyDiffKind] = {
    ("add", False): PropertyDiffKind.ADD,
    ("add", True): PropertyDiffKind.ADD_REPLACE,
    ("delete", False): PropertyDiffKind.DELETE,
    ("delete", True): PropertyDiffKind.DELETE_REPLACE,
    ("update", False): PropertyDiffKind.UPDATE,
    ("update", True): PropertyDiffKind.UPDATE_REPLACE,
}


def answer(found: Iterable[Difference], replaced_by: Iterable[str]) -> DiffResponse:
    """Return the engine's answer: replacement where a property in `replaced_by` differs, the old one removed first.

    Names on the host are fixed by the inventory, so old and new cannot stand side by side.
    """
    found, replacing = list(found), set(replaced_by)
    replaces = sorted({item.top for item in found if item.top in replacing})
    return DiffResponse(
        changes=bool(found),
        replaces=replaces,
        delete_before_replace=bool(replaces),
        diffs=sorted({item.top for item in found}),
        detailed_diff={
            item.path: PropertyDiff(_KINDS[item.change, item.top in replacing], input_diff=False) for item in found
        },
    )
