"""Rules on readings."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def something_hangs_on_a_reading(scope: Scope) -> Iterator[Problem]:
    """A reading decides a value somewhere; else its choice would change nothing and mislead who makes it."""
    for id_ in scope.records.readings:
        if not scope.estate.hangs_on.get(id_):
            expected = f"a value `{{reading: {id_}, cases: {{…}}}}` somewhere"
            yield scope.problem(f"readings.{id_}.choice", "the choice is not used", expected)
