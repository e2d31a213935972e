"""Rules on promises. Whether the scenarios they name exist is for the gate to say, which knows scenarios."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.names import expected_name
from inventory.problems import Problem
from inventory.rules.scope import Scope


def limits_can_be_kept(scope: Scope) -> Iterator[Problem]:
    """No network switches over in no time."""
    for id_, promise in scope.records.promises.items():
        if promise.limit_s == 0:
            yield scope.problem(f"promises.{id_}.limit", "an outage of at most 0 s", "a limit above zero")


def exceptions_exist(scope: Scope) -> Iterator[Problem]:
    """What a promise excepts from any single failure is a circuit or a router."""
    routers = {id_ for id_, device in scope.records.devices.items() if device.role == "router"}
    withheld = {name for section, name in scope.withheld if section == "devices"}
    known = scope.names("circuits") | routers | withheld
    for id_, promise in scope.records.promises.items():
        for name in promise.exceptions:
            path = f"promises.{id_}.except.{name}"
            if name not in known:
                yield scope.problem(path, f"no circuit or router `{name}`", expected_name(name, known))
            elif promise.after != "any-single-failure":
                found = "an exception from scenarios that are named one by one"
                yield scope.problem(path, found, "`after: any-single-failure`, or no exception")
