"""Places of a machine: threads of an application server, connections of a database, held while what follows works.

A request holds its connection as long as cores and disks of the database take, and its thread as long as that and the
application server's own cores. Where the mean number taken comes near the limit, requests wait for a place as in M/M/c
with a waiting room (the estate's backlog), and with the factor of Lee and Longton for other laws of service.
"""

from __future__ import annotations

import numpy as np

from simulation.compiled import bare, compiled
from simulation.day.plant import NONE, Floats
from simulation.day.station import station
from simulation.day.tables import CORES, DISKS, STRETCH, Fixed, Now

NEAR = 6.0
"""How many standard deviations below the limit the number taken may be before anybody waits."""


@compiled
def hold_places(fixed: Fixed, now: Now, figures: Floats, passed: Floats, places: Floats, waits_s: Floats) -> None:
    """Write how many places of each machine are taken, and the wait for one where they run short (s)."""
    visits, taken = np.zeros(len(places)), np.zeros(len(places))
    places[:], waits_s[:] = 0.0, 0.0
    for stream in range(len(now.rates)):
        database, rate = now.databases[stream], now.rates[stream] * now.serves[stream] * passed[stream]
        if rate > 0.0 and database != NONE:
            visits[database] += rate
            places[database] += rate * behind_s(fixed, figures, stream, database)
    wait_for_place(fixed, visits, places, waits_s)
    inner_s = waits_s.copy()
    visits[:] = 0.0
    for stream in range(len(now.rates)):
        rate = now.rates[stream] * now.serves[stream] * passed[stream]
        if rate <= 0.0:
            continue
        database = now.databases[stream]
        count = 0
        for machine in now.applications[stream]:
            count += machine != NONE
        first = database if database != NONE else now.applications[stream, 0]
        after_s = behind_s(fixed, figures, stream, first) + (inner_s[database] if database != NONE else 0.0)
        for place in range(count):
            machine = now.applications[stream, place]
            visits[machine] += rate / count
            own_s = fixed.application_s[stream] * figures[CORES, machine, STRETCH]
            taken[machine] += rate / count * (after_s + own_s)
    wait_for_place(fixed, visits, taken, waits_s)
    places[:] = np.minimum(places + taken, fixed.at_once)


@bare
def behind_s(fixed: Fixed, figures: Floats, stream: int, machine: int) -> float:
    """Return the time of a request at its database's cores and disks (s), which `machine` holds."""
    cores_s = fixed.database_s[stream] * figures[CORES, machine, STRETCH]
    disks_s = fixed.operations[stream] * fixed.operation_s[machine] * figures[DISKS, machine, STRETCH]
    return float(cores_s + disks_s)


@bare
def wait_for_place(fixed: Fixed, visits: Floats, taken: Floats, waits_s: Floats) -> None:
    """Add the wait at each machine that comes near its limit, and lower what is taken there to what can be."""
    for machine in range(len(taken)):
        limit = fixed.at_once[machine]
        if visits[machine] > 0.0 and taken[machine] + NEAR * np.sqrt(taken[machine]) > limit:
            held_s = taken[machine] / visits[machine]
            served, inside, waiting, _, _ = station(
                visits[machine], 0.0, 1.0, held_s, float(limit), 0.0, limit, limit + fixed.backlog[machine]
            )
            taken[machine] = inside
            waits_s[machine] += waiting / max(served, 1e-12) * (1.0 + fixed.scv) / 2.0
