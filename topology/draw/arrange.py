"""Which site stands where: the data centre left, a row for each site with lines of its own, campus sites beyond."""

from __future__ import annotations

import dataclasses

from inventory.models.estate import Estate


@dataclasses.dataclass(frozen=True)
class Row:
    """A site right of the corridor and the sites that hang on it by campus links."""

    site: str
    beyond: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Arrangement:
    """The sites of a drawing: the centre at left, the rows at right from top to bottom."""

    centre: str
    rows: tuple[Row, ...]


def arrange(estate: Estate) -> Arrangement:
    """Return the arrangement of an estate's sites, in the inventory's order of cities, then of sites."""
    records = estate.records
    centre = records.estate.data_centre
    campus = [circuit.ends.both for circuit in records.circuits.values() if circuit.service == "campus-link"]
    own_lines = {end for c in records.circuits.values() if c.service != "campus-link" for end in c.ends.both}
    cities = list(records.cities)
    order = {id_: index for index, id_ in enumerate(records.sites)}

    def rank(site: str) -> tuple[int, int]:
        city = records.sites[site].city
        return (cities.index(city) if city in cities else len(cities), order[site])

    heads = sorted((site for site in records.sites if site != centre and site in own_lines), key=rank)
    placed = {centre, *heads}
    rows = {site: _beyond(site, campus, placed) for site in heads}
    for site in sorted((site for site in records.sites if site not in placed), key=rank):
        if site not in placed:
            placed.add(site)
            rows[site] = _beyond(site, campus, placed)
    return Arrangement(
        centre, tuple(Row(site, beyond) for site, beyond in sorted(rows.items(), key=lambda r: rank(r[0])))
    )


def _beyond(site: str, campus: list[tuple[str, str]], placed: set[str]) -> tuple[str, ...]:
    """Return the sites that campus links join to `site`, near ones first, and note them as placed."""
    found: list[str] = []
    queue = [site]
    while queue:
        here = queue.pop(0)
        for ends in campus:
            other = ends[1] if ends[0] == here else ends[0] if ends[1] == here else None
            if other is not None and other not in placed:
                placed.add(other)
                found.append(other)
                queue.append(other)
    return tuple(found)
