"""The published document of a drill (docs/schemas/drill.schema.json): predictions and runs beside each other."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from simulation.records import Outage
from twin.drill.analysis import DIRECTIONS
from twin.drill.run import Run
from twin.drill.verdict import Judgement, Measured, Predicted, judge, overall


def drill_document(
    predicted: Mapping[str, Any], sealed: str, runs: Sequence[Run], *, scale: float, spacing_s: float
) -> dict[str, Any]:
    """Return the document of a drill's runs, held against the sealed prediction; null for what never ended."""
    cities = sorted(predicted["cities"])
    judgements = {
        city: judge(_predicted(predicted["cities"][city]), _measured(runs, city), spacing_s) for city in cities
    }
    return {
        "scenario": predicted["scenario"],
        "repeats": len(runs),
        "scale": scale,
        "sealed_prediction": sealed,
        "predicted": dict(predicted),
        "measured": {city: _city(runs, city) for city in cities},
        "error_s": {city: dict(zip(("mean", "low", "high"), _error(j), strict=True)) for city, j in judgements.items()},
        "verdict": overall(list(judgements.values())),
        "judged": {
            city: {
                "verdict": judgement.verdict,
                "checks": [
                    {"question": check.question, "holds": check.holds, "why": check.why} for check in judgement.checks
                ],
            }
            for city, judgement in judgements.items()
        },
        "runs": [_run(run) for run in runs],
    }


def _predicted(city: Mapping[str, Any]) -> Predicted:
    spread = {name: math.inf if value is None else value for name, value in city["outage_s"].items()}
    mean_s = city["outage_mean_s"]
    return Predicted(
        median_s=spread["median"],
        low_s=spread["low"],
        high_s=spread["high"],
        mean_s=math.inf if mean_s is None else mean_s,
        ended_by_repair=city["ended_by_repair"],
    )


def _worst(run: Run, city: str) -> Outage:
    return max(run.outages[city].values(), key=lambda outage: outage.outage_s)


def _measured(runs: Sequence[Run], city: str) -> list[Measured]:
    return [
        Measured(_worst(run, city).outage_s, any(part.ended_by_repair for part in run.outages[city].values()))
        for run in runs
    ]


def _city(runs: Sequence[Run], city: str) -> dict[str, Any]:
    """Return what the runs showed for a city; for each run the worse direction."""
    parts = [list(run.outages[city].values()) for run in runs]
    return {
        "outage_s": [_finite(max(part.outage_s for part in both)) for both in parts],
        "ended_by_repair": [any(part.ended_by_repair for part in both) for both in parts],
        "switch_over_s": [_finite(max(part.switch_over_s for part in both)) for both in parts],
        "recovery_s": [_finite(max(part.recovery_s for part in both)) for both in parts],
        "lost_probes": [max(part.lost_probes for part in both) for both in parts],
        "flows_hit": round(statistics.fmean(max(part.flows_hit for part in both) for both in parts), 4),
        "directions": {
            direction: {
                "outage_s": [_finite(run.outages[city][direction].outage_s) for run in runs],
                "flows_hit": round(statistics.fmean(run.outages[city][direction].flows_hit for run in runs), 4),
            }
            for direction in DIRECTIONS
        },
    }


def _run(run: Run) -> dict[str, Any]:
    """Return one run's own story: when things were done, what routers logged, how the services were used."""
    done = [
        {
            "at_s": round(event.at_s - run.origin_s, 3), "node": "", "source": event.kind,
            "text": f"{event.label} (took {event.took_s:.3f} s)",
        }
        for event in run.events
    ]  # fmt: skip
    return {
        "seed": run.seed,
        "phases": run.phases,
        "timeline": sorted([*done, *run.router_events], key=lambda event: event["at_s"]),
        "transactions": run.transactions,
        "probe_quality": run.quality,
        "host_busy": run.host_busy,
    }


def _error(judgement: Judgement) -> tuple[float | None, ...]:
    return tuple(None if value is None else round(value, 6) for value in judgement.error_s)


def _finite(value_s: float) -> float | None:
    return None if math.isinf(value_s) else round(value_s, 6)
