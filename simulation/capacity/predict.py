"""Predict capacity: what is short first and when, headroom after each single failure, the busiest hour's responses."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from inventory.models.estate import Estate
from simulation.answer import Answer, Better, Predicted, drawn, reckoned
from simulation.assumptions import assumed_values, rates
from simulation.capacity.busiest import busiest_hour
from simulation.capacity.headroom import Failure, described, hardest, headroom, single_failures, worst
from simulation.capacity.load_point import BusiestHour, Point
from simulation.capacity.terminals import compared
from simulation.day.ensemble import Progress, play, play_days, whole, world_of
from simulation.day.hangs_on import shares_of
from simulation.day.plant import Plant
from simulation.day.predict import DOES_NOT_CARRY_OVER
from simulation.day.summary import Summary, tidy
from simulation.demand.calendar import days_of, fiscal_year
from simulation.errors import TooFewSamples
from simulation.intervals import of_independent

SEED = 1
REPLICATIONS = 20
STEPS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0)
CARRIES_OVER = (
    (
        "Which station or circuit is full first, after which failure, and the order of the others.",
        "最初に逼迫する装置・回線、障害時の最弱点、その次の順序",
    ),
    (
        "How many times the load fits, in proportion to how far the demand of a request is right.",
        "負荷の余裕倍率(1件あたり処理量の確からしさに比例する)",
    ),
)
STATIONS, CIRCUITS = ("cores", "disks", "places"), ("circuit",)


def predict(
    estate: Estate, year: int | None = None, *, seed: int = SEED, replications: int = REPLICATIONS,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Answer:  # fmt: skip
    """Return the answer for a fiscal year, that of the estate's own day where none is given.

    Raises EstateLacks, DayUnusable for a year that is out of range, TooFewSamples below two replications.
    """
    if replications < 2:
        raise TooFewSamples(f"{replications} replication gives no interval: at least 2 are needed")
    world = world_of(estate)
    plant = world.plant
    chosen = fiscal_year(plant.demand.default_day) if year is None else year
    day, at = busiest_hour(plant, world.conditions.of(), days_of(chosen))
    hour = BusiestHour(plant, world.conditions, plant.arrivals.expected(day)[0][:, at], np.zeros(len(plant.machines)))
    failures = single_failures(hour)
    limits = plant.demand.limits
    growth = {
        "normal": hour.growth_until(lambda point: point.fullest().share >= limits.utilisation),
        "response": hour.growth_until(lambda point: point.slowest_s() >= limits.response_s),
    }
    found = hardest(hour, failures)
    failed = (found.entry,) if found else ()
    growth["degraded"] = hour.growth_until(lambda point: point.fullest().share >= limits.utilisation, failed)
    tasks = [(day, number) for number in range(replications)]
    records = play_days(estate, tasks, seed, keep=whole, executor=executor, progress=progress)
    days = [Summary(plant, record.totals) for record in records]
    mean = Summary(plant, play(world, (day, -1), seed).totals)
    details = _details(hour, day, at, failures, growth, failed)
    shares = shares_of(plant, world.conditions.of(), day, mean)
    shares.take(_of_growth(plant, details))
    return Answer(
        kind="capacity",
        question={"year": chosen},
        estate=estate.name,
        estate_digest=estate.digest,
        overrides=dict(estate.overrides),
        seed=seed,
        replications=replications,
        figures=tuple(_figures(plant, at, days, failures, growth)),
        details={
            **details,
            "busiest_day": mean.details(),
            "left_out": list(plant.asking.left_out),
        },
        assumed=assumed_values(estate, shares),
        carries_over=CARRIES_OVER,
        does_not_carry_over=DOES_NOT_CARRY_OVER,
    )


def _of_growth(plant: Plant, details: dict[str, Any]) -> dict[str, float]:
    """Return the shares of what growth is reckoned with: limits, thinking, what is full first and after a failure.

    Where a station is full, users wait as long as all their work takes, less the time that they think (closed network).
    """
    shares = {f"demand.{key}": 1.0 for key in ("growth", "limits.utilisation", "limits.response", "think")}
    first = details["first_full"]["id"]
    shares |= {f"demand.stations.{id_}": 1.0 for id_, one in plant.demand.stations.items() if first in one.machines}
    circuits = [row for row in details["headroom"] if row["kind"] == "circuit"]
    top = max((row["worst_share"] for row in circuits), default=1.0)
    paths = rates(plant.estate, [row["id"] for row in circuits])
    for row in circuits:
        shares[paths[row["id"]]] = max(shares.get(paths[row["id"]], 0.0), row["worst_share"] / top)
    return shares


def _figures(
    plant: Plant, at: int, days: Sequence[Summary], failures: list[Failure], growth: dict[str, float]
) -> Iterator[Predicted]:
    """Yield the drawn figures of the busiest hour, then those of growth and failures."""
    per = f"from {at:02}:00 to {at + 1:02}:00"
    for city in dict.fromkeys(one.city for one in plant.streams):
        record = plant.estate.records.cities[city]
        titles = (f"{record.name}: response at the counters", f"{record.name_ja} 窓口業務の平均応答時間")
        responses = of_independent([one.response_s(one.counters(city), at) for one in days])
        yield drawn(f"{city}.response", titles, responses, "s", "lower", f"requests {per}")
    stations = of_independent([float(one.cores[:, at].max()) for one in days])
    yield drawn("station.utilisation", ("busiest station", "最繁サーバのCPU使用率"), stations, "1", "lower", per)
    lines = of_independent([float(one.interactive[:, at].max()) if one.interactive.size else 0.0 for one in days])
    yield drawn("circuit.utilisation", ("busiest circuit", "最繁回線の使用率"), lines, "1", "lower", per)
    for id_, kinds, titles in (
        ("station.utilisation.degraded", STATIONS, ("fullest station after a failure", "単一障害時の最繁サーバ使用率")),
        ("circuit.utilisation.degraded", CIRCUITS, ("fullest circuit after a failure", "単一障害時の最繁回線使用率")),
    ):
        found = worst(failures, kinds)
        yield reckoned(id_, titles, found[1].share if found else 0.0, "1", "lower", per)
    limit, response_s = plant.demand.limits.utilisation, plant.demand.limits.response_s
    full = (f"growth until something is {limit:.0%} full", f"使用率{limit:.0%}到達までの負荷倍率")
    after = ("the same after the hardest single failure", "同 最悪の単一障害時")
    slow = (f"growth until counters wait {response_s:g} s", f"窓口応答が{response_s:g}秒に達する負荷倍率")
    named = [(f"growth.{key}", growth[key], titles) for key, titles in
             (("normal", full), ("degraded", after), ("response", slow))]  # fmt: skip
    better: Better = "higher"
    for id_, times, titles in named:
        yield reckoned(id_, titles, times, "times today's load", better)
    for id_, times, titles in named[:2]:
        ja = f"{titles[1]}(年数換算)"
        yield reckoned(
            id_.replace("growth", "years"), (f"{titles[0]}, in years", ja), _years(plant, times), "years", better
        )
    losing = sum(failure.point.unserved > 1e-9 for failure in failures)
    titles = ("single failures that leave requests unserved", "処理不能が生じる単一障害の数")
    yield reckoned("failures.losing", titles, float(losing), "1", "lower", f"{len(failures)} single failures")


def _years(plant: Plant, growth: float) -> float:
    """Return after how many years of the estate's growth a load is reached; 0 where it is already."""
    if growth <= 1:
        return 0.0
    rate = plant.demand.growth
    return math.log(growth) / math.log1p(rate) if rate > 0 else math.inf


