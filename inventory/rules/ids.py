"""Ids that share a name space: what can be an end of a circuit, a place on a path, or a name in the address record."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope

KINDS = {
    "sites": "site",
    "carrier_networks": "carrier network",
    "circuits": "circuit",
    "segments": "segment",
    "devices": "device",
    "designed_segments": "designed segment",
    "virtual_machines": "virtual machine",
}
SERVICES = {"services": "service", "designed_services": "designed service", "zones": "zone"}
SYSTEMS = {
    "services": "service",
    "designed_services": "designed service",
    "system_groups": "group of systems",
    "emergency_counters": "emergency counter",
    "outside_systems": "outside system",
}


def ids_differ_across_kinds(scope: Scope) -> Iterator[Problem]:
    """Sites, carrier networks, circuits, segments and devices are named in the same places, so no id serves twice.

    So are services and zones, whether the lab realises them or not, and the systems that exchange data.
    """
    for kinds in (KINDS, SERVICES, SYSTEMS):
        first: dict[str, str] = {}
        for section, kind in kinds.items():
            for id_ in sorted(scope.names(section)):
                if id_ in first:
                    where = scope.estate.cite(f"{first[id_]}.{id_}")
                    found = f"the id `{id_}` is that of a {kinds[first[id_]]} as well ({where})"
                    yield scope.problem(f"{section}.{id_}", found, f"another id for the {kind}")
                first.setdefault(id_, section)
