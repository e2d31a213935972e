"""Rules on business systems: patterns, units of introduction, customisations, and counts that the source prints."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models.systems import Customisation
from inventory.problems import Problem
from inventory.rules.scope import Scope


def references_exist(scope: Scope) -> Iterator[Problem]:
    """Groups name a unit and a pattern, functions a group, customisations a function or a group, and a city."""
    for id_, group in scope.records.system_groups.items():
        yield from scope.unknown(f"system_groups.{id_}.unit", "unit of introduction", group.unit, "introduction_units")
        yield from scope.unknown(f"system_groups.{id_}.pattern", "pattern", group.pattern, "patterns")
    for id_, function in scope.records.functions.items():
        yield from scope.unknown(f"functions.{id_}.group", "group", function.group, "system_groups")
    for id_, entry in scope.records.customisations.items():
        path = f"customisations.{id_}"
        yield from scope.unknown(f"{path}.function", "function", entry.function, "functions")
        yield from scope.unknown(f"{path}.group", "group", entry.group, "system_groups")
        yield from scope.unknown(f"{path}.city", "city", entry.city, "cities")
        if (entry.function is None) == (entry.group is None):
            yield scope.problem(path, "is about nothing or about two things", "either `function` or `group`")
    for index, printed in enumerate(scope.records.printed_counts):
        yield from scope.unknown(f"printed_counts.{index}.group", "group", printed.group, "system_groups")


def units_are_not_split(scope: Scope) -> Iterator[Problem]:
    """What is introduced together is realised after one pattern (slide 16: 最小単位)."""
    first: dict[str, tuple[str, str]] = {}
    for id_, group in scope.records.system_groups.items():
        other, pattern = first.setdefault(group.unit, (id_, group.pattern))
        if pattern != group.pattern:
            found = f"`{group.pattern}` splits the unit `{group.unit}`: `{other}` is `{pattern}`"
            yield scope.problem(f"system_groups.{id_}.pattern", found, "one pattern for a unit of introduction")


def units_hold_something(scope: Scope) -> Iterator[Problem]:
    """A unit of introduction has groups."""
    used = {group.unit for group in scope.records.system_groups.values()}
    for id_ in scope.records.introduction_units if scope.whole("system_groups") else ():
        if id_ not in used:
            yield scope.problem(f"introduction_units.{id_}", "introduces nothing", "a group of systems with this unit")


def names_are_unique(scope: Scope) -> Iterator[Problem]:
    """A name or alias of the source stands for one function within its group."""
    seen: dict[tuple[str, str], str] = {}
    for id_, function in scope.records.functions.items():
        for name in (function.name_ja, *function.aliases):
            other = seen.setdefault((function.group, name), id_)
            if other != id_:
                yield scope.problem(f"functions.{id_}", f"`{name}` is `{other}` already", "one function for each name")


def patterns_allow_the_customisations(scope: Scope) -> Iterator[Problem]:
    """What was added to a package is allowed by the pattern of its group, for both cities or for one."""
    for id_, entry in scope.records.customisations.items():
        group = scope.records.system_groups.get(_group_of(scope, entry) or "")
        pattern = scope.records.patterns.get(group.pattern) if group else None
        if not entry.count or group is None or pattern is None or entry.kind not in pattern.customisation:
            continue
        allowed = pattern.customisation[entry.kind]
        who, mark = ("one city", allowed.one) if entry.city else ("both cities", allowed.both)
        if mark == "no":
            found = f"`{group.pattern}` allows no {entry.kind} for {who}"
            yield scope.problem(f"customisations.{id_}", found, "another pattern, or no customisation")


def alternatives_were_rejected(scope: Scope) -> Iterator[Problem]:
    """Slide 28: a gap is closed by other means first; a customisation names those that were rejected."""
    for id_, entry in scope.records.customisations.items():
        if entry.count and not entry.rejected:
            found = f"{entry.count} customisations without a rejected alternative"
            expected = "`rejected`: operation-change, alternative-function, end-user-computing or external-tool"
            yield scope.problem(f"customisations.{id_}", found, expected)


def counts_are_as_printed(scope: Scope) -> Iterator[Problem]:
    """What the source counts, the estate lists; what was added since is `how: assumed` and is not counted."""
    records = scope.records
    functions = [entry for entry in records.functions.values() if entry.how != "assumed"]
    customisations = [entry for entry in records.customisations.values() if entry.how != "assumed"]
    for index, printed in enumerate(records.printed_counts):
        found = {
            "functions": sum(printed.group in {None, entry.group} for entry in functions),
            "introduction_units": sum(unit.how != "assumed" for unit in records.introduction_units.values()),
            "customisations": sum(entry.count for entry in customisations),
            "customisation_rows": len(customisations),
        }[printed.what]
        if found != printed.count and scope.whole("functions", "introduction_units", "customisations"):
            what = printed.what.replace("_", " ") + (f" of `{printed.group}`" if printed.group else "")
            problem = f"{found} {what} are listed, {printed.source} has {printed.count}"
            yield scope.problem(f"printed_counts.{index}", problem, "as many as the source prints")


def _group_of(scope: Scope, entry: Customisation) -> str | None:
    function = scope.records.functions.get(entry.function or "")
    return function.group if function else entry.group
