"""The first station that is short, once more by exact mean value analysis of its closed network of terminals.

It applies where all streams of a machine share the same servers and database, so that these stations meet no others:
terminals that think, application servers in equal parts, the database's cores, its disks.
"""

from __future__ import annotations

from typing import Any

from simulation.capacity.load_point import HOUR_S, BusiestHour
from simulation.day.plant import NONE
from simulation.day.summary import tidy
from simulation.queues.terminals import Station, product_form

MOST_TERMINALS = 3000


def closed_group(hour: BusiestHour, machine: int) -> list[int] | None:
    """Return the streams of a machine where they and no others use its servers and database; None otherwise."""
    condition = hour.conditions.of()

    def machines(stream: int) -> frozenset[int]:
        found = {int(one) for one in condition.applications[stream]} | {int(condition.databases[stream])}
        return frozenset(found - {NONE})

    streams = [n for n in range(len(hour.plant.streams)) if hour.requests[n] > 0 and condition.serves[n]]
    group = [n for n in streams if machine in machines(n)]
    places = {machines(n) for n in group}
    if len(places) != 1 or not all(hour.plant.streams[n].thinks for n in group):
        return None
    (own,) = places
    exclusive = all(n in group or not own & machines(n) for n in streams)
    return group if exclusive and condition.databases[group[0]] != NONE else None


def compared(hour: BusiestHour, machine: int, growth: float) -> dict[str, Any] | None:
    """Return the mean response of a machine's users at a growth by the stations of a day and by mean value analysis.

    None where the network of the machine is not closed, or has more terminals than are reckoned.
    """
    group = closed_group(hour, machine)
    if group is None:
        return None
    fixed, condition = hour.fixed, hour.conditions.of()
    rates = {n: float(hour.requests[n]) * growth / HOUR_S for n in group}
    total = sum(rates.values())
    disk = int(condition.databases[group[0]])
    servers = [int(one) for one in condition.applications[group[0]] if one != NONE]
    application_s = sum(rates[n] * float(fixed.application_s[n]) for n in group) / total
    database_s = sum(rates[n] * float(fixed.database_s[n]) for n in group) / total
    disk_s = sum(rates[n] * float(fixed.operations[n]) for n in group) / total * float(fixed.operation_s[disk])
    terminals = round(total * (fixed.think_s + application_s + database_s + disk_s))
    if not 1 <= terminals <= MOST_TERMINALS:
        return None
    named = hour.plant.machines
    stations = [Station(named[one].id, application_s / len(servers), int(fixed.cores[one])) for one in servers]
    stations.append(Station(named[disk].id, database_s, int(fixed.cores[disk])))
    if disk_s > 0:
        stations.append(Station("disks", disk_s, int(fixed.disks[disk])))
    exact = product_form(terminals, fixed.think_s, [one for one in stations if one.demand_s > 0])
    at_servers = hour.server_response_s(growth, group)
    return {
        "station": named[machine].id,
        "growth": tidy(growth),
        "terminals": terminals,
        "response_s": tidy(at_servers),
        "exact_response_s": tidy(exact.response_s),
    }
