"""The drill's document fits its schema, and the fidelity report tells what the documents say."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from evidence.chain import append, read
from evidence.seal import seal
from evidence.verify import verify
from inventory.models.estate import Estate
from simulation.failover import predict
from simulation.scenario import load_scenario
from twin.context import host, run_context
from twin.drill.analysis import Event, Stream, measure, phases_of
from twin.drill.document import drill_document
from twin.drill.report import fidelity_report
from twin.drill.run import Run

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
Make = Callable[..., Stream]
ORIGIN_S = 100.0


def _run(stream: Make, lost: dict[int, list[tuple[int, int]]], repair_s: float = 15) -> Run:
    """Return a run in which Fujinomiya's flows lose the probes given."""
    events = [
        Event(5, ORIGIN_S + 5, 0.01, "fault", "circuit-cut fujinomiya-main"),
        Event(repair_s, ORIGIN_S + repair_s, 0.01, "repair", "repair fujinomiya-main"),
    ]
    phases = phases_of(events, ORIGIN_S + 29)
    outages = {
        city: {
            direction: measure(
                stream(lost if city == "fujinomiya" else {}, city=city, direction=direction),
                phases,
                "switch-over",
            )
            for direction in ("to_dc", "from_dc")
        }
        for city in ("fuji", "fujinomiya")
    }
    return Run(
        seed="1/x/0",
        origin_s=ORIGIN_S,
        outages=outages,  # type: ignore[arg-type]
        phases=[{"from_s": 5.0, "events": ["circuit-cut fujinomiya-main"], "repair": False}],
        events=events,
        router_events=[{"at_s": 5.7, "node": "dc-rt-1", "source": "ospfd", "text": "AdjChg"}],
        transactions={"fuji": {"sent": 58, "failed": 1, "slowest_s": 1.2, "failures": [[5.5, "no answer within 5 s"]]}},
        quality={"latest_s": 0.002, "late": 0, "duplicates": 0},
        host_busy=0.3,
        disturbed="",
    )


def _document(estate: Estate, scenario: str, runs: list[Run]) -> tuple[dict[str, Any], dict[str, Any]]:
    predicted = predict(estate, load_scenario(scenario, estate), replications=100).document()
    sealed = "0" * 64
    document = drill_document(predicted, sealed, runs, scale=20, spacing_s=0.01)
    rest = {
        **run_context(estate), "host": host(), "target": "lab", "seed": 1, "discarded": [],
        "probes": {"flows": 32, "spacing_s": 0.01}, "limits": ["Delay is not realised."],
    }  # fmt: skip
    return predicted, {**document, **rest}


@pytest.fixture
def drill_schema() -> Draft202012Validator:
    """Return the validator of drill documents, with the schema that it refers to."""
    load = {name: json.loads((SCHEMAS / f"{name}.schema.json").read_text()) for name in ("drill", "simulate-failover")}
    registry = Registry().with_resource(
        "simulate-failover.schema.json", Resource.from_contents(load["simulate-failover"])
    )
    return Draft202012Validator(load["drill"], registry=registry)


def test_document_fits_its_schema(stream: Make, estate: Estate, drill_schema: Draft202012Validator) -> None:
    """The document of a drill, and a list of them, are what the published schema says."""
    runs = [_run(stream, {0: [(501, 501 + lost)]}) for lost in (70, 75, 80, 72, 84)]
    _, document = _document(estate, "fujinomiya-main-cut", runs)
    drill_schema.validate(document)
    drill_schema.validate([document, document])
    assert document["measured"]["fujinomiya"]["outage_s"] == pytest.approx([0.70, 0.75, 0.80, 0.72, 0.84])
    assert document["measured"]["fujinomiya"]["flows_hit"] == 0.25
    assert document["verdict"] == "agrees"


