"""A night in which something happens: jobs fail, start late or are left out, circuits go down. Read from YAML.

Times of day are those of the night, from noon to noon. Leaves what follows from it to `night_plays`.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from pathlib import Path

from pydantic import Field

from inventory.document import Document, Path_, read_document
from inventory.models.batch import in_night
from inventory.models.estate import Estate
from inventory.models.record import Id, Record, Text
from inventory.problems import Problem
from inventory.quantities import Clock, Fraction, Rate
from inventory.single import as_tuples, findings, problem_at
from simulation.batch.lines import LineChange
from simulation.errors import ScenarioInvalid


class Failure(Record):
    """A job fails `times` over, each time after the share `after` of what it has left to do."""

    job: Id
    after: Fraction = 0.5
    times: int = Field(default=1, ge=1, le=5)


class CircuitTrouble(Record):
    """A circuit is down, or carries `rate` alone, from a time on until another; all night where neither stands."""

    circuit: Id
    begin_s: Clock | None = Field(default=None, alias="from")
    until_s: Clock | None = Field(default=None, alias="until")
    rate_bps: Rate | None = Field(default=None, alias="rate")


class LateStart(Record):
    """A job that may begin at another time than its own."""

    job: Id
    release_s: Clock = Field(alias="release")


class Incident(Record):
    """What happens in a night. `extra` are jobs that run though their calendar does not say so."""

    title: Text
    title_ja: Text
    failures: tuple[Failure, ...] = ()
    circuits: tuple[CircuitTrouble, ...] = ()
    late: tuple[LateStart, ...] = ()
    left_out: tuple[Id, ...] = ()
    extra: tuple[Id, ...] = ()

    @property
    def told(self) -> dict[str, tuple[float, ...]]:
        """The failures by job, as shares of what is left."""
        return {failure.job: (failure.after,) * failure.times for failure in self.failures}

    @property
    def changes(self) -> tuple[LineChange, ...]:
        """What becomes of circuits, in seconds after noon."""
        found = []
        for one in self.circuits:
            begin_s = 0.0 if one.begin_s is None else in_night(one.begin_s)
            found.append(LineChange(begin_s, one.circuit, one.rate_bps or 0.0))
            if one.until_s is not None:
                found.append(LineChange(in_night(one.until_s), one.circuit, None))
        return tuple(found)


NOTHING = Incident(title="Nothing happens", title_ja="異常なし")


def load_incident(path: Path, estate: Estate) -> Incident:
    """Read an incident from a YAML file; raises ScenarioInvalid with all that is wrong, by line."""
    document = read_document(path, path.name)
    if document.problems or not isinstance(document.data, dict):
        raise ScenarioInvalid(document.problems)
    plain = as_tuples(document.data)
    problems = list(findings(document, Incident, plain))
    if not problems:
        problems = list(_unmet(document, Incident.model_validate(plain), estate))
    if problems:
        raise ScenarioInvalid(problems)
    return Incident.model_validate(plain)


def _unmet(document: Document, incident: Incident, estate: Estate) -> Iterator[Problem]:
    """Yield what names nothing, ends before it begins, or happens to one thing twice."""
    jobs = {*estate.records.jobs, *estate.records.backups}
    named: list[tuple[Path_, str, Collection[str], str]] = [
        *((("failures", n, "job"), one.job, jobs, "job") for n, one in enumerate(incident.failures)),
        *((("late", n, "job"), one.job, jobs, "job") for n, one in enumerate(incident.late)),
        *((("left_out", n), name, jobs, "job") for n, name in enumerate(incident.left_out)),
        *((("extra", n), name, set(estate.records.jobs), "job") for n, name in enumerate(incident.extra)),
        *((("circuits", n, "circuit"), one.circuit, set(estate.records.circuits), "circuit")
          for n, one in enumerate(incident.circuits)),
    ]  # fmt: skip
    seen = set()
    for path, name, known, kind in named:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), 1)
            expected = f"`{near[0]}`" if near else "one of " + ", ".join(sorted(known))
            yield problem_at(document, path, f"no {kind} `{name}` in the estate", expected)
        if (path[0], name) in seen and path[0] != "circuits":
            yield problem_at(document, path, f"`{name}` stands there twice", "each once")
        seen.add((path[0], name))
    for number, one in enumerate(incident.circuits):
        begin_s = 0.0 if one.begin_s is None else in_night(one.begin_s)
        if one.until_s is not None and in_night(one.until_s) <= begin_s:
            found = "ends before it begins; times count from noon to noon"
            yield problem_at(document, ("circuits", number, "until"), found, "a later time of the same night")
    if not any((incident.failures, incident.circuits, incident.late, incident.left_out, incident.extra)):
        yield problem_at(document, (), "nothing happens in it", "`failures`, `circuits`, `late`, `left_out` or `extra`")
