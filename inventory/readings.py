"""Readings: values that hang on how an ambiguous statement of the source is read.

Anywhere in an estate `{reading: NAME, cases: {OPTION: value}}` stands for the value of the chosen option; a case
without a value drops the entry.
"""

from __future__ import annotations

from typing import Any

from inventory.document import Path_
from inventory.names import expected_name
from inventory.tree import Tree

_KEYS = {"reading", "cases"}


class _Dropped:
    """The value of a case that drops its entry."""


_DROPPED = _Dropped()


def apply_readings(tree: Tree) -> dict[str, tuple[str, ...]]:
    """Replace every case by the value of its chosen option; return by reading the dotted paths that hang on it."""
    readings = tree.data.get("readings")
    options = {
        name: tuple(reading["options"])
        for name, reading in (readings if isinstance(readings, dict) else {}).items()
        if isinstance(reading, dict) and isinstance(reading.get("options"), dict) and reading["options"]
    }
    choices: dict[str, str] = {}
    for name, known in options.items():
        choice = _plain(readings[name].get("choice")) if isinstance(readings, dict) else None
        if choice is not None and str(choice) not in known:
            tree.add(("readings", name, "choice"), f"no option `{choice}`", expected_name(str(choice), known))
        choices[name] = str(choice) if str(choice) in known else known[0]
    resolver = _Resolver(tree, options, choices)
    tree.data = {key: resolver.resolve(value, (key,)) for key, value in tree.data.items()}
    return {name: tuple(paths) for name, paths in resolver.uses.items()}


def _plain(value: Any) -> Any:
    """Return a choice without the source that it may carry."""
    return value.get("value") if isinstance(value, dict) else value


class _Resolver:
    """Walks the tree and notes which paths hang on which reading."""

    def __init__(self, tree: Tree, options: dict[str, tuple[str, ...]], choices: dict[str, str]) -> None:
        self.tree = tree
        self.options = options
        self.choices = choices
        self.uses: dict[str, list[str]] = {name: [] for name in options}

    def resolve(self, value: Any, path: Path_) -> Any:
        """Return `value` with every case in it decided, or the mark of a dropped entry."""
        if isinstance(value, list):
            items = [self.resolve(item, (*path, index)) for index, item in enumerate(value)]
            return [item for item in items if item is not _DROPPED]
        if not isinstance(value, dict):
            return value
        if set(value) == _KEYS:
            return self._choose(value, path)
        items_ = {key: self.resolve(item, (*path, key)) for key, item in value.items()}
        return {key: item for key, item in items_.items() if item is not _DROPPED}

    def _choose(self, value: dict[str, Any], path: Path_) -> Any:
        name, cases = value["reading"], value["cases"]
        if not isinstance(name, str) or name not in self.options:
            if not self.tree.broken:
                self.tree.add((*path, "reading"), f"no reading `{name}`", expected_name(str(name), self.options))
            return _DROPPED
        known = self.options[name]
        given = cases if isinstance(cases, dict) else {}
        for option in set(known) - set(given):
            self.tree.add((*path, "cases"), f"has no case for `{option}`", f"a case for every option of `{name}`")
        for option in set(given) - set(known):
            self.tree.add((*path, "cases", option), f"no option `{option}`", expected_name(option, known))
        self.uses[name].append(".".join(map(str, path)))
        chosen = given.get(self.choices[name])
        if chosen is None:
            return _DROPPED
        old = (*path, "cases", self.choices[name])
        result = self.resolve(chosen, old)
        self.tree.move_places(result, old, path)
        return result
