"""The code list (コード表): what the other lists name by its name alone, with its id and both names.

With it the lists can be read back (`twin import xlsx`) without guessing which entry a name means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from inventory.models.estate import Estate
from inventory.spelling import flow, spelled
from topology.documents.table import Column, Table
from topology.draw.words import Language
from topology.model import Network

WHOLE = (
    "estate", "cities", "sites", "rooms", "cooling_units", "power_sources", "power_feeds", "racks", "providers",
    "carrier_networks", "circuit_groups", "encryption.tunnel_profiles", "zones", "addressing.pools", "parties",
    "contracts",
)  # fmt: skip
"""Sections whose records no other list holds: they stand here with all that they state."""

LISTED = {"devices": (), "hardware": (), "segments": (), "circuits": ("service_ja",)}
"""Sections that have lists of their own, with the fields that those show in one language only."""

_KINDS = {
    "estate": ("事業", "estate"), "cities": ("市町村", "city"), "sites": ("拠点", "site"), "rooms": ("部屋", "room"),
    "cooling_units": ("空調機", "cooling unit"), "power_sources": ("電源", "power source"),
    "power_feeds": ("電源系統", "power feed"), "racks": ("ラック", "rack"), "providers": ("通信事業者", "provider"),
    "carrier_networks": ("事業者網", "carrier network"), "circuit_groups": ("論理回線", "circuit group"),
    "encryption.tunnel_profiles": ("暗号化方式", "tunnel profile"), "zones": ("ゾーン", "zone"),
    "addressing.pools": ("アドレスプール", "address pool"), "parties": ("関係者", "party"),
    "contracts": ("契約", "contract"), "devices": ("ノード", "node"), "hardware": ("機器", "hardware"),
    "segments": ("セグメント", "segment"), "circuits": ("回線", "circuit"),
}  # fmt: skip


def code_list(estate: Estate, _network: Network, language: Language) -> Table:
    """Return ids with their names in both languages and, of what no other list holds, all that is stated."""
    index = 0 if language == "ja" else 1
    rows = tuple(
        (
            _KINDS[section][index],
            path,
            stated.pop("name_ja", None),
            stated.pop("name", None),
            flow(stated) if stated else None,
        )
        for section, path, stated in _entries(estate)
    )
    columns = (
        Column("区分", "kind"),
        Column("コード", "code", "entry"),
        Column("和名", "Japanese name"),
        Column("英名", "English name"),
        Column("属性", "values"),
    )
    note_ja, note_en = "属性の書き方はデータ定義(YAML)と同じ。", "Values are written as in the estate's files (YAML)."
    return Table("code-list", "コード表", "Code list", columns, rows, note_ja, note_en)


def _entries(estate: Estate) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the section, the dotted path and the stated values of every entry."""
    for section in WHOLE:
        found: Any = estate.records
        for part in section.split("."):
            found = getattr(found, part)
        if isinstance(found, BaseModel):
            yield section, section, spelled(found)
            continue
        for id_, record in found.items():
            yield section, f"{section}.{id_}", spelled(record)
    for section, fields in LISTED.items():
        for id_, record in getattr(estate.records, section).items():
            stated = spelled(record)
            yield (
                section,
                f"{section}.{id_}",
                {key: stated[key] for key in ("name", "name_ja", *fields) if key in stated},
            )
