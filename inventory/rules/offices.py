"""Rules on the days on which offices are closed."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope

_COUNTING = ("batch", "demand", "availability")


def closed_days_are_stated(scope: Scope) -> Iterator[Problem]:
    """Whoever counts business days (nights, load, counter hours) has an estate that says when offices are closed."""
    if scope.records.office_days is not None:
        return
    for section in _COUNTING:
        if getattr(scope.records, section) is not None:
            yield scope.problem(section, "nobody says when the offices are closed", "a section `office_days`")


def closed_days_are_stated_once(scope: Scope) -> Iterator[Problem]:
    """No day stands twice among those on which offices are closed."""
    closed = scope.records.office_days.closed if scope.records.office_days else ()
    for index, day in enumerate(closed):
        if day in closed[:index]:
            yield scope.problem(f"office_days.closed.{index}", f"{day} stands there already", "each day once")
