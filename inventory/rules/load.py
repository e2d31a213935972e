"""Rules on the load."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def cities_are_known(scope: Scope) -> Iterator[Problem]:
    """Staff is stated of every city of the estate and of no other."""
    load = scope.records.load
    for city in load.cities if load else ():
        yield from scope.unknown(f"load.cities.{city}", "city", city, "cities")
    for city in sorted(scope.names("cities") - set(load.cities)) if load else ():
        yield scope.problem("load.cities", f"nothing of `{city}`", "an entry for every city")


def counters_open_before_they_close(scope: Scope) -> Iterator[Problem]:
    """The hours are of one day."""
    load = scope.records.load
    if load and load.opens_s >= load.closes_s:
        yield scope.problem("load.closes", "closes before it opens", "a later time of the same day")


def moves_fit_into_a_year(scope: Scope) -> Iterator[Problem]:
    """The months that are named share no more than all moves of a year."""
    load = scope.records.load
    total = sum(load.move_months.values()) if load else 0
    if total > 1:
        yield scope.problem("load.move_months", f"add to {total:g} of a year's moves", "at most 1")


def peak_days_are_the_busiest(scope: Scope) -> Iterator[Problem]:
    """A Monday is no busier than the peak day of the year."""
    load = scope.records.load
    if load and load.monday_factor > load.peak_day_factor:
        found = f"{load.peak_day_factor:g} times the mean day is less than a Monday ({load.monday_factor:g})"
        yield scope.problem("load.peak_day_factor", found, "at least the factor of Mondays")
