"""An estate in the making: records as YAML has them, where each came from, and what was assumed for want of a list."""

from __future__ import annotations

import ipaddress
from typing import Any

from topology.imports.findings import Findings, Spot
from topology.imports.headings import Headings
from topology.imports.names import Names
from topology.imports.values import Values

ASSUMED = "not in the lists that were imported: "
Plain = dict[str, Any]


class Draft:
    """Sections of records by id, with the cell that each record came from.

    `stated` is what a code list says by dotted path, `carried` the devices on each piece of hardware; `entry_of` is the
    segment or circuit by the address plan's name for it, `prefix_of` its prefix there. `dropped` are names of devices
    and `loose` ports whose rows were left out for a finding: what follows from that is no finding of its own.
    """

    def __init__(self, headings: Headings) -> None:
        self.headings = headings
        self.findings = Findings()
        self.values = Values(self.findings)
        self.names = Names(self.findings, headings.ids)
        self.sections: dict[str, Plain] = {}
        self.files: tuple[str, ...] = ()
        self.origins: dict[str, Spot] = {}
        self.stated: dict[str, Plain] = {}
        self.carried: dict[str, list[str]] = {}
        self.dropped: set[str] = set()
        self.loose: set[tuple[str, str]] = set()
        self.entry_of: dict[str, str] = {}
        self.prefix_of: dict[str, ipaddress.IPv4Network] = {}

    def section(self, name: str) -> Plain:
        """Return a section's records by id; dots lead inwards (`addressing.pools`)."""
        found = self.sections
        for part in name.split("."):
            found = found.setdefault(part, {})
        return found

    def put(self, section: str, id_: str, record: Plain, spot: Spot) -> None:
        """Add a record without its empty fields; one that is there already is a finding at the later cell."""
        path = f"{section}.{id_}"
        if id_ in self.section(section):
            self.findings.add(spot, "", f"`{id_}` stands twice (first in {self.origins[path]})", "one row for each")
            return
        self.section(section)[id_] = {key: value for key, value in record.items() if value not in (None, [], {})}
        self.origins[path] = spot

    def named(self, section: str, id_: str) -> Plain:
        """Return the names of an entry as a record begins with them."""
        japanese, english = self.names.label(section, id_)
        return {"name": english, "name_ja": japanese}

    def more(self, section: str, id_: str) -> Plain:
        """Return what a code list states of an entry beside its names."""
        return self.stated.get(f"{section}.{id_}", {})

    def origin(self, path: str) -> Spot | None:
        """Return the cell that the nearest enclosing record of a dotted path came from."""
        parts = path.split(".")
        for length in range(len(parts), 1, -1):
            spot = self.origins.get(".".join(parts[:length]))
            if spot is not None:
                return spot
        return None


def sourced(value: Any, spot: Spot, trust: str = "M") -> Plain | None:
    """Return a value with the cell that says so, or None for no value."""
    return None if value is None else {"value": value, "source": str(spot), "trust": trust, "how": "printed"}


def assumed(value: Any, why: str) -> Plain:
    """Return a value that no list says, with the reason for it."""
    return {"value": value, "source": ASSUMED + why, "trust": "L", "how": "assumed"}


def inferred(value: Any, spot: Spot, why: str) -> Plain:
    """Return a value that follows from a cell."""
    return {"value": value, "source": f"{spot}: {why}", "trust": "L", "how": "inferred"}


def value_of(value: Any) -> Any:
    """Return a value without the source that it may carry."""
    return value["value"] if isinstance(value, dict) and "value" in value else value
