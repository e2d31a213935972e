"""Rules on parties, contracts, tasks, ledgers, working groups and what they hand over."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Parties are of a city and of a party; whoever signs, works or decides is a party; groups work on systems."""
    records = scope.records
    for id_, party in records.parties.items():
        yield from scope.unknown(f"parties.{id_}.city", "city", party.city, "cities")
        yield from scope.unknown(f"parties.{id_}.part_of", "party", party.part_of, "parties")
    for id_, contract in records.contracts.items():
        yield from scope.unknown(f"contracts.{id_}.client", "party", contract.client, "parties")
        yield from scope.unknown(f"contracts.{id_}.contractor", "party", contract.contractor, "parties")
    for id_, task in records.responsibilities.items():
        for index, name in enumerate(task.parties):
            yield from scope.unknown(f"responsibilities.{id_}.parties.{index}", "party", name, "parties")
    for id_, ledger in records.ledgers.items():
        yield from scope.unknown(f"ledgers.{id_}.opened_by", "party", ledger.opened_by, "parties")
        yield from scope.unknown(f"ledgers.{id_}.decided_by", "party", ledger.decided_by, "parties")
    for id_, group in records.working_groups.items():
        for index, name in enumerate(group.groups):
            yield from scope.unknown(f"working_groups.{id_}.groups.{index}", "group", name, "system_groups")


def contracts_bind_two(scope: Scope) -> Iterator[Problem]:
    """Nobody has a contract with itself."""
    for id_, contract in scope.records.contracts.items():
        if contract.client == contract.contractor:
            found = f"`{contract.client}` is on both sides"
            yield scope.problem(f"contracts.{id_}.contractor", found, "another party")


def contractors_can_be_reached(scope: Scope) -> Iterator[Problem]:
    """Who operates, maintains or builds works for a city under a chain of contracts, or belongs to a city."""
    records = scope.records
    if not records.contracts or not scope.whole("contracts", "parties"):
        return
    bound = {id_ for id_, party in records.parties.items() if party.city or party.kind == "council"}
    while more := {one.contractor for one in records.contracts.values() if one.client in bound} - bound:
        bound |= more
    for id_, task in records.responsibilities.items():
        for index, name in enumerate(task.parties):
            if name in records.parties and name not in bound:
                found = f"`{name}` works under no contract with a city"
                yield scope.problem(f"responsibilities.{id_}.parties.{index}", found, "a contract, or another party")


def work_products_are_numbered_once(scope: Scope) -> Iterator[Problem]:
    """A number stands for one result."""
    seen: dict[int, str] = {}
    for id_, product in scope.records.work_products.items():
        if product.number is not None and seen.setdefault(product.number, id_) != id_:
            found = f"{product.number} is `{seen[product.number]}` already"
            yield scope.problem(f"work_products.{id_}.number", found, "another number")


def every_group_is_decided_by_somebody(scope: Scope) -> Iterator[Problem]:
    """Where there are working groups, each group of systems has one (slide 24: by business)."""
    covered = {name for group in scope.records.working_groups.values() for name in group.groups}
    for id_ in scope.records.system_groups if covered and scope.whole("working_groups") else ():
        if id_ not in covered:
            yield scope.problem(f"system_groups.{id_}", "no working group decides on it", "a working group with it")
