"""Where values come from: `{value, source, trust, how, source_ja}` taken apart, and values replaced for one run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from inventory.document import Path_
from inventory.models.estate import Provenance
from inventory.names import expected_name
from inventory.tree import Tree
from inventory.wording import explain

_KEYS = {"source", "trust", "how", "source_ja"}
OVERRIDE_SOURCE = "given for this run"


def is_sourced(value: Any) -> bool:
    """Tell whether a mapping is a value with its source, also where one of its keys is misspelt or missing."""
    return isinstance(value, dict) and "value" in value and (bool(_KEYS & set(value)) or len(value) == 1)


def apply_overrides(tree: Tree, overrides: Mapping[str, str]) -> None:
    """Replace values by dotted path; the new value's source says that it was given for this run."""
    for dotted, text in overrides.items():
        path = tuple(dotted.split("."))
        target: Any = tree.data
        for depth, part in enumerate(path[:-1]):
            if not isinstance(target, dict) or part not in target:
                known = list(target) if isinstance(target, dict) else []
                found = f"an override names `{part}`, which does not exist"
                tree.add(path[: depth + 1], found, expected_name(part, known))
                break
            if isinstance(target[part], dict):
                target[part] = dict(target[part])  # what was read may serve other variants too
            target = target[part]
        else:
            if isinstance(target, dict):
                target[path[-1]] = {"value": scalar(text), "source": OVERRIDE_SOURCE, "trust": "L", "how": "assumed"}
            else:
                tree.add(path, "an override names a value inside a value", "the dotted path of a value")


def scalar(text: str) -> Any:
    """Return a text given on a command line as the YAML scalar that it would be."""
    if re.fullmatch(r"-?\d{1,18}", text):
        return int(text)
    if re.fullmatch(r"-?\d{1,18}\.\d{1,18}", text):
        return float(text)
    return {"true": True, "false": False, "null": None, "": None}.get(text, text)


def take_provenance(tree: Tree) -> dict[Path_, Provenance]:
    """Replace every `{value, source, trust}` by its value and every list by a tuple; return where values come from."""
    found: dict[Path_, Provenance] = {}

    def strip(value: Any, path: Path_) -> Any:
        if isinstance(value, list):
            return tuple(strip(item, (*path, index)) for index, item in enumerate(value))
        if not isinstance(value, dict):
            return value
        if not is_sourced(value):
            return {key: strip(item, (*path, key)) for key, item in value.items()}
        try:
            found[path] = Provenance.model_validate({key: item for key, item in value.items() if key != "value"})
        except ValidationError as error:
            for item in error.errors(include_url=False):
                tree.add((*path, *item["loc"]), *explain(item, Provenance))
        tree.move_places(value["value"], (*path, "value"), path)
        return strip(value["value"], path)

    tree.data = {key: strip(value, (key,)) for key, value in tree.data.items()}
    return found
