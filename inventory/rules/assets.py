"""Rules on whose assets are, who runs them and under which contract (slide 8: every asset has all three)."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.facility import Hardware
from inventory.models.record import Held
from inventory.problems import Problem
from inventory.rules.scope import Scope

_SECTIONS = ("circuits", "system_groups", "rooms", "power_sources", "clusters")


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Owners and operators are parties, contracts are listed."""
    for path, asset in _assets(scope):
        yield from scope.unknown(f"{path}.owner", "party", asset.owner, "parties")
        yield from scope.unknown(f"{path}.operator", "party", asset.operator, "parties")
        yield from scope.unknown(f"{path}.contract", "contract", asset.contract, "contracts")


def assets_are_answered_for(scope: Scope) -> Iterator[Problem]:
    """Where parties and contracts are listed, every asset of the scheme has owner, operator and contract.

    What stays alone is each city's own. Racks and cooling are held as their room,
    feeds as their source, virtual machines as their cluster.
    """
    if not scope.names("parties") or not scope.names("contracts"):
        return
    for path, asset in _assets(scope):
        missing = [name for name in Held.model_fields if getattr(asset, name) is None]
        if missing:
            expected = "`owner` and `operator`, parties, and `contract`"
            yield scope.problem(path, f"has no {', no '.join(missing)}", expected)


def operators_work_under_their_contract(scope: Scope) -> Iterator[Problem]:
    """Who runs an asset is a side of the contract that it stands under, or belongs to one."""
    contracts, parties = scope.records.contracts, scope.records.parties
    assets: list[tuple[str, Held | Hardware]] = [*_assets(scope), *_hardware(scope)]
    for path, asset in assets:
        contract, operator = contracts.get(asset.contract or ""), parties.get(asset.operator or "")
        if contract is None or operator is None:
            continue
        sides = {contract.client, contract.contractor}
        if not sides & {asset.operator, operator.part_of}:
            found = f"`{asset.operator}` is no side of `{asset.contract}`"
            names = " or ".join(f"`{side}`" for side in (contract.contractor, contract.client))
            yield scope.problem(f"{path}.operator", found, f"{names}, or another contract")


def _assets(scope: Scope) -> Iterator[tuple[str, Held]]:
    for section in _SECTIONS:
        for id_, asset in scope.entries(section).items():
            if section != "system_groups" or asset.migration.decision != "stay-alone":
                yield f"{section}.{id_}", asset


def _hardware(scope: Scope) -> Iterator[tuple[str, Hardware]]:
    for id_, item in scope.records.hardware.items():
        yield f"hardware.{id_}", item
