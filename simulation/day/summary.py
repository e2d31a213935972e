"""What a day's totals say: requests and responses by city and hour, use of stations, hosts and circuits.

Works on the totals of one day or on sums over several; leaves intervals to whoever has several days.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from simulation import digits
from simulation.day.plant import Floats, Plant
from simulation.day.tables import PARTS, Totals

DIGITS = 9


def tidy(value: float) -> float:
    """Return a value to nine significant digits, in which no two machines differ."""
    return digits.tidy(value, DIGITS)


def tidied(values: Floats) -> list[float]:
    """Return values as `tidy` does."""
    return [tidy(value) for value in values.tolist()]


def mean_totals(totals: Sequence[Totals]) -> Totals:
    """Return the mean of the totals of several days."""
    return Totals._make(sum(tables[1:], tables[0]) / len(tables) for tables in zip(*totals, strict=True))


def ratio(over: Floats, under: Floats) -> Floats:
    """Return one table over another, 0 where there is nothing under it."""
    return np.divide(over, under, out=np.zeros_like(over), where=under > 0)


class Summary:
    """The totals of a day, ready to be asked; hours are 0 to 23."""

    def __init__(self, plant: Plant, totals: Totals) -> None:
        """Keep both."""
        self.plant = plant
        self.totals = totals

    def streams(self, city: str | None = None, application: str | None = None, *, users: bool = True) -> list[int]:
        """Return the numbers of the streams of a city and an application; `users` leaves messages out."""
        streams = self.plant.streams
        return [
            number
            for number in (range(len(streams)) if city is None else self.plant.of_city.get(city, ()))
            if application in (None, streams[number].application) and (streams[number].thinks or not users)
        ]

    def counters(self, city: str) -> list[int]:
        """Return the numbers of a city's streams at counter applications; all of its users where it has none."""
        applications = self.plant.demand.applications
        own = self.streams(city)
        return [number for number in own if applications[self.plant.streams[number].application].counter] or own

    @functools.cached_property
    def open_hours(self) -> slice:
        """The hours in which the counters are open, also in part."""
        load = self.plant.arrivals.calendar.load
        return slice(int(load.opens_s // 3600), int(-(-load.closes_s // 3600)))

    def busiest_hour(self, streams: list[int]) -> int:
        """Return the hour in which most is asked, the first of equals."""
        return int(self.totals.asked[streams].sum(axis=0).argmax())

    def response_s(self, streams: list[int], hour: int) -> float:
        """Return the mean response in an hour (s), 0 where nothing was served."""
        served = self.totals.served[streams, hour].sum()
        return float(self.totals.response[:, streams, hour].sum() / served) if served > 0 else 0.0

    def unserved(self, streams: list[int]) -> float:
        """Return the number of requests that nobody served: no way to a server, or refused by it."""
        return float(self.totals.lost[streams].sum() + self.totals.refused[streams].sum())

    def held(self, streams: list[int]) -> float:
        """Return the number of requests that users did not come to make, since they waited for earlier answers."""
        totals = self.totals
        return max(0.0, float((totals.asked - totals.served - totals.lost - totals.refused)[streams].sum()))

    @functools.cached_property
    def cores(self) -> Floats:
        """The share of each machine's cores in use, by hour."""
        return self.totals.busy / 3600.0

    @functools.cached_property
    def disks(self) -> Floats:
        """The share of each machine's disks in use, by hour."""
        return self.totals.disk / 3600.0

    @functools.cached_property
    def places(self) -> Floats:
        """The share of each machine's threads or connections in use, by hour."""
        return self.totals.places / 3600.0

    @functools.cached_property
    def circuits(self) -> Floats:
        """The share of each direction of a circuit in use, by hour, bulk transfers included."""
        return ratio(self.totals.bits, self.totals.room)

    @functools.cached_property
    def interactive(self) -> Floats:
        """The share of each direction in interactive use, by hour."""
        return ratio(self.totals.bits - self.totals.bulk, self.totals.room)

    def hosts(self) -> dict[str, Floats]:
        """Return the share of each host's cores that its machines use together, by hour."""
        used = self.cores * np.array([machine.cores for machine in self.plant.machines])[:, None]
        return {
            id_: used[list(numbers)].sum(axis=0) / cpus for id_, (cpus, numbers) in self.plant.hosts.items() if numbers
        }

    def details(self) -> dict[str, Any]:
        """Return all of it as plain data: cities, applications, stations, hosts, circuits."""
        return {
            "cities": {city: self._city(city) for city in dict.fromkeys(one.city for one in self.plant.streams)},
            "applications": [self._application(*key) for key in dict.fromkeys(
                (one.city, one.application) for one in self.plant.streams)],
            "stations": [self._station(number) for number in range(len(self.plant.machines))],
            "hosts": [self._host(id_, use) for id_, use in self.hosts().items()],
            "circuits": [self._circuit(number) for number in range(len(self.plant.rates_bps))],
        }  # fmt: skip

    def _city(self, city: str) -> dict[str, Any]:
        streams = self.streams(city)
        hours = [
            {
                "hour": hour,
                "asked": tidy(float(self.totals.asked[streams, hour].sum())),
                "served": tidy(float(self.totals.served[streams, hour].sum())),
                "unserved": tidy(float((self.totals.lost + self.totals.refused)[streams, hour].sum())),
                "response_s": tidy(self.response_s(streams, hour)),
            }
            for hour in range(24)
        ]
        return {"busiest_hour": self.busiest_hour(streams), "hours": hours}

    def _application(self, city: str, application: str) -> dict[str, Any]:
        streams = self.streams(city, application, users=False)
        hour = self.busiest_hour(streams)
        served = float(self.totals.served[streams, hour].sum())
        parts = self.totals.response[:, streams, hour].sum(axis=1) / served if served > 0 else np.zeros(len(PARTS))
        return {
            "city": city,
            "application": application,
            "name": self.plant.demand.applications[application].name,
            "name_ja": self.plant.demand.applications[application].name_ja,
            "asked": tidy(float(self.totals.asked[streams].sum())),
            "unserved": tidy(self.unserved(streams)),
            "busiest_hour": hour,
            "response_s": tidy(float(parts.sum())),
            "parts_s": dict(zip(PARTS, tidied(parts), strict=True)),
        }

    def _station(self, number: int) -> dict[str, Any]:
        machine = self.plant.machines[number]
        return {
            "id": machine.id,
            "name": machine.name,
            "name_ja": machine.name_ja,
            "design": machine.design,
            "cores": machine.cores,
            "utilisation": tidy(float(self.cores[number].max())),
            "disk_utilisation": tidy(float(self.disks[number].max())),
            "places_utilisation": tidy(float(self.places[number].max())),
            "busiest_hour": int(self.cores[number].argmax()),
            "hours": tidied(self.cores[number]),
        }

    def _host(self, id_: str, use: Floats) -> dict[str, Any]:
        peak = tidy(float(use.max()))
        return {"id": id_, "utilisation": peak, "busiest_hour": int(use.argmax()), "hours": tidied(use)}

    def _circuit(self, number: int) -> dict[str, Any]:
        use = self.circuits[number]
        circuit = self.plant.circuits[number // 2]
        record = self.plant.estate.records.circuits[circuit]
        return {
            "id": circuit,
            "name": record.name,
            "name_ja": record.name_ja,
            "from": record.ends.a if number % 2 == 0 else record.ends.z,
            "rate_bps": tidy(float(self.totals.room[number].mean() / 3600.0)),
            "utilisation": tidy(float(use.max())),
            "interactive_utilisation": tidy(float(self.interactive[number].max())),
            "bulk_bytes": tidy(float(self.totals.bulk[number].sum() / 8)),
            "busiest_hour": int(use.argmax()),
            "hours": tidied(use),
        }
