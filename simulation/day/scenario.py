"""What fails on a day and when it is repaired: a YAML file, read like an estate's, with every problem at its line.

Entries are named as `twin impact` names them (`circuits.fuji-wan-1`, `hardware.core-host-1`, `sites.dc`); what falls
with them falls here too. Switch-over within seconds is left to `simulate failover`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from inventory.document import Document, read_document
from inventory.models.estate import Estate
from inventory.models.record import Id, Record, Text
from inventory.problems import Problem
from inventory.quantities import Clock, Duration
from inventory.single import as_tuples, findings, problem_at
from simulation.errors import ScenarioInvalid, ScenarioNotFound
from topology.failures import SECTIONS

DAY_SCENARIOS = Path(__file__).parent / "scenarios"
DAY_S = 86400.0


class DayFault(Record):
    """One entry that fails at a time of day; without `repair_after` it stays so to the end of the day."""

    at_s: Clock = Field(alias="at")
    entry: Text
    repair_after_s: Duration | None = Field(default=None, alias="repair_after")

    @property
    def repaired_s(self) -> float | None:
        """When it is repaired (s after midnight), or None where that is not on this day."""
        if self.repair_after_s is None or self.at_s + self.repair_after_s >= DAY_S:
            return None
        return self.at_s + self.repair_after_s


class DayScenario(Record):
    """Faults of one day."""

    name: Id
    title: Text
    title_ja: Text
    faults: tuple[DayFault, ...] = Field(min_length=1)


def day_scenario_names(estate: str) -> tuple[str, ...]:
    """Return the names of the day's scenarios that come with the project for an estate, sorted."""
    return tuple(sorted(path.stem for path in (DAY_SCENARIOS / estate).glob("*.yaml")))


def load_day_scenario(name_or_path: str, estate: Estate) -> DayScenario:
    """Load a scenario by name or from a .yaml file and check its entries against the estate.

    Raises ScenarioNotFound with the nearest name, or ScenarioInvalid with every problem found.
    """
    path = _find(name_or_path, estate.name)
    document = read_document(path, path.name)
    if document.problems or not isinstance(document.data, dict):
        raise ScenarioInvalid(document.problems or [Problem(path.name, 1, "", "holds no mapping", "keys and values")])
    plain = as_tuples(document.data)
    named = {**plain, "name": path.stem}
    problems = [*findings(document, DayScenario, named), *_unmet(estate, document, plain)]
    if problems:
        raise ScenarioInvalid(problems)
    return DayScenario.model_validate(named)


def _find(name_or_path: str, estate: str) -> Path:
    known = day_scenario_names(estate)
    if name_or_path in known:
        return DAY_SCENARIOS / estate / f"{name_or_path}.yaml"
    path = Path(name_or_path)
    if path.suffix == ".yaml" and path.is_file():
        return path
    near = difflib.get_close_matches(name_or_path, known, 1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    of = ", ".join(known) or "none for this estate"
    raise ScenarioNotFound(f"no scenario of a day `{name_or_path}`: known are {of}, or give a .yaml file{hint}")


def _unmet(estate: Estate, document: Document, plain: dict[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong between faults and estate: no entry, repaired at once, failing while it is down."""
    known = [f"{section}.{id_}" for section in SECTIONS for id_ in getattr(estate.records, section)]
    given = plain.get("faults")
    seen: dict[str, list[DayFault]] = {}
    for index, value in enumerate(given if isinstance(given, tuple) else ()):
        try:
            fault = DayFault.model_validate(value)
        except ValidationError:
            continue
        if fault.entry not in known:
            near = difflib.get_close_matches(fault.entry, known, 1)
            expected = f"`{near[0]}`" if near else f"one of the sections {', '.join(SECTIONS)}, such as `{known[0]}`"
            yield problem_at(document, ("faults", index, "entry"), f"no entry `{fault.entry}` in the estate", expected)
        if fault.repair_after_s == 0:
            where = ("faults", index, "repair_after")
            yield problem_at(document, where, "is repaired as it fails", "a time above zero, or none")
        for other in seen.setdefault(fault.entry, []):
            first, second = sorted((other, fault), key=lambda one: one.at_s)
            if first.repaired_s is None or second.at_s <= first.repaired_s:
                found = f"fails `{fault.entry}` while it is down"
                yield problem_at(document, ("faults", index), found, "a fault after the repair")
        seen[fault.entry].append(fault)
