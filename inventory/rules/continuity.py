"""Rules on what an interruption is reckoned with."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope


def counters_are_filled(scope: Scope) -> Iterator[Problem]:
    """Where interruptions are reckoned with, one nightly job of its city fills each emergency counter."""
    records = scope.records
    if records.continuity is None or not scope.whole("jobs"):
        return
    for id_, counter in records.emergency_counters.items():
        filling = [name for name, job in records.jobs.items() if job.fills == id_ and job.city == counter.city]
        nightly = [name for name in filling if records.jobs[name].calendar == "nightly"]
        if len(filling) != 1 or nightly != filling:
            found = "is filled by no nightly job" if not filling else f"is filled by {', '.join(filling)}"
            yield scope.problem(f"emergency_counters.{id_}", found, "one nightly job of its city that `fills` it")


def interruptions_have_a_calendar(scope: Scope) -> Iterator[Problem]:
    """Whoever asks what waits for the counters says when these are open."""
    if scope.records.continuity is not None and scope.records.availability is None:
        yield scope.problem("continuity", "nobody says when counters are open", "a section `availability`")
