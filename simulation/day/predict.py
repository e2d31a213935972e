"""Predict a day: figures with their intervals over many replications, and the day by hour, station and circuit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from inventory.models.estate import Estate
from simulation.answer import Answer, Predicted, drawn
from simulation.assumptions import assumed_values
from simulation.day.ensemble import Progress, play_days, whole, world_of
from simulation.day.hangs_on import shares_of
from simulation.day.plant import Plant
from simulation.day.scenario import DayScenario
from simulation.day.summary import Summary, mean_totals, tidied, tidy
from simulation.day.world import DayRecord
from simulation.errors import TooFewSamples
from simulation.intervals import of_independent
from topology.business_days import holiday_name

SEED = 1
REPLICATIONS = 40
CARRIES_OVER = (
    (
        "Which station or circuit is short first, and in which hours, as far as demands and calendar are right.",
        "どの装置・回線がどの時間帯に最初に逼迫するか(前提の処理量・暦が正しい範囲で)",
    ),
    (
        "How the rest carries on when something fails: which circuits take the traffic, which machines the work.",
        "障害時に残りの設備がどう肩代わりするか(迂回する回線、引き継ぐサーバ)",
    ),
)
DOES_NOT_CARRY_OVER = (
    (
        "Absolute response times: the demands of one request are assumed, not measured on the packages.",
        "応答時間の絶対値(1件あたりの処理量は仮定であり、実パッケージの計測値ではない)",
    ),
    (
        "The seconds of a switch-over: see `twin simulate failover`. Here the other way is there at once.",
        "切替えの数秒間(twin simulate failover を参照。ここでは直ちに迂回する)",
    ),
    (
        "Locks in a database, caches that are cold, and garbage collection.",
        "データベースのロック待ち、キャッシュの未充填、ガベージコレクション",
    ),
    (
        "Batch jobs on a machine that fails go on: see `twin simulate batch`.",
        "停止したサーバ上のバッチは継続するものとする(twin simulate batch を参照)",
    ),
)


def predict(
    estate: Estate, day: dt.date | None = None, scenario: DayScenario | None = None, *, seed: int = SEED,
    replications: int = REPLICATIONS, executor: Executor | None = None, progress: Progress | None = None,
) -> Answer:  # fmt: skip
    """Return the answer for a day, the estate's own where none is given.

    Raises EstateLacks where the estate states no demand, TooFewSamples for fewer than two replications.
    """
    if replications < 2:
        raise TooFewSamples(f"{replications} replication gives no interval: at least 2 are needed")
    world = world_of(estate)
    plant = world.plant
    chosen = day or plant.demand.default_day
    tasks = [(chosen, number) for number in range(replications)]
    records = list(play_days(estate, tasks, seed, keep=whole, scenario=scenario, executor=executor, progress=progress))
    mean = Summary(plant, mean_totals([record.totals for record in records]))
    shares = shares_of(plant, world.conditions.of(), chosen, mean, own_disks=True, helpdesk=True)
    question: dict[str, Any] = {"date": chosen.isoformat(), "scenario": scenario.name if scenario else None}
    return Answer(
        kind="day",
        question=question,
        estate=estate.name,
        estate_digest=estate.digest,
        overrides=dict(estate.overrides),
        seed=seed,
        replications=replications,
        figures=tuple(_figures(plant, records)),
        details=_details(plant, chosen, scenario, records),
        assumed=assumed_values(estate, shares),
        carries_over=CARRIES_OVER,
        does_not_carry_over=DOES_NOT_CARRY_OVER,
    )


def _figures(plant: Plant, records: Sequence[DayRecord]) -> Iterator[Predicted]:
    """Yield the figures of each city, then those of stations, circuits and helpdesk."""
    days = [Summary(plant, record.totals) for record in records]
    mean = Summary(plant, mean_totals([record.totals for record in records]))
    for city in dict.fromkeys(one.city for one in plant.streams):
        name, name_ja = plant.estate.records.cities[city].name, plant.estate.records.cities[city].name_ja
        streams, counters = mean.streams(city), mean.counters(city)
        hour = mean.busiest_hour(counters)
        asked = of_independent([float(one.totals.asked[streams].sum()) for one in days])
        titles = (f"{name}: requests of users", f"{name_ja} 画面・証明書処理件数")
        yield drawn(f"{city}.asked", titles, asked, "1", "neither", "day")
        unserved = of_independent([one.unserved(streams) for one in days])
        titles = (f"{name}: requests not served", f"{name_ja} 処理不能件数")
        yield drawn(f"{city}.unserved", titles, unserved, "1", "lower", "day")
        held = of_independent([one.held(streams) for one in days])
        titles = (f"{name}: requests not made while users waited", f"{name_ja} 応答待ちで減った件数")
        yield drawn(f"{city}.held", titles, held, "1", "lower", "day")
        response = of_independent([one.response_s(counters, hour) for one in days])
        titles = (f"{name}: response at the counters in their busiest hour", f"{name_ja} 窓口業務 最繁時の平均応答時間")
        yield drawn(
            f"{city}.response", titles, response, "s", "lower", f"requests from {hour:02}:00 to {hour + 1:02}:00"
        )
    opened = mean.open_hours
    for id_, titles, tables in (
        ("station.utilisation", ("busiest station, cores", "最繁サーバのCPU使用率"), [one.cores for one in days]),
        ("disk.utilisation", ("busiest station, disks", "最繁サーバのディスク使用率"), [one.disks for one in days]),
        ("places.utilisation", ("busiest station, threads or connections", "最繁サーバのスレッド・接続使用率"),
         [one.places for one in days]),
        ("circuit.utilisation", ("busiest circuit, interactive", "最繁回線の使用率(オンライン分)"),
         [one.interactive for one in days]),
    ):  # fmt: skip
        peaks = [float(table[:, opened].max()) if table.size else 0.0 for table in tables]
        yield drawn(id_, titles, of_independent(peaks), "1", "lower", "counter hour")
    waits = of_independent([float(record.call_wait_s.max()) for record in records])
    titles = ("helpdesk: wait in its worst hour", "ヘルプデスク 最繁時の平均待ち時間")
    yield drawn("helpdesk.wait", titles, waits, "s", "lower", "hour")


def _details(plant: Plant, day: dt.date, scenario: DayScenario | None, records: Sequence[DayRecord]) -> dict[str, Any]:
    """Return the day by hour, city, application, station and circuit: means over the replications."""
    calendar = plant.arrivals.calendar
    mean = Summary(plant, mean_totals([record.totals for record in records]))
    return {
        "day": {
            "date": day.isoformat(),
            "weekday": day.isoweekday(),
            "holiday": holiday_name(day),
            "open": calendar.is_open(day),
            "seasons": [id_ for id_, season in plant.demand.seasons.items() if calendar.holds(season, day)],
            "factors": {id_: tidy(factor) for id_, factor in plant.arrivals.factors(day).items()},
        },
        "faults": [
            {"entry": fault.entry, "at_s": fault.at_s, "repaired_s": fault.repaired_s}
            for fault in (scenario.faults if scenario else ())
        ],
        **mean.details(),
        "helpdesk": {
            "calls": tidied(np.mean([record.calls for record in records], axis=0)),
            "wait_s": tidied(np.mean([record.call_wait_s for record in records], axis=0)),
            "agents_busy": tidied(np.mean([record.agents_busy for record in records], axis=0)),
        },
        "left_out": list(plant.asking.left_out),
        "simpy_events": max(record.events for record in records),
    }
