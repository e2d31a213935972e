"""Rules on the requirement list."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.names import expected_name
from inventory.problems import Problem
from inventory.rules.scope import Scope


def rows_exist(scope: Scope) -> Iterator[Problem]:
    """A record shows rows that the list has, where the estate has one."""
    known = scope.names("requirements")
    for row, path in scope.shown if known else ():
        if row not in known:
            yield scope.problem(f"{path}.requirements", f"no requirement `{row}`", expected_name(row, known))


def every_row_is_shown(scope: Scope) -> Iterator[Problem]:
    """A row that no record shows is asked for and not there."""
    if scope.withheld:
        return
    rows = {row for row, _ in scope.shown}
    for id_ in scope.records.requirements:
        if id_ not in rows:
            yield scope.problem(
                f"requirements.{id_}", "is shown by nothing", f'a record with `requirements: ["{id_}"]`'
            )
