"""Hold predictions against the estate's promises. Leaves stopping a run and recording the result to its callers."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from inventory.models.estate import Estate
from inventory.models.policy import Promise
from simulation.control_plane.layout import compile_layout
from simulation.draws import Streams
from simulation.ensemble import worst_outages_s
from simulation.errors import PromiseUnusable, ScenarioInvalid, ScenarioNotFound
from simulation.failover import SEED, finite
from simulation.gate_figures import figure_rows
from simulation.gate_rows import GateRow
from simulation.intervals import quantile
from simulation.remedy import Remedy
from simulation.scenario import Scenario, load_scenario
from simulation.single_failures import single_failures

__all__ = ["REPLICATIONS", "GateResult", "GateRow", "evaluate"]

REPLICATIONS = 200


@dataclasses.dataclass(frozen=True)
class GateResult:
    """All rows of a gate with what they stand on. `excepted` gives the reason for each entry that no promise covers."""

    rows: tuple[GateRow, ...]
    seed: int
    replications: int
    estate_digest: str
    excepted: dict[str, str]

    @property
    def holds(self) -> bool:
        """Whether every promise holds."""
        return all(row.holds for row in self.rows)

    @property
    def broken(self) -> tuple[GateRow, ...]:
        """The rows that do not hold."""
        return tuple(row for row in self.rows if not row.holds)

    def document(self) -> list[dict[str, Any]]:
        """Return the document of `gate`: one object for each row."""
        return [dataclasses.asdict(row) for row in self.rows]

    def summary(self) -> tuple[str, ...]:
        """Return what a preview shows: every broken row, else each promise's closest row; then what is excepted."""
        if not self.rows:
            return ("no promises are stated",)
        shown = self.broken
        if self.holds:
            names = dict.fromkeys(row.promise for row in self.rows)
            shown = tuple(
                max(
                    (row for row in self.rows if row.promise == name),
                    key=lambda row: row.use,
                )
                for name in names
            )
        kept = sum(row.holds for row in self.rows)
        head = f"{kept} of {len(self.rows)} rows hold (seed {self.seed}, {self.replications} replications each); "
        head += "closest to its limit:" if self.holds else "broken:"
        left_out = tuple(f"not promised: after {id_}: {reason}" for id_, reason in self.excepted.items())
        return (head, *(row.sentence() for row in shown), *left_out)


def evaluate(estate: Estate, seed: int = SEED, replications: int = REPLICATIONS) -> GateResult:
    """Return every promise held against every scenario it covers for every city, and every promise on figures.

    Outages are replicated as often as asked; figures as often as their own kind of question says.

    Raises PromiseUnusable, with all findings, where a promise names a scenario or an entry that there is none of.
    """
    cases = _cases(estate)
    layout = compile_layout(estate)
    streams = Streams(seed, replications)
    outages: dict[Scenario, dict[str, list[float]]] = {}
    rows = []
    remedy = Remedy(layout, streams)
    for id_, promise, scenario in cases:
        if scenario not in outages:
            outages[scenario] = worst_outages_s(layout, scenario, streams)
        for city, values in sorted(outages[scenario].items()):
            fraction = promise.percentile / 100
            predicted_s = quantile(values, fraction)
            holds = predicted_s <= promise.limit_s
            entry = f"promises.{id_}"
            if not holds:
                entry = remedy.entry_to_change(scenario, city, fraction, lasting=math.isinf(predicted_s))
            place = (*estate.where(entry), entry)
            rows.append(GateRow(id_, scenario.name, city, finite(predicted_s), promise.limit_s, "s", holds, *place))
    rows += figure_rows(estate, seed)
    excepted = {entry: why for promise in estate.records.promises.values() for entry, why in promise.exceptions.items()}
    return GateResult(tuple(rows), seed, replications, estate.digest, excepted)


def _cases(estate: Estate) -> list[tuple[str, Promise, Scenario]]:
    """Return every promise with every scenario it covers; raise PromiseUnusable with all that is missing."""
    problems: list[str] = []
    cases = []
    singles = single_failures(estate)
    for id_, promise in sorted(estate.records.promises.items()):
        if promise.after == "any-single-failure":
            covered = (scenario for entry, scenario in singles.items() if entry not in promise.exceptions)
            cases += [(id_, promise, scenario) for scenario in covered]
            continue
        for name in promise.after:
            try:
                cases.append((id_, promise, load_scenario(name, estate)))
            except (ScenarioNotFound, ScenarioInvalid) as error:
                problems.append(f"{estate.cite(f'promises.{id_}.after')}: promises.{id_}.after: {error}")
    if problems:
        raise PromiseUnusable("\n".join(problems))
    return cases
