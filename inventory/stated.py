"""What stands in the files for each value that has a source, as written there: `4 h`, `0.35`, `"08:30"`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inventory.sources import is_sourced
from inventory.tree import read_tree


def stated_values(folder: str | Path) -> dict[str, Any]:
    """Return `dotted path → value as written` of every sourced value of an estate's folder."""
    found: dict[str, Any] = {}

    def walk(value: Any, path: tuple[str, ...]) -> None:
        if is_sourced(value):
            found[".".join(path)] = value["value"]
            walk(value["value"], path)
        elif isinstance(value, dict):
            for key, item in value.items():
                walk(item, (*path, str(key)))

    walk(read_tree(Path(folder)).data, ())
    return found
