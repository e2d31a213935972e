"""Of what the figures of days are made, value by value: requests, what one takes, machines, circuits, the calendar.

Taken at the busiest hour: each response by what its seconds are, each station and circuit by who uses it, the fuller
the more. `days`, `year` and `capacity` ask here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from inventory.models.estate import Estate
from simulation.assumptions import Touched, rates
from simulation.day.conditions import Condition
from simulation.day.plant import NONE, Floats, Plant
from simulation.day.summary import Summary
from simulation.day.tables import PARTS, fixed_of

_HELPDESK = ("calls_per_user_day", "handling", "agents")
NEAR = 0.1
"""Stations and circuits less than this share as full as the fullest are left out."""


def touched(estate: Estate) -> Touched:
    """Return all that days touch, with no share yet."""
    lines = rates(estate, estate.records.circuits).values()
    return Touched("load", "demand", "office_days", "jobs", "backups", "machine_sizes", *lines)


def shares_of(
    plant: Plant, condition: Condition, day: dt.date, mean: Summary, *, own_disks: bool = False, helpdesk: bool = False
) -> Touched:
    """Return how much of a figure of a day, as its mean goes, follows each value; zeros where nothing is asked.

    `own_disks` says that there is a figure of the busiest disks, else they count beside the busiest cores; `helpdesk`
    that there is one of its waits.
    """
    found = touched(plant.estate)
    hour = mean.busiest_hour(mean.streams())
    served = mean.totals.served[:, hour]
    if served.sum() > 0:
        _Reckoning(plant, condition, mean, hour, found).add(day, own_disks=own_disks)
    if helpdesk:
        # The wait at the helpdesk follows calls, their length and who answers, whatever else is asked.
        found.take(dict.fromkeys((f"demand.helpdesk.{key}" for key in _HELPDESK), 0.5))
    return found


class _Reckoning:
    """The rows say, figure by figure, what part of it each stream makes; a value's share is its largest row."""

    def __init__(self, plant: Plant, condition: Condition, mean: Summary, hour: int, found: Touched) -> None:
        self.plant, self.condition, self.mean, self.hour, self.found = plant, condition, mean, hour, found
        self.streams = range(len(plant.streams))
        self.served = mean.totals.served[:, hour]
        self.rows: list[Floats] = []

    def add(self, day: dt.date, *, own_disks: bool) -> None:
        """State every share."""
        self._responses()
        self._stations(own_disks=own_disks)
        self._circuits()
        self._requests(day)

    def _path(self, stream: int, key: str) -> str:
        one = self.plant.streams[stream]
        return f"demand.applications.{one.application}.asks.{one.kind}.{key}"

    def _responses(self) -> None:
        """Each city's counters: seconds of their responses by part."""
        keys = dict(zip(PARTS, ("down", "", "application_cpu", "database_cpu", "disk_operations"), strict=True))
        for city in dict.fromkeys(one.city for one in self.plant.streams):
            own = self.mean.counters(city)
            seconds = self.mean.totals.response[:, :, self.hour]
            whole = float(seconds[:, own].sum())
            if whole <= 0:
                continue
            for stream in own:
                for part, name in enumerate(PARTS):
                    if keys[name]:
                        self.found.add(self._path(stream, keys[name]), float(seconds[part, stream]) / whole)
            self.found.add("demand.round_trips", float(seconds[0, own].sum()) / whole)
            self.found.add("demand.service_scv", float(seconds[1, own].sum()) / whole)
            disks = float(seconds[4, own].sum()) / whole
            for id_ in self.plant.demand.stations:
                self.found.add(f"demand.stations.{id_}.disk_operation", disks)

    def _stations(self, *, own_disks: bool) -> None:
        """Each station by how full its cores and disks are beside the fullest, and by whose work that is."""
        cores, disks = self._work()
        capacity = np.array([[machine.cores, machine.disks] for machine in self.plant.machines], dtype=float)
        top = 0.0
        for kind, work in enumerate((cores, disks)):
            together: Floats = np.sum(list(work.values()), axis=0)
            full = together.sum(axis=0) / np.maximum(capacity[:, kind], 1e-9)
            top = float(full.max(initial=0.0 if own_disks else top))
            for machine in np.flatnonzero(full > NEAR * top).tolist() if top > 0 else ():
                near = float(full[machine]) / top
                self._machine(machine, kind, near)
                whole = float(together[:, machine].sum())
                self.rows.append(near * together[:, machine] / whole)
                for key, table in work.items():
                    for stream in self.streams:
                        self.found.add(self._path(stream, key), near * float(table[stream, machine]) / whole)

    def _work(self) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Return by key and (stream, machine) the seconds of cores, and of disks, that the hour's requests take."""
        fixed, shape = fixed_of(self.plant), (len(self.plant.streams), len(self.plant.machines))
        application, database, disk = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for stream in self.streams:
            own = [int(n) for n in self.condition.applications[stream] if n != NONE]
            store = int(self.condition.databases[stream])
            for machine in own:
                application[stream, machine] += self.served[stream] * fixed.application_s[stream] / len(own)
            behind = [store] if store != NONE else own
            for machine in behind:
                database[stream, machine] += self.served[stream] * fixed.database_s[stream] / len(behind)
            for machine in behind[:1]:
                operations_s = fixed.operations[stream] * fixed.operation_s[machine]
                disk[stream, machine] += self.served[stream] * operations_s
        return {"application_cpu": application, "database_cpu": database}, {"disk_operations": disk}

    def _machine(self, number: int, kind: int, near: float) -> None:
        """State the share of what a machine is: its cores or disks, wherever they are stated."""
        machine = self.plant.machines[number]
        for id_, station in self.plant.demand.stations.items():
            if machine.id in station.machines:
                for key in ("cores",) if kind == 0 else ("disks", "disk_operation"):
                    self.found.add(f"demand.stations.{id_}.{key}", near)
                if kind == 0 and machine.design and not station.cores:
                    size = self.plant.estate.records.virtual_machines[machine.id].size
                    self.found.add(f"machine_sizes.{size}.cpus", near)

    def _circuits(self) -> None:
        """Each direction of a circuit in interactive use, by how full it is, and by whose bits these are."""
        bits = np.zeros((len(self.plant.streams), len(self.plant.rates_bps)))
        fixed, now = fixed_of(self.plant), self.condition
        for stream in self.streams:
            for direction, size in enumerate((fixed.up_bits[stream], fixed.down_bits[stream])):
                for way in range(now.first[stream, direction], now.after[stream, direction]):
                    for line in now.lines[way]:
                        if line != NONE:
                            bits[stream, line] += self.served[stream] * size * now.even[way] / now.factors[way]
        full = bits.sum(axis=0) / np.maximum(self.plant.rates_bps, 1.0)
        top = float(full.max(initial=0.0))
        for line in np.flatnonzero(full > NEAR * top).tolist() if top > 0 else ():
            near, whole = float(full[line]) / top, float(bits[:, line].sum())
            circuit = self.plant.circuits[line // 2]
            self.found.add(rates(self.plant.estate, [circuit])[circuit], near)
            self.rows.append(near * bits[:, line] / whole)
            outward = line == self.plant.outward[circuit]
            for stream in self.streams:
                key = "down" if outward else "up"
                self.found.add(self._path(stream, key), near * float(bits[stream, line]) / whole)

    def _requests(self, day: dt.date) -> None:
        """What the number of requests follows: staff, rates, hours, seasons, the day's own factors."""
        for city in dict.fromkeys(one.city for one in self.plant.streams):
            whole = float(self.served[self.mean.streams(city, users=False)].sum()) or 1.0
            self.rows.append(np.array([
                self.served[n] / whole if one.city == city else 0.0 for n, one in enumerate(self.plant.streams)
            ]))  # fmt: skip
        demand, calendar = self.plant.demand, self.plant.arrivals.calendar
        streams = list(enumerate(self.plant.streams))
        for number, one in streams:
            key = "weight" if one.asked.per_staff_day is None else "per_staff_day"
            self._grow(self._path(number, key), [number])
        for city in calendar.load.cities:
            by_staff = [n for n, one in streams if one.city == city and one.kind != "certificates"]
            self._grow(f"load.cities.{city}.staff", by_staff)
        by_users = [n for n, one in streams if one.kind != "certificates" and one.asked.per_staff_day is None]
        self._grow("load.users", by_users)
        self._grow("load.transactions_per_user_day", by_users)
        self._grow("load.certificates_per_resident_year", [n for n, one in streams if one.kind == "certificates"])
        self._grow("demand.messages_per_transaction", [n for n, one in streams if one.kind == "messages"])
        self._grow("load.busiest_hour", [n for n, _ in streams])
        opens_after = calendar.is_open(day) and not calendar.is_open(day - dt.timedelta(days=1))
        at_counters = [n for n, one in streams if demand.applications[one.application].counter]
        factors = self.plant.arrivals.factors(day)
        peak = [n for n in at_counters if factors[self.plant.streams[n].application] == calendar.load.peak_day_factor]
        self._grow("load.peak_day_factor", peak)
        if opens_after:
            self._grow("load.monday_factor", [n for n in at_counters if n not in peak])
        for id_, season in demand.seasons.items():
            if calendar.holds(season, day):
                inside = [
                    n for n, one in streams if id_ in demand.applications[one.application].seasons and n not in peak
                ]
                self._grow(f"demand.seasons.{id_}.factor", inside)
        if not calendar.is_open(day):
            self._grow("demand.closed_day", [n for n, _ in streams])

    def _grow(self, path: str, streams: Sequence[int]) -> None:
        """State the share of a value that some streams are in proportion to."""
        if streams:
            self.found.add(path, max(float(row[list(streams)].sum()) for row in self.rows))
