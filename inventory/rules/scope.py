"""What a rule sees: the records, the names that exist, and the words for a finding. Leaves judging to the rules."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import Any

from inventory.models.estate import Estate, EstateRecords
from inventory.names import expected_name
from inventory.problems import Problem
from inventory.showing import shown


@dataclasses.dataclass(frozen=True)
class Scope:
    """An estate under examination. `withheld` are the `(section, id)` of records that are not valid by themselves.

    Names of withheld records exist for references; rules about something missing keep still about withheld sections.
    """

    estate: Estate
    withheld: frozenset[tuple[str, str]] = frozenset()

    @property
    def records(self) -> EstateRecords:
        """The valid records."""
        return self.estate.records

    def entries(self, section: str) -> Mapping[str, Any]:
        """Return the valid records of a section by id; `tunnel_profiles` and `pools` stand one level deeper."""
        if section == "tunnel_profiles":
            return self.records.encryption.tunnel_profiles
        if section == "pools":
            return self.records.addressing.pools
        found: Mapping[str, Any] = getattr(self.records, section)
        return found

    def names(self, *sections: str) -> frozenset[str]:
        """Return every id of the sections, those of withheld records included."""
        found = self._names.get(sections)
        if found is None:
            listed = {name for section in sections for name in self.entries(section)}
            held = {name for section, name in self.withheld if section in sections}
            found = self._names[sections] = frozenset(listed | held)
        return found

    @functools.cached_property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """Every row of the requirement list that a record shows, with the record's dotted path."""
        return tuple(shown(self.records))

    @functools.cached_property
    def _names(self) -> dict[tuple[str, ...], frozenset[str]]:
        """What `names` has returned, by what it was asked; rules ask once for each reference."""
        return {}

    @functools.cached_property
    def on_segment(self) -> Mapping[str, Mapping[str, str]]:
        """The roles of the devices on each segment that has some, by id."""
        found: dict[str, dict[str, str]] = {}
        for id_, device in self.records.devices.items():
            for port in device.interfaces.values():
                if port.segment:
                    found.setdefault(port.segment, {})[id_] = device.role
        return found

    @functools.cached_property
    def sites_of(self) -> Mapping[str, frozenset[str]]:
        """The sites of each city that has some."""
        found: dict[str, set[str]] = {}
        for id_, site in self.records.sites.items():
            if site.city:
                found.setdefault(site.city, set()).add(id_)
        return {city: frozenset(sites) for city, sites in found.items()}

    def whole(self, *sections: str) -> bool:
        """Tell whether no record of the sections is withheld, so that what is not there is missing."""
        return not any(section in sections for section, _ in self.withheld)

    def ends_known(self, circuit_id: str | None) -> bool:
        """Tell whether a circuit is valid and ends at places that exist, so that rules may compare its ends."""
        circuit = self.records.circuits.get(circuit_id or "")
        return circuit is not None and set(circuit.ends.both) <= self.names("sites", "carrier_networks")

    @functools.cached_property
    def stray_sites(self) -> frozenset[str]:
        """The sites that ought to belong to a city of the estate and do not."""
        sites, cities = self.records.sites, self.names("cities")
        return frozenset(id_ for id_, site in sites.items() if site.kind != "data-centre" and site.city not in cities)

    def problem(self, path: str, problem: str, expected: str) -> Problem:
        """Return a finding at the place of `path`."""
        file, line = self.estate.where(path)
        return Problem(file, line, path, problem, expected)

    def unknown(self, path: str, kind: str, name: str | None, *sections: str) -> Iterator[Problem]:
        """Yield the finding that `name` is the id of nothing in the sections; a missing name is none."""
        if name is not None and name not in (known := self.names(*sections)):
            yield self.problem(path, f"no {kind} `{name}`", expected_name(name, known))
