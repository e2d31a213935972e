"""A drill: predict, seal, run several times, compare, record. The order is the point: the seal comes before any run."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.canonical import canonical
from evidence.chain import append, read
from evidence.seal import seal
from twin.context import host, run_context
from twin.drill import faults
from twin.drill.document import drill_document
from twin.drill.readiness import await_ready
from twin.drill.run import WARM_UP_S, Run, Stage, run_once
from twin.errors import MeasurementFailed

if TYPE_CHECKING:
    from inventory.models.estate import Estate
    from simulation.scenario import Scenario

KIND = "drill"
ABORTED = "drill-aborted"
MOST_DISCARDED = 3


def drilled(folder: Path, estate: Estate, scenario: Scenario, *, repeats: int, seed: int) -> dict[str, Any] | None:
    """Return the newest drill in the evidence of what would be predicted now, with at least so many runs, if any.

    The estate's digest may differ: entries that change no prediction make no drill anew.
    """
    from simulation.failover import predict

    wanted = _without_digest(predict(estate, scenario, seed=seed).document())
    for record in reversed(read(folder).records):
        if record.kind == KIND and _without_digest(record.payload["predicted"]) == wanted:
            return record.payload if record.payload["repeats"] >= repeats else None
    return None


def _without_digest(prediction: dict[str, Any]) -> bytes:
    return canonical({key: value for key, value in prediction.items() if key != "estate_digest"})


def hold_drill(stage: Stage, scenario: Scenario, *, repeats: int, seed: int) -> dict[str, Any]:
    """Predict and seal, run the scenario `repeats` times, and return the drill's document, appended to the evidence.

    A run that was disturbed before its first fault is discarded and said so; more than a few of those end the drill.
    Raises LabNotRunning, LabNotReady, LabDiffers or MeasurementFailed.
    """
    from simulation.failover import predict

    folder = stage.state / "evidence"
    lab = stage.estate.records.lab
    faults.put_back(faults.Breaker(stage.target, stage.network), stage.state, stage.say)
    _await_ready(stage, scenario)
    stage.say(f"{scenario.name}: predicting")
    predicted = predict(stage.estate, scenario, seed=seed).document()
    context = {**run_context(stage.estate), "host": host(), "target": stage.target.name}
    sealed = seal(folder, predicted, {**context, "scenario": scenario.name})
    stage.say(f"{scenario.name}: prediction sealed as {sealed.prediction_digest[:16]} (record {sealed.record.seq})")
    runs = Runs(scenario, repeats, seed)
    try:
        runs.hold(stage)
    except BaseException as error:
        why = str(error) or type(error).__name__
        told = {"scenario": scenario.name, "runs": len(runs.held), "why": why}
        append(folder, ABORTED, {**context, **told, "sealed_prediction": sealed.prediction_digest})
        raise
    document = drill_document(
        predicted, sealed.prediction_digest, runs.held, scale=lab.rate_divisor, spacing_s=lab.probe_interval_s
    )
    document |= {**context, "seed": seed, "probes": {"flows": lab.probe_flows, "spacing_s": lab.probe_interval_s},
                 "discarded": runs.discarded, "limits": stage.target.limits()}  # fmt: skip
    append(folder, KIND, document)
    return document


@dataclasses.dataclass
class Runs:
    """The runs of one scenario: those that count, and in words those that were disturbed before their first fault."""

    scenario: Scenario
    repeats: int
    seed: int
    held: list[Run] = dataclasses.field(default_factory=list)
    discarded: list[str] = dataclasses.field(default_factory=list)

    def hold(self, stage: Stage) -> None:
        """Run the scenario until enough runs count; each begins with the lab at rest."""
        name = self.scenario.name
        while len(self.held) < self.repeats:
            number = len(self.held) + len(self.discarded)
            if number:
                _await_ready(stage, self.scenario)
            stage.say(f"{name}: run {len(self.held) + 1} of {self.repeats}, {self.scenario.horizon_s:.0f} s")
            run = run_once(stage, self.scenario, f"{self.seed}/{name}/{number}")
            if not run.disturbed:
                self.held.append(run)
                stage.say(f"{name}: {_sentence(run)}")
                continue
            self.discarded.append(run.disturbed)
            stage.say(f"{name}: discarded: {run.disturbed}")
            if len(self.discarded) > MOST_DISCARDED:
                count = len(self.discarded)
                raise MeasurementFailed(f"{count} runs were disturbed before their first fault: {run.disturbed}")


def _await_ready(stage: Stage, scenario: Scenario) -> None:
    await_ready(stage.target, stage.estate, stage.network, stage.say, lead_s=WARM_UP_S + scenario.first_fault_s)


def _sentence(run: Run) -> str:
    worst = (
        f"{city} {max(part.outage_s for part in both.values()):.3f} s" for city, both in sorted(run.outages.items())
    )
    return f"outage {', '.join(worst)}; the latest probe left {run.quality['latest_s'] * 1000:.0f} ms late"
