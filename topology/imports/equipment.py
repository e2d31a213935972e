"""Rows of an equipment list (機器一覧): hardware, and the devices that run on it where no node list names them."""

from __future__ import annotations

import dataclasses
import re

from topology.imports.draft import Draft, assumed, sourced
from topology.imports.findings import Spot
from topology.imports.kinds import FORWARDING, HARDWARE, ROLES, TERMINALS, kind_in
from topology.imports.places import site_of
from topology.imports.sheets import Row
from topology.imports.text import as_id, same

MEMORY = "256 MiB"
LEFT_OUT = "none"
_DATABASE = re.compile(r"(?<![a-z])db(?![a-z])")


@dataclasses.dataclass
class Unit:
    """A piece of equipment as the list has it; `rack` is None where the list names none."""

    id: str
    row: Row
    kind: str
    site: str
    rack: str | None
    carries: list[str]


def read_equipment(rows: list[Row], draft: Draft, with_nodes: bool) -> list[Unit]:
    """Return the hardware of the rows; `with_nodes` says that a node list states the devices themselves."""
    units: list[Unit] = []
    for row in rows:
        name = draft.values.required(row, "name")
        site = site_of(row, "site", draft)
        kind = _kind(row, draft)
        if name is None or site is None or kind is None:
            draft.dropped |= {same(draft.values.text(row, field)) for field in ("name", "host") if row.has(field)}
            continue
        if kind == "terminal":
            if not with_nodes:
                _device(row, name, "terminal", site, draft)
            continue
        asset = draft.values.plain(row, "asset")
        carries = [draft.names.make("devices", label, row.at("carries"), "carries")
                   for label in draft.values.names(row, "carries")]  # fmt: skip
        if not with_nodes and kind in {*FORWARDING, "server"}:
            carries = carries or [_device_id(row, name, draft)]
            for id_ in carries:
                _device(row, name, _role(row, draft), site, draft, id_)
        id_ = _unit_id(asset, name, carries, draft)
        draft.names.declare("hardware", id_, name)
        units.append(Unit(id_, row, kind, site, draft.values.text(row, "rack"), carries))
    return units


def hardware_record(unit: Unit, rack: str, draft: Draft) -> dict[str, object]:
    """Return a unit as a record; what its row does not say is assumed."""
    row, values = unit.row, draft.values
    position, height = values.whole(row, "position", 1, 60), values.whole(row, "height", 1, 60)
    power_w, weight_kg = values.power_w(row, "power"), values.mass_kg(row, "weight")
    feeds = [side for side in (values.plain(row, "feeds") or "").upper().replace("系", "") if side in "AB"]
    supplies = values.whole(row, "supplies", 1, 2) or len(set(feeds)) or None
    none = "read it off the machine"
    return {
        **draft.named("hardware", unit.id),
        "requirements": values.names(row, "requirements"),
        "kind": unit.kind,
        "rack": rack,
        "position": sourced(position, row.at("position")) or assumed(1, f"the unit, {none}"),
        "height": sourced(height, row.at("height")) or assumed(1, f"the height in units, {none}"),
        "power": _with_unit(power_w, "W", row, "power") or assumed("0 W", f"the power, {none}"),
        "weight": _with_unit(weight_kg, "kg", row, "weight") or assumed("0 kg", f"the weight, {none}"),
        "supplies": sourced(supplies, row.at("supplies" if row.has("supplies") else "feeds")),
        "carries": unit.carries,
        "model": values.text(row, "model"),
        "serial": values.text(row, "serial"),
        "installed": _day(row, "installed", draft),
        "support_ends": _day(row, "support_ends", draft),
    }


def _with_unit(value: float | None, unit: str, row: Row, field: str) -> dict[str, object] | None:
    return None if value is None else sourced(f"{value:.6f}".rstrip("0").rstrip(".") + f" {unit}", row.at(field))


def _day(row: Row, field: str, draft: Draft) -> dict[str, object] | None:
    day = draft.values.day(row, field)
    return sourced(day.isoformat(), row.at(field)) if day else None


def _kind(row: Row, draft: Draft) -> str | None:
    """Return the kind of hardware, `terminal`, or None for what is left out; words that say none are a finding."""
    texts = [draft.values.text(row, field) for field in ("kind", "use", "name", "model")]
    found = kind_in({}, *texts, own=draft.headings.kinds) or _usual_kind(texts)
    if found == LEFT_OUT:
        draft.findings.note(row.spot, "left out, as the mapping says of its kind")
        return None
    if found in {"application", "database"}:
        return "server"
    if found is None:
        field = "kind" if row.has("kind") else "name"
        said = f"`{draft.values.text(row, field)}` is no known kind of equipment"
        draft.findings.add(row.at(field), "kind", said, "router, switch, server …, or `kinds` in a mapping file")
    return found


def _usual_kind(texts: list[str | None]) -> str | None:
    """Return the kind that the first text with a known word says; a server of terminals is a server."""
    for text in texts:
        found = kind_in(HARDWARE, text)
        if found != "server" and any(word in same(text) for word in TERMINALS):
            return "terminal"
        if found is not None:
            return found
    return None


def _role(row: Row, draft: Draft) -> str:
    texts = [draft.values.text(row, field) for field in ("kind", "use", "name")]
    words = [text for text in texts if text]
    named = kind_in({}, *words, own=draft.headings.kinds)
    if named in {"router", "application", "database", "terminal"}:
        return named
    # A name or a use says more of a server than its kind (`サーバ`).
    if any(_DATABASE.search(same(text)) for text in words):
        return "database"
    for word in ("database", "router", "application"):
        if any(kind_in(ROLES, text) == word for text in words):
            return word
    return "application"


def _device_id(row: Row, name: str, draft: Draft) -> str:
    label = draft.values.text(row, "host") or name
    id_ = draft.names.find("devices", label)
    if id_ is not None and id_ in draft.section("devices"):
        field = "host" if row.has("host") else "name"
        first = draft.origins[f"devices.{id_}"]
        draft.findings.add(row.at(field), field, f"`{label}` stands twice (first in {first})", "a name of its own")
    return id_ or draft.names.make("devices", label, row.at("host" if row.has("host") else "name"), "name")


def _device(  # noqa: PLR0917 -- what a device is
    row: Row, name: str, role: str, site: str, draft: Draft, id_: str | None = None
) -> None:
    id_ = id_ or _device_id(row, name, draft)
    draft.names.declare("devices", id_, name)
    if id_ in draft.section("devices"):
        return
    record = {
        **draft.named("devices", id_),
        "role": role,
        "site": site,
        "memory": assumed(MEMORY, "the memory; as little as the lab's nodes need"),
        "interfaces": {},
    }
    draft.put("devices", id_, record, row.spot)
    draft.section("devices")[id_]["interfaces"] = {}


def _unit_id(asset: str | None, name: str, carries: list[str], draft: Draft) -> str:
    """Return the id of a unit: that of its asset number, else of the device that it carries, else of its name."""
    stated = (asset or "").removeprefix("hardware.")
    id_ = as_id(stated) if stated else None
    return id_ or (f"{carries[0]}-unit" if carries else None) or draft.names.make("hardware", name, Spot(""), "name")
