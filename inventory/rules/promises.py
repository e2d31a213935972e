"""Rules on promises. Whether the scenarios they name exist is for the gate to say, which knows scenarios."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def limits_can_be_kept(scope: Scope) -> Iterator[Problem]:
    """No network switches over in no time."""
    for id_, promise in scope.records.promises.items():
        if promise.limit_s == 0:
            yield scope.problem(f"promises.{id_}.limit", "an outage of at most 0 s", "a limit above zero")
