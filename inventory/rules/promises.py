"""Rules on promises.

Whether the scenarios, questions and figures they name exist is for the gate to say, which knows them.
"""

from __future__ import annotations

from collections.abc import Iterator

from inventory.names import expected_name
from inventory.problems import Problem
from inventory.quantities import bound_of
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


def figures_have_one_bound(scope: Scope) -> Iterator[Problem]:
    """A promise on figures says what is asked, and one bound that can be read."""
    for id_, promise in scope.records.figure_promises.items():
        path = f"figure_promises.{id_}"
        if "kind" not in promise.question:
            yield scope.problem(f"{path}.question", "asks nothing", "a `kind`, such as `batch`")
        bounds = {"at_least": promise.at_least, "at_most": promise.at_most}
        given = {name: bound for name, bound in bounds.items() if bound is not None}
        if len(given) != 1:
            yield scope.problem(path, f"{len(given)} bounds", "one of `at_least` and `at_most`")
        for name, bound in given.items():
            if isinstance(bound, str) and bound_of(bound) is None:
                yield scope.problem(f"{path}.{name}", f"{bound!r} is no bound", "`30 min`, `80 %`, or a plain number")
