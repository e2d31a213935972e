"""An estate's folder made of sections: YAML files by what they are about, the record of addresses, the report."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from inventory.document import MAX_FILE_BYTES
from topology.imports.draft import Draft, Plain
from topology.record import AddressRecord, write_record

FILES = {
    "estate.yaml": ("estate", "readings", "lab"),
    "places.yaml": ("cities", "sites"),
    "circuits.yaml": ("providers", "carrier_networks", "circuits", "circuit_groups", "encryption"),
    "network.yaml": ("zones", "segments", "flows", "addressing", "routing"),
    "devices.yaml": ("devices", "services", "time_service"),
    "facility.yaml": ("rooms", "cooling_units", "power_sources", "power_feeds", "racks", "hardware"),
    "organisation.yaml": ("parties", "contracts"),
    "behaviour.yaml": ("timers", "failure_figures"),
    "policy.yaml": ("promises",),
    "systems.yaml": ("patterns", "introduction_units", "system_groups", "functions"),
    "platform.yaml": (
        "designed_segments", "clusters", "machine_sizes", "virtual_machines", "appliance_pairs", "switch_groups",
    ),
    "design.yaml": ("designed_services", "designed_flows", "designed_backups"),
    "batch.yaml": ("jobs", "backups"),
    "operation.yaml": ("emergency_counters", "form_runs"),
    "exchange.yaml": ("outside_systems", "data_interfaces"),
    "lifecycles.yaml": ("lifecycles",),
}  # fmt: skip
"""The files of an estate with the sections in each."""

REQUIRED = {
    "estate.yaml",
    "places.yaml",
    "circuits.yaml",
    "network.yaml",
    "devices.yaml",
    "behaviour.yaml",
    "policy.yaml",
}
"""Files that are written in any case; the others where there is something in them."""

SHORT = 3
PAGE_BYTES = MAX_FILE_BYTES // 2
PAGE_RECORDS = 300
"""So many records of any section fit into a file that an estate's reader takes."""

_CORE_NUMBER = re.compile(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?")


class _Writer(yaml.SafeDumper):
    """Writes what the estate's reader (YAML 1.2 core types) reads back as it was."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write every value in full: an estate is read by people."""
        del data
        return True


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "'" if _CORE_NUMBER.fullmatch(text) or text in {"true", "false", "null", "~", ""} else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _mapping(writer: yaml.SafeDumper, value: Plain) -> yaml.MappingNode:
    """Write a value with its source on one line, and everything else in block style."""
    short = len(value) < SHORT and not any(isinstance(item, dict | list) for item in value.values())
    flow = "value" in value or short
    return writer.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=flow)


def _sequence(writer: yaml.SafeDumper, value: list[Any]) -> yaml.SequenceNode:
    """Write a list of plain values on one line."""
    flow = all(not isinstance(item, dict | list) for item in value)
    return writer.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=flow)


_Writer.add_representer(str, _text)
_Writer.add_representer(list, _sequence)
_Writer.add_representer(dict, _mapping)


def write_estate(folder: Path, draft: Draft, record: AddressRecord, head: str) -> None:
    """Write the files into a folder that exists and is empty; `head` says in each where it came from."""
    for name, sections in FILES.items():
        found = {section: draft.sections[section] for section in sections if section in draft.sections}
        if not any(found.values()) and name not in REQUIRED:
            continue
        for number, text in enumerate(_pages(found), 1):
            page = name if number == 1 else f"{name.removesuffix('.yaml')}-{number}.yaml"
            (folder / page).write_text(head + text, encoding="utf-8")
    write_record(str(folder), record)


def _pages(sections: Plain) -> list[str]:
    """Return sections as YAML on as few pages as the size of a file allows; a record stands on one page whole."""
    pages, size = [""], 0
    for section, value in sections.items():
        text = _dump({section: value})
        parts = [text]
        if len(text.encode()) > PAGE_BYTES and isinstance(value, dict):
            items = list(value.items())
            parts = [_dump({section: dict(items[at : at + PAGE_RECORDS])}) for at in range(0, len(items), PAGE_RECORDS)]
        for part in parts:
            length = len(part.encode())
            if size and (size + length > PAGE_BYTES or len(parts) > 1):
                pages.append("")
                size = 0
            pages[-1] += ("\n" if pages[-1] else "") + part
            size += length
    return pages


def _dump(value: Plain) -> str:
    return yaml.dump(value, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=10**6, default_flow_style=False)
