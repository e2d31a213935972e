"""What a hall does while services are lost: take over, answer from the copy, note down what is entered afterwards."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from inventory.models.continuity import Continuity
from inventory.models.estate import Estate, EstateRecords
from simulation.answer import Better
from simulation.availability.counter_hours import CounterHours
from simulation.continuity.event import Floats
from simulation.continuity.open_clock import OpenClock
from simulation.continuity.restores import Restore
from simulation.continuity.work import Work, work_of
from simulation.draws import Streams

HOUR_S = 3600.0
Figure = tuple[str, str, str, Floats, str, Better]


@dataclasses.dataclass(frozen=True)
class Hall:
    """A city's hall in all plays; None for what the estate says nothing about.

    `age_h` is how old the copy is when the hall takes over, `oldest_h` when it is used last. `goes_on`, `refused` and
    `entered` count transactions; of the latter `again` were lost with the data. `entering_d` is how many business days
    entering takes.
    """

    city: str
    counter: str | None
    usable: bool
    replaces: tuple[str, ...]
    data_age_d: int | None
    age_h: Floats | None
    oldest_h: Floats | None
    goes_on: Floats | None
    refused: Floats | None
    entered: Floats | None
    again: Floats | None
    entering_d: Floats | None

    def figures(self) -> Iterator[Figure]:
        """Yield the hall's figures: id, titles, values of all plays, unit, which way is better."""
        if self.age_h is not None and self.usable:
            yield (
                "staleness",
                "age of the copy at the take-over",
                "切替時の緊急窓口データの古さ",
                self.age_h,
                "h",
                "lower",
            )
        if self.entered is None or self.goes_on is None or self.refused is None or self.entering_d is None:
            return
        yield "entered-afterwards", "transactions to enter afterwards", "後入力件数", self.entered, "1", "lower"
        yield "goes-on", "inquiries and certificates that go on", "継続できる照会・証明", self.goes_on, "1", "higher"
        yield "refused", "inquiries and certificates refused", "応じられない照会・証明", self.refused, "1", "lower"
        yield (
            "entering",
            "business days of entering",
            "後入力に要する開庁日数",
            self.entering_d,
            "business days",
            "lower",
        )

    def document(self, estate: Estate) -> dict[str, Any]:
        """Return the hall as JSON has it."""
        stale = None
        if self.age_h is not None and self.data_age_d is not None:
            # The newest copy is of the day before; each night without one makes the data a day older.
            stale = float(np.mean(self.age_h - self.age_h.min() > 24.0 * self.data_age_d - 12.0))
        return {
            "city": self.city, "emergency_counter": self.counter, "usable": self.usable,
            "replaces": list(self.replaces),
            "offers": list(estate.records.emergency_counters[self.counter].offers) if self.counter else [],
            "offers_ja": list(estate.records.emergency_counters[self.counter].offers_ja) if self.counter else [],
            "age_h": _spread(self.age_h), "oldest_h": _spread(self.oldest_h), "older_than_promised": stale,
            "goes_on": _spread(self.goes_on), "refused": _spread(self.refused), "entered": _spread(self.entered),
            "of_them_lost_with_data": _spread(self.again), "entering_d": _spread(self.entering_d),
        }  # fmt: skip


def hall_of(
    estate: Estate, plan: Continuity, city: str, fallen: frozenset[str], clock: OpenClock, counters: CounterHours,
    begin: Floats, end: Floats, back: Mapping[str, Floats], restores: Mapping[str, Restore], age_h: Floats | None,
    streams: Streams,
) -> Hall | None:  # fmt: skip
    """Return what a city's hall does while it misses services; None where it misses none.

    `back` and `restores` are by service. The counter is usable where its site has power and stands.
    """
    if not back:
        return None
    counter = next((id_ for id_, one in estate.records.emergency_counters.items() if one.city == city), None)
    record = estate.records.emergency_counters[counter] if counter else None
    usable = record is not None and not _without(estate.records, record.site, fallen)
    replaces = tuple(name for name in record.replaces if name in back) if record else ()
    takes_over = begin + plan.takes_over_s / HOUR_S
    last = np.maximum.reduce([back[name] for name in replaces]) if replaces else begin
    used = usable and bool(replaces)
    age = age_h + takes_over if age_h is not None and used else None
    oldest = age_h + np.maximum(last, takes_over) if age_h is not None and used else None
    work = work_of(estate, plan, city, counters.closes_h - counters.opens_h)
    counts: dict[str, Floats | None] = dict.fromkeys(("goes_on", "refused", "entered", "again", "entering_d"))
    if work is not None:
        onset = takes_over if used else np.maximum(begin, end)
        counts = dict(_counts(work, plan, counters, clock, begin, onset, back, restores, replaces, streams, city))
    age_d = record.data_age_d if record else None
    return Hall(city, counter, used, replaces, age_d, age, oldest, **counts)


def _without(records: EstateRecords, site: str, fallen: frozenset[str]) -> bool:
    """Tell whether a site is lost, or has lost power that anything there hangs on."""
    dark = {f"power_sources.{id_}" for id_, one in records.power_sources.items() if one.site == site}
    return f"sites.{site}" in fallen or bool(dark & fallen)


def _counts(
    work: Work, plan: Continuity, counters: CounterHours, clock: OpenClock, begin: Floats, onset: Floats,
    back: Mapping[str, Floats], restores: Mapping[str, Restore], replaces: tuple[str, ...], streams: Streams, city: str,
) -> Iterator[tuple[str, Floats]]:  # fmt: skip
    """Yield the transactions that go on, are refused and are entered afterwards, drawn about their means."""
    zero = np.zeros(len(begin))
    entered, again, goes_on, refused = zero.copy(), zero.copy(), zero.copy(), zero.copy()
    for name, until in back.items():
        hours = clock.between(begin, until)
        entered += work.changes.get(name, 0.0) * hours
        restored = (until > begin) & (until >= restores[name].after_h)
        again += np.where(restored, work.changes.get(name, 0.0) * clock.between(-restores[name].older_h, begin), 0.0)
        served = clock.between(np.minimum(onset, until), until) if name in replaces else zero
        goes_on += work.inquiries.get(name, 0.0) * served
        refused += work.inquiries.get(name, 0.0) * (hours - served)
    if replaces or any(name in work.inquiries for name in back):
        issuing = replaces or tuple(name for name in back if name in work.inquiries)
        until = np.maximum.reduce([back[name] for name in issuing])
        served = clock.between(np.minimum(onset, until), until)
        goes_on += work.certificates * served
        refused += work.certificates * (clock.between(begin, until) - served)
    drawn = {
        key: streams.beyond(("continuity work", f"{city} {key}"), 0).poisson(values).astype(float)
        for key, values in (("goes_on", goes_on), ("refused", refused), ("entered", entered), ("again", again))
    }
    drawn["entered"] += drawn["again"]
    yield from drawn.items()
    open_h = counters.closes_h - counters.opens_h
    yield "entering_d", drawn["entered"] * plan.entering_s / HOUR_S / work.entering / open_h


def _spread(values: Floats | None) -> dict[str, float] | None:
    if values is None:
        return None
    percentiles = {f"p{percent}": float(np.percentile(values, percent)) for percent in (1, 50, 99)}
    return {"mean": float(values.mean()), **percentiles}
