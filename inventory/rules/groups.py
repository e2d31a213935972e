"""Rules on groups of circuits: logical lines, and main lines with their backup."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.lines import rate_of_members
from inventory.models.circuits import Circuit, CircuitGroup
from inventory.problems import Problem
from inventory.quantities import show_rate
from inventory.rules.scope import Scope


def risk_groups_name_circuits(scope: Scope) -> Iterator[Problem]:
    """What runs through a duct is a circuit."""
    for id_, group in scope.records.risk_groups.items():
        for index, name in enumerate(group.circuits):
            yield from scope.unknown(f"risk_groups.{id_}.circuits.{index}", "circuit", name, "circuits")


def members_and_cities_exist(scope: Scope) -> Iterator[Problem]:
    """A group consists of circuits and serves a city."""
    for id_, group in scope.records.circuit_groups.items():
        yield from scope.unknown(f"circuit_groups.{id_}.city", "city", group.city, "cities")
        for index, member in enumerate(group.members):
            path = f"circuit_groups.{id_}.members.{index}.circuit"
            yield from scope.unknown(path, "circuit", member.circuit, "circuits")


def circuits_have_one_group(scope: Scope) -> Iterator[Problem]:
    """A circuit serves one purpose."""
    first: dict[str, str] = {}
    for id_, group in scope.records.circuit_groups.items():
        for index, member in enumerate(group.members):
            if member.circuit in first:
                found = f"`{member.circuit}` is in `{first[member.circuit]}` already"
                path = f"circuit_groups.{id_}.members.{index}.circuit"
                yield scope.problem(path, found, "each circuit once in one group")
            first.setdefault(member.circuit, id_)


def priorities_suit_the_kind(scope: Scope) -> Iterator[Problem]:
    """All members of a logical line are active; a main line is the one primary, its backups are secondary."""
    for id_, group in scope.records.circuit_groups.items():
        given = [member.priority for member in group.members]
        path = f"circuit_groups.{id_}.members"
        if group.kind == "logical-line" and set(given) != {"active"}:
            yield scope.problem(path, f"a logical line with members {', '.join(given)}", "every member active")
        if group.kind == "main-and-backup" and (given.count("primary") != 1 or "active" in given):
            found = f"a main line with members {', '.join(given)}"
            yield scope.problem(path, found, "one primary, the others secondary")


def members_end_together(scope: Scope) -> Iterator[Problem]:
    """A logical line's members join the same two sites; a backup ends where its main line does, beyond the centre."""
    beyond = {id_ for id_, site in scope.records.sites.items() if site.kind != "data-centre"}
    for id_, group, circuits in _complete(scope):
        ends = [set(circuit.ends.both) for circuit in circuits]
        for index, (member, here) in enumerate(zip(group.members, ends, strict=True)):
            path = f"circuit_groups.{id_}.members.{index}"
            if group.kind == "logical-line" and here != ends[0]:
                found = f"`{member.circuit}` joins {_and(here)}, `{group.members[0].circuit}` {_and(ends[0])}"
                yield scope.problem(path, found, "members of a logical line that end at the same sites")
            if group.kind == "main-and-backup" and not here & ends[0] & beyond:
                found = f"`{member.circuit}` joins {_and(here)}, `{group.members[0].circuit}` {_and(ends[0])}"
                yield scope.problem(path, found, "a backup that ends at the same hall as the main line")


def groups_end_in_their_city(scope: Scope) -> Iterator[Problem]:
    """Every member of a group ends at a site of the group's city."""
    for id_, group, circuits in _complete(scope):
        if group.city not in scope.names("cities") or scope.stray_sites:
            continue
        own = scope.sites_of.get(group.city, frozenset())
        for index, circuit in enumerate(circuits):
            if scope.whole("sites") and not own & set(circuit.ends.both):
                path = f"circuit_groups.{id_}.members.{index}"
                found = f"`{group.members[index].circuit}` ends at no site of `{group.city}`"
                yield scope.problem(path, found, f"a circuit to one of {', '.join(sorted(own)) or 'its sites'}")


def rates_follow_from_members(scope: Scope) -> Iterator[Problem]:
    """A logical line's rate is the sum of its members'; a main line with backup has the main line's rate."""
    for id_, group, circuits in _complete(scope):
        whole_bps = rate_of_members(group, circuits)
        if whole_bps is not None and group.rate_bps != whole_bps:
            what = "the sum of its members" if group.kind == "logical-line" else "the rate of its main line"
            found = f"{show_rate(group.rate_bps)} is not {what}"
            yield scope.problem(f"circuit_groups.{id_}.rate", found, show_rate(whole_bps))


def _complete(scope: Scope) -> Iterator[tuple[str, CircuitGroup, list[Circuit]]]:
    """Yield the groups all of whose members are known and end at known places, with their circuits."""
    for id_, group in scope.records.circuit_groups.items():
        if all(scope.ends_known(member.circuit) for member in group.members):
            yield id_, group, [scope.records.circuits[member.circuit] for member in group.members]


def _and(names: set[str]) -> str:
    return " and ".join(f"`{name}`" for name in sorted(names))
