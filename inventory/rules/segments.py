"""Rules on segments."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def references_exist(scope: Scope) -> Iterator[Problem]:
    """A segment's site, zone, city, pool and campus link are defined."""
    for id_, segment in scope.records.segments.items():
        path = f"segments.{id_}"
        yield from scope.unknown(f"{path}.site", "site", segment.site, "sites")
        yield from scope.unknown(f"{path}.zone", "zone", segment.zone, "zones")
        yield from scope.unknown(f"{path}.city", "city", segment.city, "cities")
        yield from scope.unknown(f"{path}.pool", "pool", segment.pool, "pools")
        yield from scope.unknown(f"{path}.over", "circuit", segment.over, "circuits")


def campus_links_end_at_their_segments(scope: Scope) -> Iterator[Problem]:
    """A segment that runs over a circuit runs over a campus link that ends at its site."""
    for id_, segment in scope.records.segments.items():
        circuit = scope.records.circuits.get(segment.over or "")
        if circuit is None:
            continue
        if circuit.service != "campus-link":
            found = f"`{segment.over}` is a {circuit.service}"
            yield scope.problem(f"segments.{id_}.over", found, "a circuit `service: campus-link`")
        elif segment.site not in circuit.ends.both:
            found = f"`{segment.over}` joins `{circuit.ends.a}` and `{circuit.ends.z}`, not `{segment.site}`"
            yield scope.problem(f"segments.{id_}.over", found, f"a campus link that ends at `{segment.site}`")


def vlans_differ_at_a_site(scope: Scope) -> Iterator[Problem]:
    """Two segments that reach the same site carry different VLAN numbers."""
    first: dict[tuple[str, int], str] = {}
    for id_, segment in scope.records.segments.items():
        circuit = scope.records.circuits.get(segment.over or "")
        sites = {segment.site, *(circuit.ends.both if circuit else ())}
        for site in sorted(sites):
            if segment.vlan is None:
                continue
            other = first.setdefault((site, segment.vlan), id_)
            if other != id_:
                found = f"VLAN {segment.vlan} is `{other}` at `{site}` already"
                yield scope.problem(f"segments.{id_}.vlan", found, "a number of its own")
                break


def cities_own_their_sites(scope: Scope) -> Iterator[Problem]:
    """A segment at a city's site belongs to that city or to none."""
    for id_, segment in scope.records.segments.items():
        site = scope.records.sites.get(segment.site)
        known = site is not None and {segment.city, site.city} <= scope.names("cities")
        if site is not None and known and site.kind != "data-centre" and segment.city != site.city:
            found = f"a segment of `{segment.city}` at a site of `{site.city}`"
            yield scope.problem(f"segments.{id_}.city", found, f"`{site.city}`, or a site of `{segment.city}`")
