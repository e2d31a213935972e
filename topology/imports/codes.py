"""Rows of a code list: ids with their names, and records that no other list holds."""

from __future__ import annotations

import typing
from typing import Any

from pydantic import TypeAdapter, ValidationError

from inventory.document import read_mapping
from inventory.models.estate import EstateRecords
from inventory.names import expected_name
from inventory.wording import explain
from topology.documents.code_list import LISTED, WHOLE
from topology.imports.draft import Draft
from topology.imports.sheets import Row

DESIGN = (
    "services", "flows", "patterns", "introduction_units", "system_groups", "functions", "lifecycles",
    "designed_segments", "clusters", "machine_sizes", "virtual_machines", "appliance_pairs", "switch_groups",
    "designed_services", "designed_flows", "designed_backups", "form_runs", "jobs", "backups",
    "emergency_counters", "outside_systems", "data_interfaces",
)  # fmt: skip
"""Sections that no list of the trade is about; NetBox keeps them whole."""

KNOWN = (*WHOLE, *LISTED, *DESIGN)
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
        values = _stated(row, draft)
        stated = values or {}
        if section not in _NAMELESS:
            stated = {"name": english or japanese, "name_ja": japanese or english, **stated}
        if path in draft.stated:
            draft.findings.add(row.at("code"), "code", f"`{path}` stands twice", "one row for each entry")
            continue
        if values is not None and _is_sound(path, section, stated, row, draft):
            draft.stated[path] = stated
            draft.origins.setdefault(path, row.at("code"))
        if section != "estate":
            draft.names.declare(section.rpartition(".")[2], id_, japanese, english)


def _stated(row: Row, draft: Draft) -> dict[str, Any] | None:
    """Return the values of a row, or None where they cannot be read."""
    text = draft.values.text(row, "values")
    if text is None:
        return {}
    document = read_mapping(text, str(row.at("values")))
    if document.data is None or document.problems:
        draft.findings.add(row.at("values"), "values", f"`{text[:40]}` is no mapping", "values such as {kind: hall}")
        return None
    found: dict[str, Any] = document.data
    return found


def _is_sound(path: str, section: str, stated: dict[str, Any], row: Row, draft: Draft) -> bool:
    """Tell whether a record is one that an estate may hold; what is wrong with it is found at its cell."""
    if section in LISTED:
        return True
    model: Any = EstateRecords
    for part in section.split("."):
        model = model.model_fields[part].annotation
    model = model if section == "estate" else typing.get_args(model)[1]
    try:
        TypeAdapter(model).validate_python(_frozen(stated))
    except ValidationError as error:
        for item in error.errors(include_url=False):
            problem, expected = explain(item, model)
            where = ".".join(map(str, (path, *item["loc"])))
            draft.findings.add(row.at("values"), "values", f"{where}: {problem}", expected)
        return False
    return True


def _frozen(value: Any) -> Any:
    """Return a value with tuples for its lists, as the models have them."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, dict) else value


def take_codes(draft: Draft, *sections: str) -> None:
    """Put the code list's records of some sections into the estate."""
    for path, stated in draft.stated.items():
        section = next((name for name in sections if path.startswith(f"{name}.")), None)
        if section is not None:
            id_ = path.removeprefix(f"{section}.")
            draft.section(section).setdefault(id_, stated)
