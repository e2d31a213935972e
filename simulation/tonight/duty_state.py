"""Where tonight stands: the state file of the operator on duty, read and held against the night's own jobs.

JSON, with times of day that count from noon to noon as the estate's do. All mistakes are told at once, by line and
path. Leaves what follows from a state to `standing`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from inventory.document import Document, Path_, read_mapping
from inventory.models.batch import in_night
from inventory.models.estate import Estate
from inventory.models.record import Id, Record
from inventory.problems import Problem
from inventory.quantities import Clock, Rate
from inventory.single import as_tuples, findings, problem_at
from simulation.batch.layout import NightLayout, night_of
from simulation.errors import ScenarioInvalid, ScenarioNotFound

_MOST_BYTES = 500_000
JobStateName = Literal["waiting", "running", "done", "failed", "held", "skipped"]


class JobState(Record):
    """A job or backup: `since` when it began, `at` when it ended or failed, `times` how often it has failed tonight."""

    state: JobStateName
    since_s: Clock | None = Field(default=None, alias="since")
    at_s: Clock | None = Field(default=None, alias="at")
    times: int = Field(default=1, ge=1, le=20)

    @property
    def since_in_night_s(self) -> float | None:
        """When it began, in seconds after noon."""
        return None if self.since_s is None else in_night(self.since_s)

    @property
    def at_in_night_s(self) -> float | None:
        """When it ended or failed, in seconds after noon."""
        return None if self.at_s is None else in_night(self.at_s)


class CircuitState(Record):
    """A circuit: up, at `rate` if that is given, or down, until `back` if the carrier has said so."""

    state: Literal["up", "down"]
    rate_bps: Rate | None = Field(default=None, alias="rate")
    since_s: Clock | None = Field(default=None, alias="since")
    back_s: Clock | None = Field(default=None, alias="back")


class DutyState(Record):
    """The night that began at noon of `date`, as it stands `now`. Circuits that are not named are up."""

    date: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    now_s: Clock = Field(alias="now")
    jobs: dict[Id, JobState]
    circuits: dict[Id, CircuitState] = Field(default_factory=dict)

    @property
    def now_in_night_s(self) -> float:
        """Now, in seconds after noon."""
        return in_night(self.now_s)

    @property
    def day(self) -> dt.date:
        """The date on which the night began."""
        return dt.date.fromisoformat(self.date)

    def of(self, *states: JobStateName) -> tuple[str, ...]:
        """Return the jobs that are in one of these states, sorted."""
        return tuple(sorted(id_ for id_, job in self.jobs.items() if job.state in states))


def load_state(path: Path, estate: Estate) -> DutyState:
    """Read a state file; raises ScenarioInvalid with all that is wrong, ScenarioNotFound where there is no file."""
    document = _read(path)
    plain = as_tuples(document.data)
    problems = [*document.problems, *findings(document, DutyState, plain)]
    state: DutyState | None = None
    with contextlib.suppress(ValidationError):
        state = DutyState.model_validate(plain)
    if not problems and state is not None:
        problems = [*_no_such_day(document, state)] or [*_contradictions(document, state, estate)]
    if problems or state is None:
        raise ScenarioInvalid(problems)
    return state


def as_planned(estate: Estate, date: dt.date, now_s: float, ends: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """Return a state file to fill in: every job as it should stand at `now_s`, by its planned begin and end."""
    jobs: dict[str, dict[str, str]] = {}
    for id_, (begin_s, end_s) in ends.items():
        if end_s <= now_s:
            jobs[id_] = {"state": "done", "since": clock(begin_s), "at": clock(end_s)}
        elif begin_s <= now_s:
            jobs[id_] = {"state": "running", "since": clock(begin_s)}
        else:
            jobs[id_] = {"state": "waiting"}
    circuits = {id_: {"state": "up"} for id_ in sorted(estate.records.circuits)}
    return {"date": date.isoformat(), "now": clock(now_s), "jobs": jobs, "circuits": circuits}


def clock(after_noon_s: float) -> str:
    """Return a time of a night (s after noon) as a time of day, whole minutes begun."""
    whole = int(after_noon_s // 60) + 720
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"


def _read(path: Path) -> Document:
    """Return the data of a JSON file with the line of each value; raises ScenarioInvalid where it is no JSON object."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ScenarioNotFound(
            f"{path}: cannot be read: {error.strerror}; `twin tonight --template` writes one"
        ) from error
    try:
        text = raw[: _MOST_BYTES + 1].decode("utf-8")
        json.loads(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScenarioInvalid([Problem(path.name, line, "", "is not valid UTF-8", "UTF-8 text")]) from error
    except json.JSONDecodeError as error:
        found = f"is not JSON: {error.msg} (column {error.colno})"
        raise ScenarioInvalid([Problem(path.name, error.lineno, "", found, "a JSON object")]) from error
    except RecursionError as error:
        raise ScenarioInvalid([Problem(path.name, 1, "", "is nested too deeply", "a JSON object")]) from error
    # JSON is YAML but for tabs, which stand between values alone: the reader of YAML knows every value's line.
    document = read_mapping(text.replace("\t", " "), path.name)
    if document.data is None:
        raise ScenarioInvalid(document.problems)
    return document


def _no_such_day(document: Document, state: DutyState) -> Iterator[Problem]:
    try:
        dt.date.fromisoformat(state.date)
    except ValueError:
        yield problem_at(
            document, ("date",), f"no day `{state.date}`", "the day on which the night began, as 2026-07-22"
        )


def _contradictions(document: Document, state: DutyState, estate: Estate) -> Iterator[Problem]:
    """Yield what cannot be, each by its path."""
    layout = night_of(estate, state.day)
    known = layout.net.number
    for id_ in state.jobs:
        if id_ not in known:
            near = difflib.get_close_matches(id_, sorted(known), 1)
            exists = id_ in estate.records.jobs or id_ in estate.records.backups
            found = f"does not run in the night of {state.date}" if exists else "is no job of the estate"
            expected = f"`{near[0]}`" if near and not exists else "the jobs of `twin tonight --template`"
            yield problem_at(document, ("jobs", id_), f"`{id_}` {found}", expected)
    for id_ in sorted(set(known) - set(state.jobs)):
        found = f"nothing is said of `{id_}`, which runs tonight"
        yield problem_at(document, ("jobs",), found, "its state; `twin tonight --template` lists all")
    for id_, job in state.jobs.items():
        yield from _times(document, ("jobs", id_), job, state.now_in_night_s)
        if id_ in known:
            yield from _order(document, id_, state, layout)
    yield from _places(document, state, layout)
    for id_, circuit in state.circuits.items():
        yield from _circuit(document, id_, circuit, state, estate)


def _times(document: Document, path: Path_, job: JobState, now_s: float) -> Iterator[Problem]:
    """Yield times that are missing, say too much, lie ahead or are in the wrong order."""
    needs = {"done": ("at",), "failed": ("at",), "running": ("since",)}.get(job.state, ())
    allowed = {"done": ("since", "at"), "failed": ("since", "at"), "running": ("since",)}.get(job.state, ())
    for name, time_s in (("since", job.since_in_night_s), ("at", job.at_in_night_s)):
        if time_s is None and name in needs:
            yield problem_at(
                document, path, f"is {job.state}, but does not say since when or at what time", f"`{name}`"
            )
        elif time_s is not None and name not in allowed:
            yield problem_at(document, (*path, name), f"a job that is {job.state} has no `{name}`", "a state that fits")
        elif time_s is not None and time_s > now_s:
            yield problem_at(
                document, (*path, name), f"{clock(time_s)} has not come: it is {clock(now_s)}", "a time before"
            )
    if job.since_in_night_s is not None and job.at_in_night_s is not None and job.since_in_night_s > job.at_in_night_s:
        yield problem_at(document, (*path, "at"), "ends before it begins", "a time after `since`")


def _order(document: Document, id_: str, state: DutyState, layout: NightLayout) -> Iterator[Problem]:
    """Yield what has begun before what it waits for was over."""
    job = state.jobs[id_]
    if job.state not in {"running", "done", "failed"}:
        return
    for name in layout.net.jobs[layout.net.number[id_]].after:
        before = state.jobs.get(name)
        if before is None or before.state == "skipped":
            continue
        if before.state != "done":
            found = f"is {job.state}, but `{name}`, which it waits for, is {before.state}"
            yield problem_at(document, ("jobs", id_, "state"), found, f"`{name}` done or skipped")
        elif job.since_in_night_s is not None and (before.at_in_night_s or 0.0) > job.since_in_night_s:
            found = f"began before `{name}`, which it waits for, ended at {clock(before.at_in_night_s or 0.0)}"
            yield problem_at(document, ("jobs", id_, "since"), found, "a time after")


def _places(document: Document, state: DutyState, layout: NightLayout) -> Iterator[Problem]:
    """Yield servers on which more runs than has a place."""
    for server, places in layout.net.places.items():
        running = [id_ for id_ in state.of("running") if id_ in layout.net.number
                   and layout.net.jobs[layout.net.number[id_]].server == server]  # fmt: skip
        if len(running) > places:
            found = f"{len(running)} run on `{server}` ({', '.join(running)}), which runs {places} at once"
            yield problem_at(document, ("jobs", running[-1]), found, "`batch.servers` or the states put right")


def _circuit(
    document: Document, id_: str, circuit: CircuitState, state: DutyState, estate: Estate
) -> Iterator[Problem]:
    path: Path_ = ("circuits", id_)
    now_s = state.now_in_night_s
    if id_ not in estate.records.circuits:
        near = difflib.get_close_matches(id_, sorted(estate.records.circuits), 1)
        expected = f"`{near[0]}`" if near else "one of " + ", ".join(sorted(estate.records.circuits))
        yield problem_at(document, path, f"no circuit `{id_}` in the estate", expected)
    if circuit.state == "down" and circuit.rate_bps is not None:
        yield problem_at(document, (*path, "rate"), "a circuit that is down has no rate", "`state: up` or no rate")
    if circuit.state == "up" and circuit.back_s is not None:
        yield problem_at(
            document, (*path, "back"), "a circuit that is up does not come back", "`state: down` or no `back`"
        )
    if circuit.since_s is not None and in_night(circuit.since_s) > now_s:
        found = f"{clock(in_night(circuit.since_s))} has not come: it is {clock(now_s)}"
        yield problem_at(document, (*path, "since"), found, "a time before")
    if circuit.back_s is not None and in_night(circuit.back_s) <= now_s:
        yield problem_at(
            document, (*path, "back"), "is past, and the circuit still down", "a later time, or `state: up`"
        )
