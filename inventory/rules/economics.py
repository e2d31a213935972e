"""Rules on costs and effort."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.economics import MEASURES, MONEY_MEASURES, TOGETHER, CityCosts, CostLine, Economics
from inventory.names import expected_name
from inventory.problems import Problem
from inventory.quantities import show_money
from inventory.rules.scope import Scope


def cities_are_known(scope: Scope) -> Iterator[Problem]:
    """Costs and staff are those of the estate's cities and of no other; a candidate may have joined since."""
    economics, effort = scope.records.economics, scope.records.effort
    joined = set(economics.candidates) if economics else set()
    lists = {}
    if economics:
        lists["economics.cities"] = set(economics.cities)
        if economics.second_phase:
            lists["economics.second_phase.own"] = set(economics.second_phase.own)
    if effort:
        lists["effort.staff"] = set(effort.staff)
    for path, cities in lists.items():
        for city in sorted(cities):
            yield from scope.unknown(f"{path}.{city}", "city", city, "cities")
        for city in sorted(scope.names("cities") - cities - joined):
            yield scope.problem(path, f"nothing of `{city}`", "an entry for every city, or a candidate of that name")


def lines_name_a_cell(scope: Scope) -> Iterator[Problem]:
    """A line of the joint scheme's shared cost is of no city, any other of one; its circuit exists."""
    for id_, line in _lines(scope).items():
        path = f"economics.lines.{id_}"
        shared_by_all = line.alternative == "joint" and line.part == "shared"
        if shared_by_all and line.city:
            yield scope.problem(f"{path}.city", "the joint scheme's shared cost belongs to no city", "no `city`")
        if not shared_by_all and not line.city:
            yield scope.problem(path, "belongs to no city", "a `city`, or a line of the joint scheme's shared cost")
        yield from scope.unknown(f"{path}.city", "city", line.city, "cities")
        yield from scope.unknown(f"{path}.circuit", "circuit", line.circuit, "circuits")


def lines_stay_within_their_cell(scope: Scope) -> Iterator[Problem]:
    """The finer lines of a cell add to no more than the cell."""
    economics = scope.records.economics
    if not economics or not set(economics.cities) >= {line.city for line in _lines(scope).values() if line.city}:
        return
    spent: dict[tuple[str, str, str | None], int] = {}
    for id_, line in _lines(scope).items():
        key = (line.alternative, line.part, line.city)
        spent[key] = spent.get(key, 0) + line.amount * (economics.term_years if line.per == "year" else 1)
        most = _cell(economics, line)
        if spent[key] > most:
            found = f"the lines up to here add to {show_money(spent[key])} MJPY over the term"
            yield scope.problem(f"economics.lines.{id_}", found, f"at most {show_money(most)} MJPY")


def printed_figures_are_derived(scope: Scope) -> Iterator[Problem]:
    """What is printed is of a city or of all together, in the unit of its measure, and stands once."""
    economics = scope.records.economics
    seen: set[tuple[str, str, str]] = set()
    for index, figure in enumerate(economics.printed if economics else ()):
        path = f"economics.printed.{index}"
        known = {TOGETHER, *scope.names("cities")}
        if figure.who not in known:
            yield scope.problem(f"{path}.who", f"no city `{figure.who}`", expected_name(figure.who, known))
        if (figure.measure in MONEY_MEASURES) != (figure.figure[0] > 1):
            expected = "an amount" if figure.measure in MONEY_MEASURES else "a percentage"
            yield scope.problem(f"{path}.figure", f"is not what `{figure.measure}` is measured in", expected)
        derived = MEASURES[figure.alternative]
        if figure.measure not in derived:
            found = f"`{figure.alternative}` has no `{figure.measure}`"
            yield scope.problem(f"{path}.measure", found, expected_name(figure.measure, derived))
        key = (figure.who, figure.alternative, figure.measure)
        if key in seen:
            yield scope.problem(path, f"{', '.join(key)} stands twice", "one entry for each figure")
        seen.add(key)


def candidates_are_not_in_yet(scope: Scope) -> Iterator[Problem]:
    """A city that may join, or has joined since, is none of those whose costs are compared."""
    economics = scope.records.economics
    for id_ in economics.candidates if economics else ():
        if economics and id_ in economics.cities:
            found = "is in the comparison of costs already"
            yield scope.problem(f"economics.candidates.{id_}", found, "a city that may join")


def totals_follow_or_are_explained(scope: Scope) -> Iterator[Problem]:
    """Meeting tables that do not add to their printed total say why."""
    effort = scope.records.effort
    for id_, table in (effort.meetings if effort else {}).items():
        total = sum(table.columns.values())
        if any(printed != total for printed in table.printed_totals) and not table.remark:
            found = f"the columns add to {total:,}, printed is {', '.join(f'{one:,}' for one in table.printed_totals)}"
            yield scope.problem(f"effort.meetings.{id_}", found, "that total, or a `remark` that says why it differs")


def _lines(scope: Scope) -> dict[str, CostLine]:
    return scope.records.economics.lines if scope.records.economics else {}


def _cell(economics: Economics, line: CostLine) -> int:
    """Return the amount of the cell that a line is part of."""
    if line.city is None:
        return economics.joint_shared
    city: CityCosts = economics.cities[line.city]
    if line.alternative == "joint":
        return city.joint_own
    return city.alone.shared if line.part == "shared" else city.alone.own
