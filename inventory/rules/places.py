"""Rules on cities and sites."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def data_centre_exists(scope: Scope) -> Iterator[Problem]:
    """The estate's data centre is one of its sites."""
    yield from scope.unknown("estate.data_centre", "site", scope.records.estate.data_centre, "sites")


def cities_of_sites_exist(scope: Scope) -> Iterator[Problem]:
    """The city of a site is one of the estate's."""
    for id_, site in scope.records.sites.items():
        yield from scope.unknown(f"sites.{id_}.city", "city", site.city, "cities")


def data_centre_is_one(scope: Scope) -> Iterator[Problem]:
    """The site that the header names is a data centre."""
    site = scope.records.sites.get(scope.records.estate.data_centre)
    if site is not None and site.kind != "data-centre":
        yield scope.problem("estate.data_centre", f"a {site.kind}, not a data centre", "a site `kind: data-centre`")


def cities_work_in_halls(scope: Scope) -> Iterator[Problem]:
    """A hall or network building belongs to a city; a shared data centre belongs to none."""
    for id_, site in scope.records.sites.items():
        if site.kind == "data-centre" and site.city is not None:
            yield scope.problem(f"sites.{id_}.city", f"a data centre of `{site.city}`", "no city: it is shared")
        if site.kind != "data-centre" and site.city is None:
            yield scope.problem(f"sites.{id_}", f"a {site.kind} without a city", "the city whose people work there")


def households_have_people(scope: Scope) -> Iterator[Problem]:
    """No city has more households than people."""
    for id_, city in scope.records.cities.items():
        if city.households > city.population:
            found = f"{city.households} households of {city.population} people"
            yield scope.problem(f"cities.{id_}.households", found, "at most one household for each person")
