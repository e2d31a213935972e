"""A scenario: what fails, when it is repaired, how long to look on. Read from YAML, used unchanged by model and drill.

Time 0 is the start of the run with everything converged. Leaves what the faults cause to `simulation.control_plane`.
"""

from __future__ import annotations

import contextlib
import difflib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from inventory.document import Document, Path_, read_document
from inventory.models.estate import Estate
from inventory.models.record import Id, Record, Text
from inventory.problems import Problem
from inventory.quantities import Duration, parse_duration
from inventory.single import as_tuples, findings, problem_at
from simulation.errors import ScenarioInvalid, ScenarioNotFound

SCENARIOS = Path(__file__).parent / "scenarios"

Kind = Literal["circuit-cut", "port-down", "node-crash"]
Judge = Literal["switch-over", "recovery"]


class Fault(Record):
    """One thing that fails: a circuit cut inside the carrier, a port that loses its link, a node that stops at once.

    `target` is a circuit, `node/interface`, or a node. Without `repair_after_s` (counted from the fault) it stays so.
    """

    at_s: Duration = Field(alias="at")
    kind: Kind
    target: Text
    repair_after_s: Duration | None = Field(default=None, alias="repair_after")

    @property
    def repaired_s(self) -> float | None:
        """The instant of the repair, or None."""
        return None if self.repair_after_s is None else self.at_s + self.repair_after_s


class Scenario(Record):
    """Faults on one time axis. `judge` says which outage counts: that after the faults, or that after the repairs."""

    name: Id
    title: Text
    title_ja: Text
    horizon_s: Duration = Field(alias="horizon")
    judge: Judge = "switch-over"
    faults: tuple[Fault, ...] = Field(min_length=1)

    @property
    def first_fault_s(self) -> float:
        """The instant of the first fault."""
        return min(fault.at_s for fault in self.faults)

    @property
    def first_repair_s(self) -> float | None:
        """The instant of the first repair, or None where nothing is repaired."""
        return min((fault.repaired_s for fault in self.faults if fault.repaired_s is not None), default=None)


def scenario_names(estate: str | None = None) -> tuple[str, ...]:
    """Return the names of the scenarios that come with the project, sorted: those of an estate if it has its own."""
    return tuple(sorted(path.stem for path in _folder(estate).glob("*.yaml")))


def _folder(estate: str | None) -> Path:
    """Return the folder of an estate's own scenarios, or that of those that serve every other estate."""
    own = SCENARIOS / (estate or "")
    return own if own.is_dir() else SCENARIOS


def load_scenario(name_or_path: str, estate: Estate) -> Scenario:
    """Load a scenario by name or from a YAML file and check its targets against the estate.

    Raises ScenarioNotFound with the nearest name, or ScenarioInvalid with every problem found.
    """
    path = _find(name_or_path, estate.name)
    document = read_document(path, path.name)
    if document.problems or not isinstance(document.data, dict):
        raise ScenarioInvalid(document.problems)
    plain = as_tuples(document.data)
    problems = [
        *findings(document, Scenario, {**plain, "name": path.stem}),
        *_unmet(estate, document, *_valid_faults(plain)),
    ]
    if "name" in plain:
        problems.append(
            problem_at(document, ("name",), "unknown key `name`", "no name: the file's name is the scenario's")
        )
    if problems:
        raise ScenarioInvalid(problems)
    scenario = Scenario.model_validate({**plain, "name": path.stem})
    if scenario.judge == "recovery" and scenario.first_repair_s is None:
        expected = "a fault with `repair_after`"
        raise ScenarioInvalid(
            [problem_at(document, ("judge",), "judges a recovery, but nothing is repaired", expected)]
        )
    return scenario


def targets(estate: Estate, kind: Kind) -> tuple[str, ...]:
    """Return what a fault of `kind` may name in the estate, sorted."""
    records = estate.records
    if kind == "circuit-cut":
        return tuple(sorted(records.circuits))
    if kind == "node-crash":
        return tuple(sorted(records.devices))
    return tuple(sorted(f"{id_}/{port}" for id_, device in records.devices.items() for port in device.interfaces))


def _find(name_or_path: str, estate: str) -> Path:
    known = scenario_names(estate)
    if name_or_path in known:
        return _folder(estate) / f"{name_or_path}.yaml"
    path = Path(name_or_path)
    if path.suffix == ".yaml" and path.is_file():
        return path
    near = difflib.get_close_matches(name_or_path, known, 1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    raise ScenarioNotFound(f"no scenario `{name_or_path}`: known are {', '.join(known)}, or give a .yaml file{hint}")


def _valid_faults(plain: dict[str, Any]) -> tuple[dict[int, Fault], float]:
    """Return the faults that are valid by themselves, by place, and the horizon (s), endless where it is wrong."""
    faults = {}
    given = plain.get("faults")
    for index, value in enumerate(given if isinstance(given, tuple) else ()):
        with contextlib.suppress(ValidationError):
            faults[index] = Fault.model_validate(value)
    try:
        return faults, parse_duration(plain.get("horizon"))
    except ValueError:
        return faults, math.inf


def _unmet(estate: Estate, document: Document, faults: dict[int, Fault], horizon_s: float) -> Iterator[Problem]:
    """Yield what is wrong between faults, estate and horizon: targets, instants, two faults of one thing at once."""
    seen: dict[tuple[str, str], list[Fault]] = {}
    for index, fault in faults.items():
        here: Path_ = ("faults", index)
        known = targets(estate, fault.kind)
        if fault.target not in known:
            near = difflib.get_close_matches(fault.target, known, 1)
            expected = f"`{near[0]}`" if near else "one of " + ", ".join(known)
            problem = f"no {_noun(fault.kind)} `{fault.target}` in the estate"
            yield problem_at(document, (*here, "target"), problem, expected)
        if fault.at_s >= horizon_s:
            yield problem_at(document, (*here, "at"), "lies beyond the horizon", f"less than {horizon_s:g} s")
        elif fault.repaired_s is not None and fault.repaired_s >= horizon_s:
            most = horizon_s - fault.at_s
            yield problem_at(document, (*here, "repair_after"), "ends beyond the horizon", f"less than {most:g} s")
        earlier = seen.setdefault((fault.kind, fault.target), [])
        if any(_overlap(other, fault) for other in earlier):
            yield problem_at(document, here, f"fails `{fault.target}` while it is down", "a fault after the repair")
        earlier.append(fault)


def _overlap(one: Fault, other: Fault) -> bool:
    first, second = sorted((one, other), key=lambda fault: fault.at_s)
    return first.repaired_s is None or second.at_s <= first.repaired_s


def _noun(kind: Kind) -> str:
    return {"circuit-cut": "circuit", "port-down": "port", "node-crash": "node"}[kind]