def test_endless_outage_is_null(stream: Make, estate: Estate, drill_schema: Draft202012Validator) -> None:
    """What lasts to the horizon is null in JSON, never infinity."""
    runs = [_run(stream, {flow: [(501, 3000)] for flow in range(4)})]
    assert math.isinf(runs[0].outages["fujinomiya"]["to_dc"].outage_s)
    _, document = _document(estate, "fujinomiya-main-cut", runs)
    drill_schema.validate(json.loads(json.dumps(document, allow_nan=False)))
    assert document["measured"]["fujinomiya"]["outage_s"] == [None]
    assert document["verdict"] == "disagrees"


def test_report_tells_each_outcome_in_its_place(stream: Make, estate: Estate, tmp_path: Path) -> None:
    """Judged outages stand in the table, those that the repair ends apart, untouched cities in one line."""
    for scenario, lost in (("fujinomiya-main-cut", (501, 575)), ("fujinomiya-both-cut", (501, 1575))):
        predicted, document = _document(estate, scenario, [_run(stream, {0: [lost]}) for _ in range(5)])
        document["sealed_prediction"] = seal(tmp_path, predicted, {}).prediction_digest
        append(tmp_path, "drill", document)
    assert verify(tmp_path)["holds"]
    report = fidelity_report(estate.name, read(tmp_path).records, tmp_path)
    table, apart = report.split("### Outages that the repair ends")
    assert "| fujinomiya-main-cut | fujinomiya | " in table
    assert "| fujinomiya-both-cut | fujinomiya | " in apart.split("### Transactions")[0]
    assert "fuji after fujinomiya-main-cut" in report
    assert "rates divided by 20" in report
    assert f"Code: commit {run_context(estate)['commit'][:12]}" in report
    assert "Delay is not realised." in report


def test_newest_drill_counts(stream: Make, estate: Estate, tmp_path: Path) -> None:
    """A drill held again replaces the older one in the table; the older one is named as not counting."""
    for lost in (575, 581):
        predicted, document = _document(estate, "fujinomiya-main-cut", [_run(stream, {0: [(501, lost)]})])
        document["sealed_prediction"] = seal(tmp_path, predicted, {}).prediction_digest
        append(tmp_path, "drill", document)
    report = fidelity_report(estate.name, read(tmp_path).records, tmp_path)
    assert report.count("| fujinomiya-main-cut | fujinomiya |") == 1
    assert "| 0.80 |" in report
    assert "record 2, " in report
    assert "held again, record 4 counts" in report


def test_sealed_prediction_without_a_drill_is_named(stream: Make, estate: Estate, tmp_path: Path) -> None:
    """A drill that was killed or ended early cannot go unseen: its sealed prediction has no result."""
    predicted, document = _document(estate, "fujinomiya-main-cut", [_run(stream, {0: [(501, 575)]})])
    context = {**run_context(estate), "scenario": "fujinomiya-main-cut"}
    for _ in range(2):
        document["sealed_prediction"] = seal(tmp_path, predicted, context).prediction_digest
    append(tmp_path, "drill-aborted", {**context, "runs": 3, "why": "KeyboardInterrupt", "sealed_prediction": ""})
    seal(tmp_path, predicted, context)
    append(tmp_path, "drill", document)
    seal(tmp_path, predicted, context)
    left_out = fidelity_report(estate.name, read(tmp_path).records, tmp_path).split("## Drills that do not count")[1]
    told = [line for line in left_out.split("## Surroundings")[0].splitlines() if line.startswith("- ")]
    assert [line.split(",")[0] for line in told] == ["- record 1", "- record 3", "- record 6"]
    assert "no result recorded" in told[0]
    assert "ended after 3 runs: KeyboardInterrupt" in told[1]
    assert "no result recorded" in told[2]


def test_report_without_drills_says_so() -> None:
    """Where nothing was drilled the report says what to run."""
    assert "make drill" in fidelity_report("fuji-fujinomiya", [], Path("docs/fidelity"))
