"""Predict a fiscal year: sums over its days with their intervals, the months, the days that are hardest."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

import numpy as np

from inventory.models.estate import Estate
from simulation.answer import Answer, Predicted, drawn
from simulation.assumptions import assumed_values
from simulation.day.ensemble import Progress, play, play_days, world_of
from simulation.day.hangs_on import shares_of
from simulation.day.plant import Floats, Plant
from simulation.day.predict import CARRIES_OVER, DOES_NOT_CARRY_OVER
from simulation.day.summary import Summary, tidied, tidy
from simulation.day.world import DayRecord, World
from simulation.demand.calendar import days_of, fiscal_year
from simulation.errors import TooFewSamples
from simulation.intervals import Interval, of_independent
from simulation.year.representative import representative_days

SEED = 1
REPLICATIONS = 5
PER_YEAR = "fiscal year"
Key = tuple[str, str]


def predict(
    estate: Estate, year: int | None = None, *, every_day: bool = False, seed: int = SEED,
    replications: int = REPLICATIONS, executor: Executor | None = None, progress: Progress | None = None,
) -> Answer:  # fmt: skip
    """Return the answer for a fiscal year, that of the estate's own day where none is given.

    Raises EstateLacks, DayUnusable for a year that is out of range, TooFewSamples below two replications.
    """
    if replications < 2:
        raise TooFewSamples(f"{replications} replication gives no interval: at least 2 are needed")
    world = world_of(estate)
    plant = world.plant
    chosen = fiscal_year(plant.demand.default_day) if year is None else year
    days = [(day, 1) for day in days_of(chosen)] if every_day else representative_days(world, chosen)
    weights = dict(days)
    tasks = [(day, number) for number in range(replications) for day, _ in days]
    table = _Table(plant, weights, replications)
    for row in play_days(estate, tasks, seed, keep=row_of, executor=executor, progress=progress):
        table.add(row)
    hardest = table.hardest()
    mean = Summary(plant, play(world, (hardest, -1), seed).totals)
    return Answer(
        kind="year",
        question={"year": chosen, "every_day": every_day},
        estate=estate.name,
        estate_digest=estate.digest,
        overrides=dict(estate.overrides),
        seed=seed,
        replications=replications,
        figures=tuple(table.figures()),
        details=table.details(),
        assumed=assumed_values(estate, shares_of(plant, world.conditions.of(), hardest, mean, helpdesk=True)),
        carries_over=CARRIES_OVER,
        does_not_carry_over=DOES_NOT_CARRY_OVER,
    )


@dataclasses.dataclass(frozen=True)
class Row:
    """What is kept of a day: its numbers, by what they are of and by city, `""` for the estate."""

    day: dt.date
    replication: int
    values: dict[Key, float]


def row_of(world: World, record: DayRecord) -> Row:
    """Return the numbers of a day."""
    summary, totals = Summary(world.plant, record.totals), record.totals
    opened = summary.open_hours
    values: dict[Key, float] = {}
    for city in world.plant.of_city:
        streams, counters = summary.streams(city), summary.counters(city)
        values["asked", city] = float(totals.asked[streams].sum())
        values["unserved", city] = summary.unserved(streams)
        values["served", city] = float(totals.served[counters].sum())
        values["seconds", city] = float(totals.response[:, counters].sum())
        values["slowest", city] = summary.response_s(counters, summary.busiest_hour(counters))
    values["station", ""] = float(summary.cores[:, opened].max())
    values["circuit", ""] = float(summary.interactive[:, opened].max()) if summary.interactive.size else 0.0
    full = summary.cores >= world.plant.demand.limits.utilisation
    values["full hours", ""] = float(full.any(axis=0).sum())
    values["bulk", ""] = float(totals.bulk.sum() / 8)
    values["calls", ""] = float(record.calls.sum())
    values["call wait", ""] = float((record.calls * record.call_wait_s).sum())
    return Row(record.day, record.replication, values)


class _Table:
    """The rows of all days, by what they are of, replication and day."""

    def __init__(self, plant: Plant, weights: dict[dt.date, int], replications: int) -> None:
        self.plant = plant
        self.weights = weights
        self.days = tuple(weights)
        self.place = {day: number for number, day in enumerate(self.days)}
        self.cities = tuple(plant.of_city)
        self.values: dict[Key, Floats] = {}
        self.shape = (replications, len(self.days))

    def add(self, row: Row) -> None:
        """Keep the numbers of a day."""
        for key, value in row.values.items():
            self.values.setdefault(key, np.zeros(self.shape))[row.replication, self.place[row.day]] = value

    def hardest(self) -> dt.date:
        """Return the day on which most is asked, the first of equals."""
        asked = sum((self.values["asked", city].mean(axis=0) for city in self.cities), np.zeros(len(self.days)))
        return self.days[int(asked.argmax())]

    def _sums(self, what: str, city: str = "") -> Floats:
        """Return the sum over the year of each replication."""
        found: Floats = self.values[what, city] @ np.array(list(self.weights.values()), dtype=float)
        return found

    def figures(self) -> Iterator[Predicted]:
        """Yield the figures of the cities, then those of the estate."""
        for city in self.cities:
            name, name_ja = self.plant.estate.records.cities[city].name, self.plant.estate.records.cities[city].name_ja
            titles = (f"{name}: requests of users", f"{name_ja} 画面・証明書処理件数")
            yield drawn(f"{city}.asked", titles, of_independent(self._sums("asked", city)), "1", "neither", PER_YEAR)
            titles = (f"{name}: requests not served", f"{name_ja} 処理不能件数")
            yield drawn(
                f"{city}.unserved", titles, of_independent(self._sums("unserved", city)), "1", "lower", PER_YEAR
            )
            titles = (f"{name}: mean response at the counters", f"{name_ja} 窓口業務の年間平均応答時間")
            yield drawn(
                f"{city}.response", titles, self._mean("seconds", "served", city), "s", "lower", "requests of the year"
            )
            titles = (f"{name}: response in the hardest day's busiest hour", f"{name_ja} 最繁日最繁時の平均応答時間")
            slowest = of_independent(self.values["slowest", city].max(axis=1))
            yield drawn(f"{city}.slowest", titles, slowest, "s", "lower", "hour")
        for id_, what, titles in (
            ("station.utilisation", "station", ("busiest station of the year", "年間最繁サーバのCPU使用率")),
            ("circuit.utilisation", "circuit", ("busiest circuit of the year", "年間最繁回線の使用率")),
        ):
            peaks = of_independent(self.values[what, ""].max(axis=1))
            yield drawn(id_, titles, peaks, "1", "lower", "counter hour")
        limit = self.plant.demand.limits.utilisation
        titles = (f"hours with a station {limit:.0%} full or more", f"いずれかのサーバが使用率{limit:.0%}以上の時間数")
        yield drawn("hours.full", titles, of_independent(self._sums("full hours")), "h", "lower", PER_YEAR)
        titles = ("sent in bulk over circuits", "回線上の一括転送量")
        yield drawn("bulk.bytes", titles, of_independent(self._sums("bulk")), "B", "neither", PER_YEAR)
        titles = ("helpdesk: mean wait of a call", "ヘルプデスク 年間平均待ち時間")
        yield drawn("helpdesk.wait", titles, self._mean("call wait", "calls"), "s", "lower", "calls of the year")

    def _mean(self, what: str, count: str, city: str = "") -> Interval:
        """Return the mean of something per count over the year."""
        return of_independent(self._sums(what, city) / np.maximum(self._sums(count, city), 1e-12))

    def details(self) -> dict[str, Any]:
        """Return every day played with its weight, and the months where every day was."""
        calendar = self.plant.arrivals.calendar
        rows = [
            {
                "date": day.isoformat(),
                "weight": weight,
                "open": calendar.is_open(day),
                "seasons": [id_ for id_, one in self.plant.demand.seasons.items() if calendar.holds(one, day)],
                "asked": {city: tidy(float(self.values["asked", city][:, place].mean())) for city in self.cities},
                "unserved": {city: tidy(float(self.values["unserved", city][:, place].mean())) for city in self.cities},
                "slowest_s": {city: tidy(float(self.values["slowest", city][:, place].mean())) for city in self.cities},
                "station": tidy(float(self.values["station", ""][:, place].mean())),
                "circuit": tidy(float(self.values["circuit", ""][:, place].mean())),
                "bulk_bytes": tidy(float(self.values["bulk", ""][:, place].mean())),
            }
            for place, (day, weight) in enumerate(self.weights.items())
        ]
        return {
            "days": rows,
            "days_of_the_year": sum(self.weights.values()),
            "asked_by_replication": {city: tidied(self._sums("asked", city)) for city in self.cities},
            "left_out": list(self.plant.asking.left_out),
        }
