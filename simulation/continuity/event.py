"""What happens: which entries are lost, what falls with them, from when to when in each play.

An outage of the grid is played through battery, generator and vehicle; all else is lost at once, for a time drawn from
its failure figure, or from the hazard that takes its site.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from inventory.failing import kind_of
from inventory.models.estate import Estate, EstateRecords
from inventory.models.failures import Hazard
from simulation.availability.life import repair_time
from simulation.availability.parts import HOUR_S, longest_battery, repaired, supply_behind
from simulation.availability.power import Supply, outage_lengths
from simulation.availability.service_hours import DAY_H, WEEK_BEGINS_H, service_end
from simulation.counted_draws import source_key, stream_key
from simulation.draws import Streams
from simulation.errors import MechanismInvalid
from topology.explain import NothingOfThatNameError, find_entry
from topology.failures import SECTIONS

Floats = np.ndarray[Any, np.dtype[np.float64]]
PHYSICAL = frozenset({"sites", "rooms", "racks", "hardware"})
"""Sections whose loss may take the data that stand there."""


@dataclasses.dataclass(frozen=True)
class Event:
    """What was asked for (`names`), the entries that are down by it, and whether data may be gone with them.

    `grids` are the outages of the grid among it, by entry.
    """

    names: tuple[str, ...]
    entries: tuple[str, ...]
    grids: tuple[str, ...]

    @property
    def destroys(self) -> bool:
        """Whether what stands there may be gone for good."""
        return any(path.partition(".")[0] in PHYSICAL for path in self.names) or any(
            path.startswith("hazards.") for path in self.names
        )


def event_of(estate: Estate, names: Sequence[str]) -> Event:
    """Return the event of entries by id or dotted path, or of hazards: the sites that one may hit, all at once.

    Raises MechanismInvalid for what is none, and for a grid that feeds no supply.
    """
    records = estate.records
    paths: list[str] = []
    entries: list[str] = []
    grids: list[str] = []
    for name in dict.fromkeys(names):
        id_ = name.removeprefix("hazards.")
        if id_ in records.hazards:
            paths.append(f"hazards.{id_}")
            entries += [f"sites.{site}" for site, chance in records.hazards[id_].hits.items() if chance > 0]
            continue
        path = _entry(estate, name)
        paths.append(path)
        if path.startswith("power_sources.") and kind_of(records, path) == "grid":
            grid = path.partition(".")[2]
            fed = [key for key, one in records.power_sources.items() if one.kind == "ups" and grid in one.fed_by]
            if not fed:
                raise MechanismInvalid([f"`{path}` feeds no uninterruptible supply: nothing of the estate hangs on it"])
            grids.append(path)
            entries += [f"power_sources.{key}" for key in fed]
        else:
            entries.append(path)
    return Event(tuple(paths), tuple(dict.fromkeys(entries)), tuple(grids))


def spans(
    estate: Estate, event: Event, begins: dt.datetime, lasts_h: float | None, streams: Streams
) -> tuple[Floats, Floats]:
    """Return from when to when services are down in each play, in hours after the event; equal where they are not.

    Several entries are back when the last one is. Raises MechanismInvalid where no figure says how long one is down.
    """
    count = streams.replications
    begin, end = np.full(count, math.inf), np.zeros(count)
    for path in event.names:
        if path in event.grids:
            first, last = _grid(estate, path, lasts_h, streams)
        else:
            last = np.full(count, lasts_h) if lasts_h is not None else _down(estate.records, path, begins, streams)
            first = np.zeros(count)
        begin = np.where(last > first, np.minimum(begin, first), begin)
        end = np.maximum(end, np.where(last > first, last, 0.0))
    return np.where(np.isinf(begin), 0.0, begin), end


def _entry(estate: Estate, name: str) -> str:
    try:
        path = find_entry(estate, name)
    except NothingOfThatNameError as error:
        raise MechanismInvalid([str(error)]) from error
    if path.partition(".")[0] not in SECTIONS:
        expected = f"expected a hazard or an entry of {', '.join(SECTIONS)}"
        raise MechanismInvalid([f"`{path}` cannot fail, {expected}"])
    return path


def _down(records: EstateRecords, path: str, begins: dt.datetime, streams: Streams) -> Floats:
    """Return for each play how long an entry is down (h)."""
    section, _, id_ = path.partition(".")
    uniform = streams.table(("continuity", path), 2)
    component = None if section == "hazards" else repaired(records, path)
    if component is None:
        lasting = [(1.0, records.hazards[id_])] if section == "hazards" else _hazards_of(records, section, id_)
        if not lasting:
            raise MechanismInvalid([f"nobody says how long `{path}` is down: give it a failure figure, or --lasts"])
        # Which hazard it was: each as often as it takes the site.
        rates = np.array([rate for rate, _ in lasting])
        which = np.searchsorted(np.cumsum(rates) / rates.sum(), uniform[:, 1], side="right")
        means_h = np.array([hazard.out_for_s for _, hazard in lasting])[np.minimum(which, len(lasting) - 1)] / HOUR_S
        found: Floats = -means_h * np.log1p(-uniform[:, 0])
        return found
    service = component.service
    hour = WEEK_BEGINS_H + begins.weekday() * DAY_H + begins.hour + begins.minute / 60
    kept = (service.opens_h, service.closes_h, service.days) if service else (0.0, 0.0, 0)
    key = source_key(streams.seed, "continuity", path)
    works = [
        repair_time(np.uint64(stream_key(key, play)), 0, component.mttr_h, component.repair_scv)
        for play in range(streams.replications)
    ]
    return np.array([service_end(hour, work, *kept) - hour for work in works])


def _hazards_of(records: EstateRecords, section: str, id_: str) -> list[tuple[float, Hazard]]:
    """Return the hazards that take the site that an entry is, or is in, with how often each does (1/s)."""
    record = getattr(records, section)[id_]
    if section == "racks":
        record = records.rooms[record.room]
    site = id_ if section == "sites" else getattr(record, "site", None)
    found = [(hazard.hits.get(site or "", 0.0) / hazard.every_s, hazard) for hazard in records.hazards.values()]
    return [(rate, hazard) for rate, hazard in found if rate > 0]


def hazards_behind(records: EstateRecords, path: str) -> dict[str, float]:
    """Return the hazards that say how long an entry is down, with the share of that time that each is behind.

    A hazard is behind itself; an entry without a figure of its own lasts as the hazards of its site do.
    """
    section, _, id_ = path.partition(".")
    if section == "hazards":
        return {id_: 1.0}
    if repaired(records, path) is not None:
        return {}
    behind = _hazards_of(records, section, id_)
    whole = sum(rate * hazard.out_for_s for rate, hazard in behind)
    return {
        key: rate * hazard.out_for_s / whole
        for key, one in records.hazards.items()
        for rate, hazard in behind
        if one is hazard
    }


def supply_of_grid(estate: Estate, path: str) -> Supply | None:
    """Return what stands between a grid and what hangs on it: of its supplies the one with the longest battery."""
    records = estate.records
    grid = path.partition(".")[2]
    fed = [key for key, one in records.power_sources.items() if one.kind == "ups" and grid in one.fed_by]
    return supply_behind(records, longest_battery(records, fed))


def _grid(estate: Estate, path: str, lasts_h: float | None, streams: Streams) -> tuple[Floats, Floats]:
    """Return from when to when power is lost in each play, the restart of what hangs on it included."""
    supply = supply_of_grid(estate, path)
    if supply is None:
        raise MechanismInvalid([f"nobody says how long `{path}` is away: give it a failure figure"])
    begin, end = play_grid(supply, streams, path, lasts_h)
    stated = estate.records.availability
    restart_h = stated.restart_after_power_s / HOUR_S if stated else 0.0
    return begin, np.where(end > begin, end + restart_h, end)


def play_grid(supply: Supply, streams: Streams, name: str, lasts_h: float | None = None) -> tuple[Floats, Floats]:
    """Return from when to when power is lost (h) in each play of an outage of the grid; equal where it is not.

    The same steps as in `power.blackout`: battery, a generator that starts or not and runs until it fails or is dry, a
    vehicle that comes or not. A generator that starts after the battery has ended leaves a gap.
    """
    draws = streams.table(("continuity grid", name), 5)
    lengths, shares = outage_lengths(supply.outage_h, supply.outage_scv)
    drawn = lengths[np.minimum(np.searchsorted(np.cumsum(shares), draws[:, 0]), len(lengths) - 1)]
    length = drawn if lasts_h is None else np.full(len(draws), lasts_h)
    starts = draws[:, 1] >= supply.start_fails
    endless = math.isinf(supply.run_mtbf_h)
    runs = np.full(len(draws), math.inf) if endless else -supply.run_mtbf_h * np.log1p(-draws[:, 2])
    ran = np.where(starts, np.minimum(runs, supply.fuel_h), 0.0)
    vehicle = np.where(draws[:, 3] < supply.vehicle_comes, -supply.vehicle_h * np.log1p(-draws[:, 4]), math.inf)
    begin = ran + supply.battery_h
    end = np.minimum(length, ran + vehicle)
    late = starts & (supply.starts_within_h > supply.battery_h) & (length > supply.battery_h) & (end <= begin)
    begin = np.where(late, supply.battery_h, begin)
    end = np.where(late, np.minimum(length, supply.starts_within_h), end)
    lost = end > begin
    return np.where(lost, begin, 0.0), np.where(lost, end, 0.0)
