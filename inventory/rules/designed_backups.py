"""Rules on the backups of the design: no store is left out, none is in plain text, one copy is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.design import DesignedService
from inventory.problems import Problem
from inventory.rules.platform import site_of
from inventory.rules.scope import Scope


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Sets are of services, for a city, and kept at a site."""
    for id_, backup in scope.records.designed_backups.items():
        path = f"designed_backups.{id_}"
        for index, name in enumerate(backup.of):
            yield from scope.unknown(f"{path}.of.{index}", "service", name, "designed_services")
        yield from scope.unknown(f"{path}.city", "city", backup.city, "cities")
        yield from scope.unknown(f"{path}.kept_at", "site", backup.kept_at, "sites")


def stores_are_backed_up(scope: Scope) -> Iterator[Problem]:
    """Every store of an instance is in a set of its city, personal data in one that is kept at another site."""
    records = scope.records
    if not scope.whole("designed_backups", "designed_services", "virtual_machines"):
        return
    for id_, service in records.designed_services.items():
        for name, instance in service.instances.items():
            path = f"designed_services.{id_}.instances.{name}"
            own = [one for one in records.designed_backups.values() if id_ in one.of and one.city == instance.city]
            for store, placed in instance.stores.items():
                machine = records.virtual_machines.get(placed.runs_on[0])
                site = site_of(scope, machine.segment) if machine else None
                if not own:
                    yield scope.problem(f"{path}.stores.{store}", "is backed up by nothing", "a set of its service")
                elif _personal(service, store) and site and all(one.kept_at == site for one in own):
                    found = "has no backup at another site"
                    yield scope.problem(f"{path}.stores.{store}", found, "a set `kept_at` another site")


def sets_back_something_up(scope: Scope) -> Iterator[Problem]:
    """A set is of services with a store for its city, and encrypted."""
    records = scope.records
    for id_, backup in records.designed_backups.items():
        for index, name in enumerate(backup.of):
            service = records.designed_services.get(name)
            own = [one for one in service.instances.values() if one.city == backup.city] if service else []
            if service is not None and not any(one.stores for one in own):
                found = f"`{name}` keeps nothing for {f'`{backup.city}`' if backup.city else 'all cities'}"
                yield scope.problem(f"designed_backups.{id_}.of.{index}", found, "a service that keeps a store")
        if not backup.encrypted:
            yield scope.problem(f"designed_backups.{id_}.encrypted", "data in plain text", "`encrypted: true`")


def _personal(service: DesignedService, store: str) -> bool:
    """Tell whether a store holds data of persons."""
    return store in service.stores and service.stores[store].personal
