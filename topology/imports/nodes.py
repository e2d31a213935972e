"""Rows of a node list (ノード一覧) and of a segment list (セグメント一覧)."""

from __future__ import annotations

from inventory.spelling import spell_rate, spell_size
from topology.imports.draft import Draft, assumed, sourced
from topology.imports.equipment import MEMORY
from topology.imports.kinds import ROLES, kind_in
from topology.imports.places import city_named, site_of
from topology.imports.sheets import Row
from topology.imports.text import same

_ROLE_WORDS = ("router", "application", "database", "terminal")


def read_nodes(rows: list[Row], draft: Draft) -> None:
    """Make a device of every row; its interfaces come from the address plan and the connection list."""
    values = draft.values
    for row in rows:
        label, site = values.required(row, "node"), site_of(row, "site", draft)
        role_text = values.required(row, "role")
        if label is None or site is None or role_text is None:
            draft.dropped.add(same(label))
            continue
        role = kind_in(ROLES, role_text, own=draft.headings.kinds)
        if role not in _ROLE_WORDS:
            found = f"`{role_text}` is no role of a device"
            draft.findings.add(row.at("role"), "role", found, f"one of {', '.join(_ROLE_WORDS)}")
            draft.dropped.add(same(label))
            continue
        id_ = draft.names.make("devices", label.removeprefix("devices."), row.at("node"), "node")
        draft.names.declare("devices", id_, values.text(row, "name"))
        memory, cpus = values.size_bytes(row, "memory"), values.whole(row, "cpus", 1, 1024)
        priority = values.whole(row, "priority", 1, 254)
        city = values.text(row, "city")
        record = {
            **draft.named("devices", id_),
            "requirements": values.names(row, "requirements"),
            "role": role,
            "site": site,
            "city": city_named(city, row.at("city"), draft) if city else None,
            "cpus": sourced(cpus, row.at("cpus")),
            "memory": sourced(spell_size(memory), row.at("memory")) if memory else assumed(MEMORY, "the memory"),
            "vrrp_priority": sourced(priority, row.at("priority")),
        }
        draft.put("devices", id_, record, row.at("node"))
        draft.section("devices")[id_].setdefault("interfaces", {})


def read_segments(rows: list[Row], draft: Draft) -> None:
    """Make a segment of every row; its addresses come from the address plan."""
    values = draft.values
    for row in rows:
        label, site = values.required(row, "segment"), site_of(row, "site", draft)
        zone = values.required(row, "zone")
        if label is None or site is None or zone is None:
            continue
        id_ = draft.names.make("segments", label.removeprefix("segments."), row.at("segment"), "segment")
        draft.names.declare("segments", id_, values.text(row, "name"))
        kind = kind_in({"transit": "transit", "ルータ間": "transit"}, values.text(row, "kind"))
        over, city, rate_bps = values.text(row, "over"), values.text(row, "city"), values.rate_bps(row, "rate")
        record = {
            **draft.named("segments", id_),
            "requirements": values.names(row, "requirements"),
            "site": site,
            "zone": draft.names.make("zones", zone, row.at("zone"), "zone"),
            "kind": kind,
            "city": city_named(city, row.at("city"), draft) if city else None,
            "vlan": values.whole(row, "vlan", 1, 4094),
            "pool": values.plain(row, "pool"),
            "over": draft.names.make("circuits", over, row.at("over"), "over") if over else None,
            "rate": sourced(spell_rate(rate_bps), row.at("rate")) if rate_bps else None,
        }
        draft.put("segments", id_, record, row.at("segment"))
