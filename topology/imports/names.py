"""Which entry a name in a list means, and the id that a new name gets."""

from __future__ import annotations

from collections.abc import Mapping

from topology.imports.findings import Findings, Spot
from topology.imports.text import as_id, same

SHORT = {
    "sites": "site", "cities": "city", "zones": "zone", "racks": "rack", "providers": "provider", "parties": "party",
    "contracts": "contract", "carrier_networks": "carrier", "circuit_groups": "line", "devices": "device",
    "hardware": "unit", "circuits": "circuit", "segments": "segment", "rooms": "room", "power_feeds": "feed",
    "tunnel_profiles": "profile", "pools": "pool",
}  # fmt: skip
"""Sections with the word that ids are made of where a name has no Latin letters."""

SHARED = ("sites", "carrier_networks", "circuits", "segments", "devices")
"""Sections whose ids stand in the same places, so that no id serves twice (`inventory.rules.ids`)."""


class Names:
    """Ids by section and name, as the lists and a mapping file give them."""

    def __init__(self, findings: Findings, wishes: Mapping[str, str]) -> None:
        self.findings = findings
        self.wishes = wishes
        self.labels: dict[tuple[str, str], tuple[str, str]] = {}
        self._known: dict[str, dict[str, set[str]]] = {}
        self._provisional: set[tuple[str, str]] = set()
        self._ids: dict[str, set[str]] = {}

    def declare(self, section: str, id_: str, *labels: str | None) -> str:
        """Let labels (Japanese, then English; one may serve for both) and the id itself mean an entry.

        The first labels are the entry's names, but for the one that its id was made of, which gives way to a name.
        """
        texts = [label for label in labels if label]
        if texts and ((section, id_) not in self.labels or (section, id_) in self._provisional):
            self.labels[section, id_] = (texts[0], texts[-1])
            self._provisional.discard((section, id_))
        self._ids.setdefault(section, set()).add(id_)
        for text in (id_, f"{section}.{id_}", *texts):
            self._known.setdefault(section, {}).setdefault(same(text), set()).add(id_)
        return id_

    def ids(self, section: str) -> set[str]:
        """Return the ids of a section."""
        return self._ids.get(section, set())

    def find(self, section: str, label: str | None) -> str | None:
        """Return the id that a label means for sure, or None."""
        found = self._known.get(section, {}).get(same(label), set())
        if len(found) > 1 and label in found:
            return label
        return next(iter(found)) if len(found) == 1 else None

    def knows(self, section: str, label: str) -> bool:
        """Tell whether a label means an entry or several."""
        return bool(self._known.get(section, {}).get(same(label)))

    def meant(self, section: str, label: str, spot: Spot, field: str) -> str | None:
        """Return the id that a label means; a label of several entries is a finding."""
        found = self._known.get(section, {}).get(same(label), set())
        if len(found) > 1 and label not in found:
            names = ", ".join(f"`{id_}`" for id_ in sorted(found))
            self.findings.add(spot, field, f"`{label}` may be {names}", "a name that only one entry has")
            return min(found)
        return self.find(section, label)

    def make(self, section: str, label: str, spot: Spot, field: str) -> str:
        """Return the id that a label means, else a new one: wished for by a mapping, made of it, or a number."""
        known = self.meant(section, label, spot, field)
        if known is not None:
            return known
        wish = self.wishes.get(same(label))
        if wish is not None and as_id(wish) != wish:
            found = f"the mapping wants the id `{wish}` for `{label}`"
            self.findings.add(spot, field, found, "lower-case letters, digits and single hyphens")
            wish = None
        id_ = wish or as_id(label)
        if id_ is None:
            taken = self.ids(section)
            number = next(n for n in range(1, len(taken) + 2) if f"{SHORT[section]}-{n}" not in taken)
            id_ = f"{SHORT[section]}-{number}"
        elif id_ in self.ids(section):
            found = f"`{label}` and `{self.label(section, id_)[0]}` make the same id `{id_}`"
            self.findings.add(spot, field, found, "names that differ in letters, or `ids` in a mapping file")
        if any(id_ in self.ids(other) for other in SHARED if other != section and section in SHARED):
            id_ = f"{id_}-{SHORT[section]}"
        self.declare(section, id_, label)
        self._provisional.add((section, id_))
        return id_

    def label(self, section: str, id_: str) -> tuple[str, str]:
        """Return an entry's names in Japanese and English; where a list has one, it serves for both."""
        return self.labels.get((section, id_), (id_, id_))
