"""Rules on the programme, the migration and the risks."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.circles import circle
from inventory.rules.scope import Scope


def predecessors_exist(scope: Scope) -> Iterator[Problem]:
    """A step follows steps of the programme."""
    for id_, step in scope.records.programme.items():
        for index, name in enumerate(step.after):
            yield from scope.unknown(f"programme.{id_}.after.{index}", "step", name, "programme")


def steps_end_after_they_begin(scope: Scope) -> Iterator[Problem]:
    """A step takes a month at least."""
    for id_, step in scope.records.programme.items():
        if step.end < step.begin:
            found = f"ends in {step.end:%Y-%m}, before it begins in {step.begin:%Y-%m}"
            yield scope.problem(f"programme.{id_}.end", found, f"{step.begin:%Y-%m} or later")


def steps_follow_their_predecessors(scope: Scope) -> Iterator[Problem]:
    """A step begins when its predecessors end, in the same month at the earliest, and follows from none in a circle."""
    steps = scope.records.programme
    circular = circle({id_: {name for name in step.after if name in steps} for id_, step in steps.items()})
    for id_, step in steps.items():
        if id_ in circular:
            yield scope.problem(f"programme.{id_}.after", "follows from itself in a circle", "steps that come before")
            continue
        for index, name in enumerate(step.after):
            if name in steps and steps[name].end > step.begin:
                found = f"`{name}` ends in {steps[name].end:%Y-%m}, after this begins in {step.begin:%Y-%m}"
                yield scope.problem(f"programme.{id_}.after.{index}", found, "a step that ends before")


def rehearsals_lead_to_production(scope: Scope) -> Iterator[Problem]:
    """Runs of the migration come nearer to the cut-over one by one; the last, and only that, is the production run."""
    plan = scope.records.migration
    runs = sorted(plan.rehearsals.items(), key=lambda item: item[1].order) if plan else []
    for index, (id_, run) in enumerate(runs):
        follower = runs[index + 1] if index + 1 < len(runs) else None
        path = f"migration.rehearsals.{id_}"
        if follower and follower[1].order == run.order:
            yield scope.problem(f"{path}.order", f"`{follower[0]}` has the same order", "an order of its own")
        elif follower and follower[1].months_before >= run.months_before:
            found = f"`{follower[0]}` comes after it and is no nearer to the cut-over"
            yield scope.problem(f"{path}.months_before", found, f"more than {follower[1].months_before:g} months")
        if run.production != (follower is None):
            expected = "`production: true` on the last run alone"
            yield scope.problem(path, "the last run is not the only production run", expected)


def answers_exist(scope: Scope) -> Iterator[Problem]:
    """What answers a risk is an entry or a section of the estate."""
    for id_, risk in scope.records.risks.items():
        for index, path in enumerate(risk.answered_by):
            if path not in scope.estate.places:
                found = f"no entry `{path}`"
                yield scope.problem(f"risks.{id_}.answered_by.{index}", found, "the dotted path of an entry")
