"""Rows of a code list: ids with their names, and records that no other list holds."""

from __future__ import annotations

from typing import Any

import yaml

from inventory.names import expected_name
from topology.documents.code_list import LISTED, WHOLE
from topology.imports.draft import Draft
from topology.imports.sheets import Row

KNOWN = (*WHOLE, *LISTED)
_NAMELESS = ("addressing.pools",)


def read_codes(rows: list[Row], draft: Draft) -> None:
    """Let the names in the lists mean what the code list says, and take over what it states of each entry."""
    for row in rows:
        path = draft.values.plain(row, "code") or ""
        section = next((name for name in KNOWN if path == name == "estate" or path.startswith(f"{name}.")), None)
        if section is None:
            if draft.values.required(row, "code"):
                expected = expected_name(path.partition(".")[0], KNOWN)
                draft.findings.add(row.at("code"), "code", f"`{path}` is of no known section", expected)
            continue
        id_ = path.removeprefix(section).removeprefix(".")
        japanese, english = draft.values.text(row, "name_ja"), draft.values.text(row, "name_en")
        stated = _stated(row, draft)
        if section not in _NAMELESS:
            stated = {"name": english or japanese, "name_ja": japanese or english, **stated}
        if path in draft.stated:
            draft.findings.add(row.at("code"), "code", f"`{path}` stands twice", "one row for each entry")
            continue
        draft.stated[path] = stated
        draft.origins.setdefault(path, row.at("code"))
        if section != "estate":
            draft.names.declare(section.rpartition(".")[2], id_, japanese, english)


def _stated(row: Row, draft: Draft) -> dict[str, Any]:
    text = draft.values.text(row, "values")
    if text is None:
        return {}
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        found = None
    if not isinstance(found, dict):
        draft.findings.add(row.at("values"), "values", f"`{text[:40]}` is no mapping", "values such as {kind: hall}")
        return {}
    return found


def take_codes(draft: Draft, *sections: str) -> None:
    """Put the code list's records of some sections into the estate."""
    for path, stated in draft.stated.items():
        section = next((name for name in sections if path.startswith(f"{name}.")), None)
        if section is not None:
            id_ = path.removeprefix(f"{section}.")
            draft.section(section).setdefault(id_, stated)