def _details(
    hour: BusiestHour, day: dt.date, at: int, failures: list[Failure], growth: dict[str, float], failed: tuple[str, ...]
) -> dict[str, Any]:
    """Return the busiest hour, the steps of growth, headroom, the failures that cost most."""
    plant = hour.plant
    first = hour.at(growth["normal"] if math.isfinite(growth["normal"]) else 1.0).fullest()
    ranked = sorted(failures, key=lambda one: (-one.fullest.share, -one.point.unserved, one.entry))
    at_growth = [1.0, *([growth["normal"]] if 1 < growth["normal"] < math.inf else [])]
    terminals = [compared(hour, first.number, times) for times in at_growth] if first.kind != "circuit" else []
    return {
        "date": day.isoformat(),
        "hour": at,
        "first_full": described(plant, first),
        "hardest_failure": failed[0] if failed else None,
        "limits": {
            "utilisation": plant.demand.limits.utilisation,
            "response_s": plant.demand.limits.response_s,
            "growth": plant.demand.growth,
        },
        "steps": [_step(hour, times, hour.at(times)) for times in STEPS],
        "headroom": headroom(hour, failures),
        "failures": [
            {
                "entry": failure.entry,
                "fullest": described(plant, failure.fullest),
                "share": tidy(failure.fullest.share),
                "unserved_share": tidy(failure.point.unserved),
                "responses_s": {city: tidy(value) for city, value in failure.point.responses_s.items()},
            }
            for failure in ranked
        ],
        "terminals": [one for one in terminals if one],
    }


def _step(hour: BusiestHour, growth: float, point: Point) -> dict[str, Any]:
    """Return one step of growth."""
    fullest = point.fullest()
    return {
        "growth": growth,
        "fullest": described(hour.plant, fullest),
        "share": tidy(fullest.share),
        "responses_s": {city: tidy(value) for city, value in point.responses_s.items()},
        "unserved_share": tidy(point.unserved),
    }
