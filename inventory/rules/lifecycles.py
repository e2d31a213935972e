"""Rules on lifecycles that hold on any day. What is expired on a day is for `topology.lifecycles` to say."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.circles import circle
from inventory.rules.scope import Scope


def references_exist(scope: Scope) -> Iterator[Problem]:
    """A row follows a row; who looks after it and who accepts what is expired are parties."""
    for id_, row in scope.records.lifecycles.items():
        path = f"lifecycles.{id_}"
        yield from scope.unknown(f"{path}.follows", "lifecycle", row.follows, "lifecycles")
        yield from scope.unknown(f"{path}.operator", "party", row.operator, "parties")
        by = row.accepted.by if row.accepted else None
        yield from scope.unknown(f"{path}.accepted.by", "party", by, "parties")


def follow_no_circle(scope: Scope) -> Iterator[Problem]:
    """No row's support is, however far around, its own."""
    rows = scope.records.lifecycles
    before = {id_: {row.follows} for id_, row in rows.items() if row.follows and row.follows in rows}
    for id_ in sorted(circle(before)):
        yield scope.problem(f"lifecycles.{id_}.follows", "follows itself in a circle", "a row that has an end")


def support_ends_once(scope: Scope) -> Iterator[Problem]:
    """What follows another row has no end of its own."""
    for id_, row in scope.records.lifecycles.items():
        if row.follows and row.ends:
            found = f"has an end of its own and follows `{row.follows}`"
            yield scope.problem(f"lifecycles.{id_}.ends", found, "either `ends` or `follows`")


def pins_have_one_row(scope: Scope) -> Iterator[Problem]:
    """A pin's support is stated once."""
    first: dict[tuple[str, str], str] = {}
    for id_, row in scope.records.lifecycles.items():
        for index, name in enumerate(row.names):
            other = first.setdefault((row.pinned_in, name), id_)
            if other != id_ or name in row.names[:index]:
                found = f"`{name}` in {row.pinned_in} is `{other}` already"
                yield scope.problem(f"lifecycles.{id_}.names.{index}", found, "one row for each pin")


def acceptances_follow_an_end(scope: Scope) -> Iterator[Problem]:
    """Only what ends can be accepted beyond its end."""
    for id_, row in scope.records.lifecycles.items():
        path = f"lifecycles.{id_}.accepted"
        if row.accepted and row.ends is None:
            yield scope.problem(path, "has no end of its own beyond which it could stay", "no `accepted`, or `ends`")
        elif row.accepted and row.ends and row.accepted.until <= row.ends:
            yield scope.problem(f"{path}.until", f"comes before support ends, on {row.ends}", "a later day")
