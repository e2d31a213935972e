"""NetBox's tables of clusters, virtual machines and services, held against the estate that was made of their comments.

A column that somebody changed in NetBox and not in the record is a conflict, told by its cell. A row without a record
is left out, and that is told as well: an estate's machine has a size, a system and a service that runs on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.models.estate import Estate
from topology.build import build_network
from topology.exports.netbox import netbox_rows
from topology.imports.draft import Draft
from topology.imports.findings import Spot
from topology.imports.workbooks import Cell

Line = dict[str, Cell]
"""A row of a file by the names of its columns."""

KEYS = {
    "platforms": ("name",),
    "clusters": ("name",),
    "vlans": ("site", "name"),
    "virtual-machine-types": ("name",),
    "virtual-machines": ("name",),
    "vm-interfaces": ("virtual_machine", "name"),
    "service-templates": ("name",),
    "services": ("parent_object_type", "parent", "name"),
}
"""The models of the design, with the columns that tell their rows apart; VLANs that are in use have none of it."""

NOT_HELD = {"comments", "slug", "enabled", "status"}
"""Columns that an estate says nothing of: what is designed is planned, whatever NetBox calls it."""


def compare_design(models: Mapping[str, list[Line]], estate: Estate, draft: Draft) -> None:
    """Find every cell of the design's tables that differs from what the estate exports, and note rows left out."""
    rows = netbox_rows(estate, build_network(estate))
    for model, key in KEYS.items():
        lines = models.get(model)
        if not lines:
            continue
        designed = [row for row in rows[model] if model != "vlans" or row["comments"]]
        made = {tuple(str(row[field]) for field in key): row for row in designed}
        strange = []
        for line in lines:
            name = tuple(_text(line.get(field)) for field in key)
            row = made.pop(name, None)
            if row is None:
                strange.append(line)
            else:
                _compare(line, row, draft)
        spot = _spot(lines[0])
        if strange and model != "vlans":
            text = f"{len(strange)} of {len(lines)} rows are left out, for want of the estate's record in `comments`"
            draft.findings.note(_spot(strange[0]), text)
        for name in made:
            found = f"has no row `{' '.join(name)}`, which the record in `comments` leads to"
            draft.findings.add(Spot(spot.workbook), model, found, "the row, or another record")


def _compare(line: Line, row: Mapping[str, Any], draft: Draft) -> None:
    for field, cell in line.items():
        given, stated = _text(cell), _text(row.get(field))
        if field == "status" and given != stated:
            draft.findings.note(
                cell.spot, f"`{given}` is not taken over: an estate's machines and clusters are designed"
            )
        if field in NOT_HELD or _same(given, stated):
            continue
        found = f"is `{given}`, the record in `comments` says `{stated}`"
        draft.findings.add(cell.spot, field, found, "the same in both")


def _text(value: Any) -> str:
    """Return a cell or a value of a row as text, nothing as nothing."""
    found = value.value if isinstance(value, Cell) else value
    return "" if found is None else str(found).strip()


def _same(a: str, b: str) -> bool:
    """Tell whether two texts say the same; numbers are compared as such, since NetBox writes 8 as 8.00."""
    try:
        return a == b or float(a) == float(b)
    except ValueError:
        return False


def _spot(line: Line) -> Spot:
    return next(iter(line.values())).spot
