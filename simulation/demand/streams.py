"""The streams of requests: each city, application and kind with what comes on a mean business day.

Scaled from `topology.load`. A city that has no instance of an application's service asks nothing of it; such pairs are
named, never dropped in silence. Leaves when requests come to `arrivals`.
"""

from __future__ import annotations

import dataclasses

from inventory.models.demand import Asked, Demand
from inventory.models.estate import Estate
from simulation.demand.calendar import Calendar
from topology.load import figures


@dataclasses.dataclass(frozen=True)
class Stream:
    """Requests of one kind that a city makes to an application; `daily` is their number on a mean business day."""

    city: str
    application: str
    kind: str
    daily: float
    asked: Asked

    @property
    def name(self) -> str:
        """A name, unique in the estate."""
        return f"{self.city} {self.application} {self.kind}"

    @property
    def thinks(self) -> bool:
        """Whether a user waits for the answer before the next request; messages between servers do not wait."""
        return self.kind != "messages"


@dataclasses.dataclass(frozen=True)
class Asking:
    """All streams, the calls to the helpdesk by city and application on a mean business day, and what is not asked."""

    streams: tuple[Stream, ...]
    calls: dict[tuple[str, str], float]
    left_out: tuple[str, ...]


def asking(estate: Estate) -> Asking:
    """Return all that the cities of an estate ask; raises EstateLacks where it states no demand."""
    demand = Calendar(estate).demand
    records = estate.records
    value = {(one.city, one.key): float(one.value) for one in figures(estate)}
    assert records.load is not None
    streams, calls, left_out = [], {}, []
    weights = {kind: _weights(demand, kind) for kind in ("transactions", "certificates", "messages")}
    all_calls = sum(one.calls for one in demand.applications.values()) or 1.0
    for city, own in records.load.cities.items():
        totals = {
            "transactions": value[city, "transactions"],
            "certificates": value[city, "certificates"],
            "messages": value[city, "transactions"] * demand.messages_per_transaction,
        }
        for id_, application in demand.applications.items():
            if not _serves(estate, application.service, city):
                left_out.append(f"{city}: {id_} (no instance of {application.service})")
                continue
            for kind, asked in application.asks.items():
                if asked.per_staff_day is not None:
                    daily = own.staff * asked.per_staff_day
                else:
                    daily = totals[kind] * (asked.weight or 0.0) / weights[kind]
                streams.append(Stream(city, id_, kind, daily, asked))
            in_all = value[city, "users"] * demand.helpdesk.calls_per_user_day
            calls[city, id_] = in_all * application.calls / all_calls
    return Asking(tuple(streams), calls, tuple(left_out))


def _weights(demand: Demand, kind: str) -> float:
    """Return the sum of the weights of a kind; 1 where nothing has one."""
    asked = (one.asks.get(kind) for one in demand.applications.values())  # type: ignore[call-overload]
    return sum(one.weight or 0.0 for one in asked if one) or 1.0


def _serves(estate: Estate, service: str, city: str) -> bool:
    """Tell whether a service has an instance for a city."""
    records = estate.records
    if service in records.services:
        return city in records.services[service].instances
    return any(one.city in (None, city) for one in records.designed_services[service].instances.values())
